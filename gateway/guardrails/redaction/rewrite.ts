import { parseExactly } from "../../wires/parse-exactly.ts";
import { parseObject } from "../../wires/json.ts";
import { readFrames, type ServerSentFrame } from "../../wires/server-sent-frames.ts";
import type { ReplyDelta, TextDelta, TextPlace, Wire } from "../../wires/wire.ts";
import { isTokens, isTokensOf } from "./tokens.ts";

/** A text that a reply says: a piece of a passage, or of what a tool is called with. */
export type SaidDelta = TextDelta | CallDelta;
export type CallDelta = Extract<ReplyDelta, { type: "tool-call-delta" }>;

/**
 * What a text becomes; undefined where it stays. Asked once for each text that is not empty, in the order in which the
 * reader says them. `place` is where it can be replaced, and has the numbers of arguments digit by digit.
 */
export type Rewrite = (said: SaidDelta, place?: Pick<TextPlace, "text">) => string | undefined;

/**
 * The bytes of a frame with other texts in it, and without the token probabilities of what was changed. A frame in which
 * nothing changes keeps its bytes. Undefined when a text that is to change cannot be replaced where it stands.
 */
export async function rewriteFrame(wire: Wire, bytes: Uint8Array, rewrite: Rewrite): Promise<Uint8Array | undefined> {
  const rewritten: Uint8Array[] = [];
  for await (const frame of readFrames(oneChunk(bytes))) {
    const next = rewriteOne(wire, frame, rewrite);
    if (next === undefined) return undefined;
    rewritten.push(next);
  }
  return rewritten.length === 1 ? rewritten[0] : Buffer.concat(rewritten);
}

/** The same for a whole reply, which must be a JSON object. */
export function rewriteBody(wire: Wire, text: string, rewrite: Rewrite): string | undefined {
  const [body, plain] = [parseExactly(text), parseObject(text)];
  if (!body || !plain) return undefined;
  const rewritten = rewriteTexts(wire.places(body), wire.readReply(plain), rewrite);
  if (!rewritten?.isChanged) return rewritten && text;
  return JSON.stringify(body);
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function rewriteOne(wire: Wire, frame: ServerSentFrame, rewrite: Rewrite): Uint8Array | undefined {
  const body = frame.data === undefined ? undefined : parseExactly(frame.data);
  if (!body) return frame.bytes;
  const rewritten = rewriteTexts(wire.places(body), wire.readFrame(frame).deltas, rewrite);
  if (!rewritten?.isChanged) return rewritten && frame.bytes;
  const data = JSON.stringify(body);
  const reread = wire.readFrame({ bytes: frame.bytes, event: frame.event, data }).deltas.filter(isSaid);
  return isSame(reread, rewritten.said) ? Buffer.from(wire.eventFrame(body)) : undefined;
}

interface Rewritten {
  readonly isChanged: boolean;
  /** What is to be read after it. */
  readonly said: readonly SaidDelta[];
}

/** Sets the places; undefined when a text that is to change has none. */
function rewriteTexts(
  places: readonly TextPlace[],
  deltas: readonly ReplyDelta[],
  rewrite: Rewrite,
): Rewritten | undefined {
  const said: SaidDelta[] = [];
  const changed: SaidDelta[] = [];
  let next = 0;
  for (const delta of deltas.filter(isSaid)) {
    const at = placeOf(delta, places, next);
    const place = places[at];
    if (place) next = at + 1;
    const text = rewrite(delta, place) ?? textOf(delta);
    // Of other tokens no probabilities are known.
    said.push(withText(delta, text !== textOf(delta) && isTokens(delta) ? "" : text));
    if (text === textOf(delta)) continue;
    if (!place) return undefined;
    place.set(text);
    changed.push(delta);
  }
  const isRepeated = (tokens: SaidDelta | TextPlace) =>
    isTokens(tokens) && changed.some((each) => isTokensOf(tokens, each));
  for (const place of places.filter(isRepeated)) place.set("");
  return { isChanged: changed.length > 0, said: said.filter((each) => isSaid(each) && !isRepeated(each)) };
}

/** The places stand in the order of the texts, and not every text has one. -1 where it has none. */
function placeOf(said: SaidDelta, places: readonly TextPlace[], from: number): number {
  if (said.type === "other-delta" && !isTokens(said)) return -1;
  for (let at = from; at < places.length; at += 1) {
    const place = places[at];
    if (place && isPlaceOf(place, said)) return at;
  }
  return -1;
}

function isPlaceOf(place: TextPlace, said: SaidDelta): boolean {
  if (place.type !== said.type || place.choice !== said.choice || place.whole !== said.whole) return false;
  // Arguments that are no text may have numbers which only the place has digit by digit.
  return said.type === "tool-call-delta"
    ? place.part === `${said.index}`
    : place.part === said.part && place.text === said.text;
}

function isSaid(delta: ReplyDelta): delta is SaidDelta {
  if (delta.type === "tool-call-delta") return delta.arguments !== "";
  return "part" in delta && delta.text !== "";
}

function textOf(said: SaidDelta): string {
  return said.type === "tool-call-delta" ? said.arguments : said.text;
}

function withText(said: SaidDelta, text: string): SaidDelta {
  return said.type === "tool-call-delta" ? { ...said, arguments: text } : { ...said, text };
}

function isSame(one: readonly SaidDelta[], other: readonly SaidDelta[]): boolean {
  return JSON.stringify(one.map(comparable)) === JSON.stringify(other.map(comparable));
}

function comparable(said: SaidDelta): readonly unknown[] {
  return said.type === "tool-call-delta"
    ? [said.choice, said.index, said.name, canonical(said.arguments)]
    : [said.type, said.choice, said.part, said.text];
}

/** JSON as a reader has it, whatever its white space and the digits of its numbers. */
export function canonical(json: string): string {
  const object = parseObject(json);
  return object ? JSON.stringify(object) : json;
}
