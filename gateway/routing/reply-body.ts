import { GatewayError } from "../errors.ts";
import type { ProviderReply } from "../providers/provider.ts";
import type { Deadlines } from "./deadlines.ts";
import { brokenStream } from "./upstream-failure.ts";
import type { Waiting } from "./waiting.ts";

/** What stands around a reply's body. */
export interface BodyCare {
  readonly provider: string;
  readonly deadlines: Deadlines;
  readonly waiting: Waiting;
  /** Told once when the body is over: read to its end, given up by whoever read it, or broken, and then with the error. */
  onEnd(error?: GatewayError): void;
}

/** A reply whose first chunk is there. */
export interface PrimedReply {
  readonly reply: ProviderReply;
  /** Gives the body up and its connection back. */
  abandon(): Promise<void>;
}

/**
 * Waits for the first chunk of a success, so that a provider that fails to start is still an HTTP error; the rest keeps its deadlines. The
 * body is over at the latest when they abort, also when nobody reads it. Throws when a success has no first chunk.
 */
export async function primeReply(reply: ProviderReply, care: BodyCare): Promise<PrimedReply> {
  const { provider, deadlines, waiting } = care;
  const source = reply.body[Symbol.asyncIterator]();
  const isSuccess = reply.status >= 200 && reply.status <= 299;
  // The head of a failure says enough: some vendors take their time for the rest.
  let first = isSuccess ? await source.next() : undefined;
  deadlines.arrived();
  if (first?.done) throw nothingSaid(provider, reply.status);
  const { signal } = deadlines;
  let isOver = false;
  const end = (error?: GatewayError): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener("abort", onAbort);
    deadlines.clear();
    care.onEnd(error);
  };
  const onAbort = (): void => end(brokenStream(signal.reason, provider));
  signal.addEventListener("abort", onAbort, { once: true });

  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      if (first) {
        const chunk = first;
        first = undefined;
        return chunk;
      }
      const started = performance.now();
      deadlines.awaiting();
      try {
        const chunk = await source.next();
        if (chunk.done) end();
        return chunk;
      } catch (thrown) {
        const error = brokenStream(signal.aborted ? signal.reason : thrown, provider);
        end(error);
        throw error;
      } finally {
        deadlines.arrived();
        waiting.upstreamMs += performance.now() - started;
      }
    },
    async return() {
      const isEarly = !isOver;
      end();
      // Also where a chunk is being waited for: nothing would end that wait any more.
      if (isEarly) deadlines.abandon();
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return {
    reply: { ...reply, body: { [Symbol.asyncIterator]: () => iterator } },
    abandon: () => iterator.return?.().then(() => {}) ?? Promise.resolve(),
  };
}

/** A success without a body is an answer that broke off before it began. */
function nothingSaid(provider: string, status: number): GatewayError {
  return new GatewayError("stream_broken", `Provider "${provider}" answered ${status} with an empty body.`);
}
