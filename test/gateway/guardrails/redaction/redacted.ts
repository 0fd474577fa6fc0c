import type { Claim, Sample } from "../../../../evaluators/index.ts";
import { redactBody, redactFrames } from "../../../../gateway/guardrails/redaction/apply-redaction.ts";
import { redactReply } from "../../../../gateway/guardrails/redaction/redact-reply.ts";
import { createCollector } from "../../../../gateway/wires/collect.ts";
import { isJsonObject } from "../../../../gateway/wires/json.ts";
import { readFrames } from "../../../../gateway/wires/server-sent-frames.ts";
import { type ReplyParts, sampleOf, type Wire } from "../../../../gateway/wires/wire.ts";

export const everything = ["text", "refusal", "reasoning", "tool_calls", "other"] as const;

/** As an evaluator of personal data marks them: every address at x.com, also in what a tool is called with and in its name. */
export function addressesIn({ output, reasoning, tool_calls = [] }: Sample): Claim[] {
  return [
    ...marked(output ?? "", { field: "output" }),
    ...marked(reasoning ?? "", { field: "reasoning" }),
    ...tool_calls.flatMap((call, index) => marked(`${call.arguments}\n${call.name}`, { field: "tool_calls", index })),
  ];
}

function marked(text: string, place: Pick<Claim, "field" | "index">): Claim[] {
  return [...text.matchAll(/[a-z]{1,9}@x\.com|[45]\d{15,30}/g)].map(({ 0: value, index: start }) => {
    const kind = value.includes("@") ? "email" : "card";
    return { ...place, text: value, start, end: start + value.length, verdict: "violation", kind };
  });
}

/** What a whole reply says. */
export function replyIn(wire: Wire, text: string): ReplyParts {
  const body: unknown = JSON.parse(text);
  const collector = createCollector();
  collector.add(wire.readReply(isJsonObject(body) ? body : {}));
  return collector.parts();
}

/** What a stream says. */
export async function replyOf(wire: Wire, frames: readonly Uint8Array[]): Promise<ReplyParts> {
  const collector = createCollector();
  for await (const frame of readFrames(chunksOf(frames))) collector.add(wire.readFrame(frame).deltas);
  return collector.parts();
}

async function* chunksOf(frames: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* frames;
}

/** A whole reply in which every address is replaced. */
export function redactedBody(wire: Wire, text: string, placeholders = new Map<string, string>()): string | undefined {
  const reply = replyIn(wire, text);
  const redaction = redactReply(reply, addressesIn(sampleOf(reply)), placeholders, everything);
  return redaction && redactBody(wire, redaction, text);
}

/** The same for a stream. */
export async function redactedFrames(
  wire: Wire,
  frames: readonly Uint8Array[],
  placeholders = new Map<string, string>(),
): Promise<readonly Uint8Array[] | undefined> {
  const reply = await replyOf(wire, frames);
  const redaction = redactReply(reply, addressesIn(sampleOf(reply)), placeholders, everything);
  return redaction && redactFrames(wire, redaction, frames);
}
