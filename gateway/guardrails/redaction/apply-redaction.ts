import { createCollector } from "../../wires/collect.ts";
import { parseObject } from "../../wires/json.ts";
import { textsOnce } from "../../wires/said-once.ts";
import { readFrames } from "../../wires/server-sent-frames.ts";
import type { ReplyParts, SaidCall, TextDelta, TextPlace, Wire } from "../../wires/wire.ts";
import type { Redaction } from "./redact-reply.ts";
import { redactedStretch } from "./redacted-stretch.ts";
import { type CallDelta, canonical, type Rewrite, rewriteBody, rewriteFrame } from "./rewrite.ts";

/**
 * The JSON text of a whole reply, redacted. Undefined when it cannot be done where the texts stand, or when the result,
 * read again, does not say what was meant.
 */
export function redactBody(wire: Wire, redaction: Redaction, text: string): string | undefined {
  const redacted = rewriteBody(wire, text, rewriterOf(redaction));
  const reread = redacted === undefined ? undefined : parseObject(redacted);
  if (!reread) return undefined;
  const collector = createCollector();
  collector.add(wire.readReply(reread));
  return saysWhatWasMeant(redaction, collector.parts()) ? redacted : undefined;
}

/**
 * The frames of a held stream, redacted, each in its place; those in which nothing changes keep their bytes. Every frame
 * that says something must be among them, the one that ends the stream included. Undefined as for `redactBody`.
 */
export async function redactFrames(
  wire: Wire,
  redaction: Redaction,
  frames: readonly Uint8Array[],
): Promise<readonly Uint8Array[] | undefined> {
  const rewrite = rewriterOf(redaction);
  const redacted: Uint8Array[] = [];
  for (const bytes of frames) {
    const next = await rewriteFrame(wire, bytes, rewrite);
    if (next === undefined) return undefined;
    redacted.push(next);
  }
  const collector = createCollector();
  for await (const frame of readFrames(chunksOf(redacted))) collector.add(wire.readFrame(frame).deltas);
  return saysWhatWasMeant(redaction, collector.parts()) ? redacted : undefined;
}

async function* chunksOf(frames: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* frames;
}

function rewriterOf(redaction: Redaction): Rewrite {
  const rewriteText = textRewriter(redaction);
  const rewriteCall = callRewriter(redaction);
  return (said, place) => (said.type === "tool-call-delta" ? rewriteCall(said, place) : rewriteText(said));
}

function callRewriter({ reply, calls }: Redaction) {
  const begun = new Set<SaidCall>();
  return (said: CallDelta, place: Pick<TextPlace, "text"> | undefined): string | undefined => {
    const here = reply.calls.filter(({ choice, index }) => choice === said.choice && index === said.index);
    const call = said.whole ? here.find((each) => isSaidBy(each, said.arguments)) : here[0];
    const redacted = call && calls.get(call);
    if (!call || !redacted) return undefined;
    // A piece of a redacted JSON text is no better than the text: the first piece says all of it.
    if (!said.whole && begun.has(call)) return "";
    begun.add(call);
    const hasDigits = said.arguments === call.arguments && place !== undefined && place.text !== said.arguments;
    return hasDigits ? redacted.exactly(place.text) : redacted.arguments;
  };
}

function isSaidBy(call: SaidCall, given: string): boolean {
  return call.arguments === given || canonical(call.arguments) === canonical(given);
}

function textRewriter(redaction: Redaction) {
  const { passages } = redaction.reply;
  const pieces = new Map(passages.filter(({ whole }) => !whole).map((passage) => [placeOf(passage), passage]));
  const bySentence = Map.groupBy(passages, sentenceOf);
  const read = new Map<string, number>();
  return (said: TextDelta): string | undefined => {
    if (said.whole) {
      // A passage in the same place says it, or one that says the same elsewhere.
      const same = bySentence.get(sentenceOf(said)) ?? [];
      const passage = same.find(({ part }) => part === said.part) ?? same.find((each) => isChanged(redaction, each));
      return passage && become(redaction, passage);
    }
    const place = placeOf(said);
    const from = read.get(place) ?? 0;
    const to = from + said.text.length;
    read.set(place, to);
    const passage = pieces.get(place);
    return passage && become(redaction, passage, { from, to, text: said.text });
  };
}

function placeOf({ type, choice, part }: TextDelta): string {
  return `${choice} ${type} ${part}`;
}

function sentenceOf({ type, choice, text }: TextDelta): string {
  return `${choice} ${type} ${text}`;
}

function isChanged({ passages, removed }: Redaction, passage: TextDelta): boolean {
  return passages.has(passage) || removed.has(passage);
}

function become(
  { passages, removed }: Redaction,
  passage: TextDelta,
  stretch = { from: 0, to: passage.text.length, text: passage.text },
): string | undefined {
  if (removed.has(passage)) return "";
  const replacements = passages.get(passage);
  return replacements && redactedStretch(stretch, replacements);
}

function saysWhatWasMeant(redaction: Redaction, reread: ReplyParts): boolean {
  const { reply, calls } = redaction;
  const meant = reply.passages
    .map((passage) => ({ ...passage, text: become(redaction, passage) ?? passage.text }))
    .filter(({ text }) => text !== "");
  const passages = textsOnce(
    meant.filter(({ whole }) => !whole),
    meant.filter(({ whole }) => whole),
  );
  const called = reply.calls.map((call) => ({ ...call, arguments: calls.get(call)?.arguments ?? call.arguments }));
  return isSame(reread, { passages, calls: called });
}

type Said = Pick<ReplyParts, "passages" | "calls">;

function isSame(one: Said, other: Said): boolean {
  const comparable = ({ passages, calls }: Said) =>
    JSON.stringify([
      passages.map(({ type, choice, part, text }) => `${choice} ${type} ${part} ${text}`).toSorted(),
      calls.map((call) => [call.choice, call.index, call.name, canonical(call.arguments)]),
    ]);
  return comparable(one) === comparable(other);
}
