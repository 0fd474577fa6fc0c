/** A text of a reply, as `TextDelta`. Stated once more so that the file that declares it can read this one. */
interface Passage {
  readonly type: "text-delta" | "refusal-delta" | "reasoning-delta" | "other-delta";
  readonly choice: number;
  readonly part: string;
  readonly text: string;
}

/** A text that was joined from passages, and where in it each lies. */
export interface JoinedPassages<P> {
  readonly text: string;
  readonly passages: readonly { readonly passage: P; readonly start: number; readonly end: number }[];
}

/** Stands between two passages, and between two choices. */
export const passageBreak = "\n\n";

/** The passages of an answer, choice by choice. Choices may come interleaved; they are read in the order of their numbers. */
export function answerPassages<P extends Passage>(passages: readonly P[]): readonly (readonly P[])[] {
  const said = passages.filter(({ type }) => type === "text-delta" || type === "refusal-delta");
  // Most replies say one thing in one choice: their text is neither grouped nor sorted, which costs more than to gather it.
  if (said.length < 2) return said.map((passage) => [passage]);
  const byChoice = Map.groupBy(said, ({ choice }) => choice);
  return [...byChoice].sort(([a], [b]) => a - b).map(([, members]) => inOrder(members));
}

/** Thinking, and text in places without a name, in the order in which they are read. */
export function reasoningPassages<P extends Passage>(passages: readonly P[]): readonly P[] {
  return inOrder(passages.filter(({ type }) => type === "reasoning-delta" || type === "other-delta"));
}

/**
 * What an examiner reads of a reply's passages as `output` and as `reasoning`, where it covers these kinds only (`text`,
 * `refusal`, `reasoning`, `other`; all of them when absent).
 */
export function joinedPassages<P extends Passage>(
  passages: readonly P[],
  kinds: readonly string[] = ["text", "refusal", "reasoning", "other"],
): { readonly output: JoinedPassages<P>; readonly reasoning: JoinedPassages<P> } {
  const covered = passages.filter(({ type }) => kinds.includes(type.replace("-delta", "")));
  // A choice that says nothing is not read, not even as a break.
  const choices = answerPassages(covered).filter((choice) => choice.length > 1 || choice[0]?.text !== "");
  return { output: joined(choices.flat()), reasoning: joined(reasoningPassages(covered)) };
}

function joined<P extends Passage>(inOrderOfText: readonly P[]): JoinedPassages<P> {
  let at = 0;
  const passages = inOrderOfText.map((passage) => {
    const start = at;
    const end = start + passage.text.length;
    at = end + passageBreak.length;
    return { passage, start, end };
  });
  return { text: inOrderOfText.map(({ text }) => text).join(passageBreak), passages };
}

function inOrder<P extends Passage>(passages: readonly P[]): readonly P[] {
  if (passages.length < 2) return passages;
  return passages.toSorted((a, b) => a.choice - b.choice || a.part.localeCompare(b.part, "en", { numeric: true }));
}
