import type { Stretch } from "./said-passages.ts";
import { createSentenceWindows, type SentenceWindows, type Window, type WindowBounds } from "./sentence-windows.ts";

/** The parts of an answer that are examined each by itself, by what they are. */
export type PassageKind = "text" | "refusal" | "reasoning" | "other";

/** A window that is complete, and its passage. */
export interface PassageWindow {
  readonly key: string;
  readonly choice: number;
  readonly kind: PassageKind;
  readonly window: Window;
}

/** Cuts all passages of a reply into windows, in the order in which these are complete. */
export interface OpenPassages {
  /** The windows that are complete with the next stretch. */
  read(stretch: Stretch): readonly PassageWindow[];
  /** What is open of a choice that is over, or of all of them. */
  rest(choice?: number): readonly PassageWindow[];
}

interface Passage {
  readonly key: string;
  readonly choice: number;
  readonly kind: PassageKind;
  readonly windows: SentenceWindows;
  /** How much its choice had said when its open window began, and when it was last heard of. */
  openedAt: number;
  heardAt: number;
}

interface Choice {
  /** UTF-16 code units that it has said in all its passages. */
  said: number;
  /** The passages of which something is open. */
  readonly open: Map<string, Passage>;
}

/**
 * Starts without a passage. Frames leave in their order, so a passage that falls silent in the middle of a sentence holds up
 * what comes behind it. What is open of it is therefore a window: of content, refusal and reasoning as soon as another one of
 * these speaks in the same choice; of other text when a sentence around it is over; and of any when its choice has gone on
 * for longer than the longest window.
 */
export function createOpenPassages({ longest = 2000, ...bounds }: WindowBounds = {}): OpenPassages {
  const passages = new Map<string, Passage>();
  const choices = new Map<number, Choice>();

  function passageOf({ key, choice, type }: Stretch): Passage {
    const windows = createSentenceWindows({ longest, ...bounds });
    const passage = passages.get(key) ?? { key, choice, kind: kinds[type], windows, openedAt: 0, heardAt: 0 };
    passages.set(key, passage);
    return passage;
  }

  function choiceOf(number: number): Choice {
    const choice = choices.get(number) ?? { said: 0, open: new Map<string, Passage>() };
    choices.set(number, choice);
    return choice;
  }

  function readText(passage: Passage, choice: Choice, text: string): PassageWindow[] {
    const found: PassageWindow[] = [];
    for (let at = 0; at < text.length;) {
      found.push(...endAll(choice, (other) => other !== passage && isSilent(other, passage, choice.said - longest)));
      // Where another passage ends must not depend on how this one is cut into pieces.
      const end = Math.min(text.length, at + roomBeside(choice, passage, longest));
      found.push(...advance(passage, choice, text.slice(at, end)));
      at = end;
    }
    return found;
  }

  return {
    read(stretch) {
      const passage = passageOf(stretch);
      const choice = choiceOf(stretch.choice);
      if (stretch.role === "repeat") return endPassage(passage, choice);
      const found = readText(passage, choice, stretch.text);
      return stretch.role === "whole" ? [...found, ...endPassage(passage, choice)] : found;
    },
    rest(number) {
      const ended = number === undefined ? [...choices.values()] : [choiceOf(number)];
      return ended.flatMap((choice) => endAll(choice, () => true));
    },
  };
}

const kinds = {
  "text-delta": "text",
  "refusal-delta": "refusal",
  "reasoning-delta": "reasoning",
  "other-delta": "other",
} as const satisfies Record<Stretch["type"], PassageKind>;

/** Whether a passage is taken to be over when another one of its choice speaks. */
function isSilent(passage: Passage, speaking: Passage, before: number): boolean {
  return (passage.kind !== "other" && speaking.kind !== "other") || passage.heardAt <= before;
}

/** How much more may be said until another passage has been silent for too long. */
function roomBeside({ open, said }: Choice, passage: Passage, longest: number): number {
  const others = [...open.values()].filter((other) => other !== passage);
  return Math.min(...others.map(({ heardAt }) => heardAt + longest - said));
}

/** Adds to a passage; other text that was open before one of its sentences began is over with that. */
function advance(passage: Passage, choice: Choice, text: string): PassageWindow[] {
  const { windows, kind } = passage;
  const already = windows.length;
  if (windows.start === already) passage.openedAt = choice.said;
  const found: PassageWindow[] = [];
  for (const window of windows.push(text)) {
    found.push(placed(passage, window));
    if (kind !== "other") {
      found.push(...endAll(choice, (other) => other.kind === "other" && other.openedAt < passage.openedAt));
    }
    passage.openedAt = choice.said + window.end - already;
  }
  choice.said += text.length;
  passage.heardAt = choice.said;
  if (windows.start < windows.length) choice.open.set(passage.key, passage);
  else choice.open.delete(passage.key);
  return found;
}

function endAll(choice: Choice, isOver: (passage: Passage) => boolean): PassageWindow[] {
  return [...choice.open.values()].filter(isOver).flatMap((passage) => endPassage(passage, choice));
}

function endPassage(passage: Passage, choice: Choice): PassageWindow[] {
  choice.open.delete(passage.key);
  return passage.windows.rest().map((window) => placed(passage, window));
}

function placed({ key, choice, kind }: Passage, window: Window): PassageWindow {
  return { key, choice, kind, window };
}
