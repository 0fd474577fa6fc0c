import fc from "fast-check";
import type { ReplyDelta, TextDelta } from "../../../../gateway/wires/wire.ts";
import { growingTexts } from "../../../support/growing-text.ts";

/** Something that a reply says, however it is cut into frames. */
export type Saying = Omit<TextDelta, "whole"> | Exclude<ReplyDelta, TextDelta>;

/** The smallest things that a frame can hold: one code unit of a text, or anything that is no text. */
type Unit = Saying;

export interface Frame {
  readonly bytes: Uint8Array;
  readonly deltas: readonly ReplyDelta[];
  /** How many units it holds. */
  readonly units: number;
}

/** Stands in no text that is generated. */
export const marker = "SECRET-0815";

const passageTypes = ["text-delta", "refusal-delta", "reasoning-delta", "other-delta"] as const;

const texts = fc.record({
  type: fc.constantFrom(...passageTypes),
  choice: fc.nat(1),
  part: fc.constantFrom("0", "1"),
  text: growingTexts,
});
const finish = fc.record({ type: fc.constant("finish" as const), choice: fc.nat(1), reason: fc.constant("stop") });
const call = fc.record({
  type: fc.constant("tool-call-delta" as const),
  choice: fc.nat(1),
  index: fc.nat(1),
  name: fc.constant("track"),
  arguments: fc.constant("{}"),
});
const usage = fc.constant({ type: "usage" as const, usage: { outputTokens: 1 } });

/** Replies whose passages come in turn and interleaved, sometimes with calls. */
export const anySayings: fc.Arbitrary<Saying[]> = fc.array(
  fc.oneof(
    { arbitrary: texts, weight: 8 },
    { arbitrary: finish, weight: 1 },
    { arbitrary: usage, weight: 1 },
    { arbitrary: call, weight: 1 },
  ),
  { maxLength: 8 },
);

/** A reply with the marker somewhere in one of its passages; undefined where there is none. */
export function withMarker(sayings: readonly Saying[], which: number, place: number): Saying[] | undefined {
  const spoken = sayings.filter((saying) => "text" in saying);
  const chosen = spoken[which % Math.max(1, spoken.length)];
  if (!chosen) return undefined;
  const at = place % (chosen.text.length + 1);
  const text = chosen.text.slice(0, at) + marker + chosen.text.slice(at);
  return sayings.map((saying) => (saying === chosen ? { ...chosen, text } : saying));
}

/** A reply in frames of so many units each, one at a time where the sizes end. */
export function framesOf(sayings: readonly Saying[], sizes: readonly number[]): Frame[] {
  const units = sayings.flatMap<Unit>((one) =>
    "text" in one ? one.text.split("").map((text) => ({ ...one, text })) : [one],
  );
  const frames: Frame[] = [];
  for (let at = 0, next = 0; at < units.length; next += 1) {
    const held = units.slice(at, at + 1 + (sizes[next] ?? 0));
    frames.push({ bytes: Buffer.from(JSON.stringify(held)), deltas: joined(held), units: held.length });
    at += held.length;
  }
  return frames;
}

/** Neighbours of the same passage as one delta. */
function joined(units: readonly Unit[]): ReplyDelta[] {
  const deltas: ReplyDelta[] = [];
  for (const unit of units) {
    const last = deltas.at(-1);
    if (last && "text" in last && "text" in unit && isSamePassage(last, unit)) {
      deltas[deltas.length - 1] = { ...last, text: last.text + unit.text };
    } else deltas.push(unit);
  }
  return deltas;
}

function isSamePassage(a: Omit<TextDelta, "text">, b: Omit<TextDelta, "text">): boolean {
  return a.type === b.type && a.choice === b.choice && a.part === b.part;
}

/** What each passage says in some frames. */
export function passagesIn(frames: readonly Pick<Frame, "deltas">[]): string[] {
  const said = new Map<string, string>();
  for (const delta of frames.flatMap(({ deltas }) => deltas)) {
    if (!("text" in delta)) continue;
    const key = `${delta.choice} ${delta.type} ${delta.part}`;
    said.set(key, (said.get(key) ?? "") + delta.text);
  }
  return [...said.values()];
}
