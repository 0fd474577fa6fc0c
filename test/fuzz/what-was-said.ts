import type { WireName } from "../../gateway/providers/provider.ts";
import type { JsonObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import type { ReplyDelta, ReplyUsage } from "../../gateway/wires/wire.ts";
import { type Answer, callsIn, type Ending, joinedIn } from "./any-answer.ts";

/** What a reader of a reply knows, in no dialect's words. */
export interface WhatWasSaid {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly ending: Ending | "unknown";
  readonly usage: Required<Omit<ReplyUsage, "longCacheWriteTokens">>;
}

/** A stream as a wire reads it. */
export interface StreamRead {
  readonly said: WhatWasSaid;
  /** Text and refusal in the order in which they came. */
  readonly visible: string;
  /** How it came to its end. */
  readonly end: "end" | "error" | "nothing";
}

export function bytesOf(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  return ReadableStream.from(chunks);
}

/** Reads a stream to its first end or error, as the gateway does. */
export async function readStream(wire: WireName, chunks: readonly Uint8Array[]): Promise<StreamRead> {
  const deltas: ReplyDelta[] = [];
  let end: StreamRead["end"] = "nothing";
  for await (const frame of readFrames(bytesOf(chunks))) {
    if (end !== "nothing") continue;
    const event = wires[wire].readFrame(frame);
    deltas.push(...event.deltas);
    if (event.kind === "end" || event.kind === "error") end = event.kind;
  }
  return { said: toSaid(deltas), visible: joined(deltas, "text-delta", "refusal-delta"), end };
}

/** A whole reply as a wire reads it. */
export function readWhole(wire: WireName, text: string): WhatWasSaid {
  return toSaid(wires[wire].readReply(JSON.parse(text) as JsonObject));
}

function joined(deltas: readonly ReplyDelta[], ...types: readonly ReplyDelta["type"][]): string {
  return deltas
    .map((delta) =>
      types.includes(delta.type) && "text" in delta && !delta.whole && delta.choice === 0 ? delta.text : "",
    )
    .join("");
}

/** Put together without the collector, which is tested by it. What is said again as a whole says nothing new. */
function toSaid(deltas: readonly ReplyDelta[]): WhatWasSaid {
  const calls = new Map<number, { name: string; arguments: string }>();
  for (const delta of deltas) {
    if (delta.type !== "tool-call-delta" || delta.whole || delta.choice > 0) continue;
    const call = calls.get(delta.index) ?? { name: "", arguments: "" };
    calls.set(delta.index, { name: call.name + (delta.name ?? ""), arguments: call.arguments + delta.arguments });
  }
  const reason = deltas.findLast((delta) => delta.type === "finish")?.reason ?? "";
  return {
    text: joined(deltas, "text-delta"),
    thinking: joined(deltas, "reasoning-delta"),
    refusal: joined(deltas, "refusal-delta"),
    calls: [...calls.values()].map(({ name, arguments: given }) => ({ name, arguments: given || "{}" })),
    ending: endings.get(reason) ?? "unknown",
    usage: Object.assign(
      {},
      noUsage,
      ...deltas.map((delta) => (delta.type === "usage" ? delta.usage : {})),
    ) as typeof noUsage,
  };
}

const noUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

const endings = new Map<string, Ending>([
  ["stop", "done"],
  ["tool_calls", "done"],
  ["end_turn", "done"],
  ["tool_use", "done"],
  ["completed", "done"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["max_output_tokens", "length"],
  ["content_filter", "refused"],
  ["refusal", "refused"],
]);

/** What a reader should know of an answer where nothing of it has to be left out. */
export function saidIn(answer: Answer): WhatWasSaid {
  const { fresh, read, written, output, thinking } = answer.counts;
  return {
    text: joinedIn(answer, "words"),
    thinking: joinedIn(answer, "thought"),
    refusal: joinedIn(answer, "refused"),
    calls: callsIn(answer).map(({ name, pieces }) => ({ name, arguments: pieces.join("") })),
    ending: answer.ending,
    usage: {
      inputTokens: fresh + read + written,
      outputTokens: output,
      cacheReadTokens: read,
      cacheWriteTokens: written,
      reasoningTokens: thinking,
    },
  };
}
