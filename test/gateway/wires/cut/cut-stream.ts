import { parseObject } from "../../../../gateway/wires/json.ts";
import { createCollector } from "../../../../gateway/wires/collect.ts";
import { readFrames } from "../../../../gateway/wires/server-sent-frames.ts";
import type { Refusal, ReplyEvent, ReplyParts, Wire } from "../../../../gateway/wires/wire.ts";

export const refusal: Refusal = {
  model: "student",
  message: 'This answer was withheld because it did not pass "pii". It has an e-mail address.',
  usage: { inputTokens: 30, outputTokens: 12 },
  wantsUsage: true,
  proctor: { verdict: "block", trace_id: "0af7651916cd43dd8448eb211c80319c" },
};

/** What is sent after `frames` where the stream is cut there. */
export function endingAfter(wire: Wire, frames: readonly string[], said: Refusal = refusal): readonly string[] {
  const cut = wire.followStream();
  for (const frame of frames) {
    const body = parseObject(dataOf(frame));
    if (body) cut.sent(body);
  }
  return cut.refuse(said);
}

/** Every place where a stream can be cut before its last frame: what was sent until then, and how it ends. */
export function everyCut(
  wire: Wire,
  frames: readonly string[],
): readonly { readonly sent: readonly string[]; readonly ending: readonly string[] }[] {
  return frames.map((_, count) => {
    const sent = frames.slice(0, count);
    return { sent, ending: endingAfter(wire, sent) };
  });
}

export function dataOf(frame: string): string {
  return /^data: ([^\n]*)$/m.exec(frame)?.[1] ?? "";
}

/** What our own reader makes of frames. */
export async function read(
  wire: Wire,
  frames: readonly string[],
): Promise<{ readonly events: readonly ReplyEvent[]; readonly parts: ReplyParts }> {
  const collector = createCollector();
  const events: ReplyEvent[] = [];
  for await (const frame of readFrames(bytesOf(frames))) {
    const event = wire.readFrame(frame);
    events.push(event);
    collector.add(event.deltas);
  }
  return { events, parts: collector.parts() };
}

async function* bytesOf(frames: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(frames.join(""));
}
