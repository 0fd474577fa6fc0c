import { setTimeout as wait } from "node:timers/promises";
import type { Pace } from "./answer.ts";

/** Milliseconds before the first part, and between two, of a slow answer. */
const slowStart = 1_000;
const slowStep = 100;

/** Milliseconds that the first half of a cut answer has to arrive: what is still buffered is lost with a connection. */
const beforeCut = 50;

/**
 * Hands over the parts as bytes: at once, slowly, or only the first half before the connection is cut. Throws the reason of
 * the signal as soon as that is aborted.
 */
export async function* deliver(parts: readonly string[], pace: Pace, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const delivered = pace === "drops" ? parts.slice(0, Math.max(1, Math.floor(parts.length / 2))) : parts;
  for (const [index, part] of delivered.entries()) {
    if (pace === "slow") await pause(index === 0 ? slowStart : slowStep, signal);
    signal.throwIfAborted();
    yield encoder.encode(part);
  }
  if (pace !== "drops") return;
  await pause(beforeCut, signal);
  throw new ConnectionCutError();
}

/** What a socket that was closed by the other side looks like. */
class ConnectionCutError extends Error {
  override readonly name = "ConnectionCutError";
  readonly code = "ECONNRESET";

  constructor() {
    super("The sandbox cut the connection in the middle of its answer, as it was asked to.");
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
