import type { ReplyDelta, TextDelta } from "../../wires/wire.ts";

/** What of a passage one delta of a frame says, in UTF-16 code units. */
export interface Stretch {
  /** The passage: `keyOf` the delta, or a key of its own for a whole that says something else. */
  readonly key: string;
  /** Which of the frame's deltas. */
  readonly delta: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly text: string;
  /** The choice and the type of the delta. */
  readonly choice: number;
  readonly type: TextDelta["type"];
  /** A piece of a passage, a passage that was said as a whole, or a passage that is said again. */
  readonly role: "piece" | "whole" | "repeat";
}

/** The passages of a reply, and how far each is examined. */
export interface SaidPassages {
  /** The stretches that deltas add to their passages; a whole that repeats a passage is a stretch of that passage. */
  add(deltas: readonly ReplyDelta[]): readonly Stretch[];
  /** A passage is examined up to `end`. */
  clear(key: string, end: number): void;
  isCleared(stretch: Stretch): boolean;
}

interface Passage {
  readonly key: string;
  text: string;
  cleared: number;
}

/** Passages of the same choice and type, among which a whole may find itself. */
type Kin = Map<string, Passage>;

/** Starts without a passage. */
export function createSaidPassages(): SaidPassages {
  const passages = new Map<string, Passage>();
  const kins = new Map<string, Kin>();

  function passageAt(key: string, kin: Kin): Passage {
    const passage = kin.get(key) ?? { key, text: "", cleared: 0 };
    passages.set(key, passage);
    kin.set(key, passage);
    return passage;
  }

  function stretchOf(said: TextDelta, delta: number): Stretch {
    const { choice, type, text } = said;
    const kin = kins.get(`${choice}/${type}`) ?? new Map<string, Passage>();
    kins.set(`${choice}/${type}`, kin);
    const place = { delta, text, choice, type };
    const repeated = said.whole ? repeatedIn(kin, said) : undefined;
    if (repeated) return { ...place, key: repeated.key, from: 0, to: text.length, role: "repeat" };
    const passage = passageAt(said.whole ? `${keyOf(said)}/whole ${kin.size}` : keyOf(said), kin);
    const from = passage.text.length;
    passage.text += text;
    return { ...place, key: passage.key, from, to: passage.text.length, role: said.whole ? "whole" : "piece" };
  }

  return {
    add: (deltas) => deltas.flatMap((delta, at) => (saysText(delta) ? [stretchOf(delta, at)] : [])),
    clear(key, end) {
      const passage = passages.get(key);
      if (passage) passage.cleared = Math.max(passage.cleared, end);
    },
    isCleared: ({ key, to }) => (passages.get(key)?.cleared ?? 0) >= to,
  };
}

/** Pieces of the same key are one passage. */
export function keyOf({ choice, type, part }: Pick<TextDelta, "choice" | "type" | "part">): string {
  return `${choice}/${type}/${part}`;
}

function saysText(delta: ReplyDelta): delta is TextDelta {
  switch (delta.type) {
    case "text-delta":
    case "refusal-delta":
    case "reasoning-delta":
    case "other-delta":
      return delta.text !== "";
    case "start":
    case "tool-call-delta":
    case "usage":
    case "finish":
    case "error":
      return false;
  }
}

/** The passage that a whole says again: the one in its place first. */
function repeatedIn(kin: Kin, said: TextDelta): Passage | undefined {
  const own = kin.get(keyOf(said));
  return own?.text === said.text ? own : [...kin.values()].find(({ text }) => text === said.text);
}
