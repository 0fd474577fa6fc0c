import { redactBody, redactFrames } from "../guardrails/redaction/apply-redaction.ts";
import { type Redaction, redactMarked } from "../guardrails/redaction/redact-reply.ts";
import type { Examination } from "../guardrails/examine.ts";
import { createCollector } from "../wires/collect.ts";
import { parseObject } from "../wires/json.ts";
import { readFrames } from "../wires/server-sent-frames.ts";
import type { ReplyParts, Wire } from "../wires/wire.ts";
import { examineReply } from "./examine-exchange.ts";
import { type Exchange, progressOf, refuseIfClientLeft, type ServableRequest } from "./exchange.ts";
import type { Held } from "./read-held.ts";

/**
 * An answer with placeholders where its guardrails found something, once these guardrails find nothing more in it. Undefined
 * when that cannot be done, so that something else must become of the answer.
 */
export async function redactHeld(
  exchange: Exchange,
  request: ServableRequest,
  { held, examination }: { readonly held: Held; readonly examination: Examination },
): Promise<Held | undefined> {
  const redacting = examination.findings.filter(({ effect }) => effect === "redact");
  const marked = redacting.map(({ guardrail, evaluation }) => ({
    claims: evaluation.claims ?? [],
    covers: guardrail.covers,
  }));
  const redaction = redactMarked(held.reply, marked, new Map());
  const redacted = redaction && (await applied(exchange.wire, redaction, held));
  if (!redacted) return undefined;
  const second = await examineReply(exchange, request, redacted, {
    run: redacting.map(({ guardrail }) => guardrail),
    progress: progressOf(exchange, true),
  });
  refuseIfClientLeft(exchange);
  const isClean = second.findings.every(({ effect }) => effect === "allow" || effect === "flag");
  return isClean ? redacted : undefined;
}

async function applied(wire: Wire, redaction: Redaction, held: Held): Promise<Held | undefined> {
  const { content } = held;
  if ("text" in content) {
    const text = redactBody(wire, redaction, content.text);
    if (text === undefined) return undefined;
    const collector = createCollector();
    collector.add(wire.readReply(parseObject(text) ?? {}));
    return { ...held, reply: collector.parts(), content: { text, bytes: Buffer.from(text) }, begun: new Map() };
  }
  const frames = await redactFrames(wire, redaction, [...content.frames, content.end]);
  const end = frames?.at(-1);
  if (!frames || !end) return undefined;
  return {
    ...held,
    reply: await readAgain(wire, frames),
    content: { frames: frames.slice(0, -1), end },
    begun: new Map(),
  };
}

async function readAgain(wire: Wire, frames: readonly Uint8Array[]): Promise<ReplyParts> {
  const collector = createCollector();
  for await (const frame of readFrames(inChunks(frames))) collector.add(wire.readFrame(frame).deltas);
  return collector.parts();
}

async function* inChunks(frames: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* frames;
}
