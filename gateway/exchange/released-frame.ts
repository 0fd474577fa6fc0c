import { rewriteFrame } from "../guardrails/redaction/rewrite.ts";
import { isTokens } from "../guardrails/redaction/tokens.ts";
import type { ReleasedFrame } from "../guardrails/window/examine-windows.ts";
import { type JsonObject, parseObject } from "../wires/json.ts";
import { readFrames } from "../wires/server-sent-frames.ts";
import type { ReplyEvent, Wire } from "../wires/wire.ts";

/** The bytes of a frame that may leave: as they came, or with placeholders. Undefined where these cannot be put in. */
export async function bytesToSend(
  wire: Wire,
  { frame, stretches }: ReleasedFrame<ReplyEvent>,
): Promise<Uint8Array | undefined> {
  if (stretches.every(({ text, said }) => text === said)) return frame.bytes;
  let next = 0;
  return rewriteFrame(wire, frame.bytes, (said) => {
    if (said.type === "tool-call-delta" || said.text === "") return undefined;
    const stretch = stretches[next++];
    // Tokens say the text once more, and are left out with it.
    return stretch && !isTokens(said) ? stretch.said : undefined;
  });
}

/** What the data of a frame says; undefined where it is no object. */
export async function dataOf(bytes: Uint8Array): Promise<JsonObject | undefined> {
  for await (const { data } of readFrames(oneChunk(bytes))) if (data !== undefined) return parseObject(data);
  return undefined;
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
