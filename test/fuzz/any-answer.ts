import fc from "fast-check";

/** Thinking, as a vendor that signs it sends it. */
export interface Thought {
  readonly kind: "thought";
  readonly pieces: readonly string[];
  readonly signature: string;
}

/** Thinking that its vendor shows to nobody. */
export interface HiddenThought {
  readonly kind: "hidden";
  readonly data: string;
}

export interface Words {
  readonly kind: "words";
  readonly pieces: readonly string[];
}

/** A refusal in words, where the dialect has a place for it. */
export interface RefusedWords {
  readonly kind: "refused";
  readonly pieces: readonly string[];
}

export interface Call {
  readonly kind: "call";
  readonly name: string;
  /** The JSON text of the arguments, in pieces. */
  readonly pieces: readonly string[];
}

export type Block = Thought | HiddenThought | Words | RefusedWords | Call;

/** How an answer ended, in no dialect's words. `done` with calls waits for their results. */
export type Ending = "done" | "length" | "refused";

/** Tokens: `fresh` input is what neither came from the cache nor went there. */
export interface Counts {
  readonly fresh: number;
  readonly read: number;
  readonly written: number;
  readonly output: number;
  readonly thinking: number;
}

/** What a model says, in the order in which it begins to; each dialect writes it in its own way. */
export interface Answer {
  readonly blocks: readonly Block[];
  readonly ending: Ending;
  readonly counts: Counts;
  /** Decides who goes on next where a dialect sends calls at the same time. */
  readonly turns: readonly number[];
  /** What a vendor sends besides: one number for each event. */
  readonly noise: readonly number[];
}

/** Where parsers go wrong: escapes, line ends of every kind, halves of a character, words of the formats themselves. */
const unit = fc.constantFrom(
  "a", "B", " ", "7", "ä", "€", "😀", "\ud83d", "\ude00", "\u0000", "\n", "\r", "\u2028", "\ufeff", '"', "\\", "{", "}", "[", "]",
  ":", ",", "data: ", "[DONE]", "event:", "<b>", "\\u0041",
); // prettier-ignore

const anyWords = fc.array(unit, { maxLength: 6 }).map((units) => units.join(""));
const anyPieces = fc.array(anyWords, { maxLength: 4 });
/**
 * No key needs a backslash in JSON: where any object has the key "\\", the JSON.parse of Node may take such
 * a key for it (https://github.com/nodejs/node/issues/63785).
 */
const anyKey = fc.oneof(
  fc.constantFrom("a", "b", "__proto__", "input", "ä€"),
  anyWords.map((words) => words.replaceAll(/["\\\p{Cc}\p{Cs}]/gu, "/")),
);

/** Also numbers that a number of the language cannot hold. */
const anyNumber = fc.constantFrom(
  "0",
  "-1",
  "12",
  "0.5",
  "12345678901234567890",
  "1e400",
  "0.1000000000000000055511151",
);

/** A JSON text of any kind, with and without spaces. */
const { value: anyJsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    anyNumber,
    fc.constantFrom("null", "true", "{}", "[]", '""'),
    anyWords.map((words) => JSON.stringify(words)),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.join(", ")}]`),
    fc.array(fc.tuple(anyKey, tie("value")), { maxLength: 2 }).map(objectText),
  ),
}));

function objectText(entries: readonly (readonly [string, string])[]): string {
  const members = [...new Map(entries)].map(([key, value]) => `${JSON.stringify(key)}:${value}`);
  return `{${members.join(",")}}`;
}

/** The arguments of a call as the model writes them: always an object. */
const anyArguments: fc.Arbitrary<string> = fc.array(fc.tuple(anyKey, anyJsonText), { maxLength: 3 }).map(objectText);

/** Names of tools, one of which begins another. */
export const toolNames = ["get", "get_time", "look-up", "t".repeat(64)] as const;

const anyCall = fc
  .tuple(fc.constantFrom(...toolNames), anyArguments, fc.array(fc.nat(40), { maxLength: 4 }))
  .map(([name, text, cuts]): Call => ({ kind: "call", name, pieces: cut(text, cuts) }));

function cut(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.filter((each) => each <= text.length).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

const anyThought = fc
  .tuple(anyPieces, fc.stringMatching(/^[A-Za-z0-9+/=]{1,8}$/))
  .map(([pieces, signature]): Thought => ({ kind: "thought", pieces, signature }));
const anyHidden = fc.stringMatching(/^[A-Za-z0-9+/=]{1,8}$/).map((data): HiddenThought => ({ kind: "hidden", data }));
const anyText = anyPieces.map((pieces): Words => ({ kind: "words", pieces }));
const anyRefusal = anyPieces.map((pieces): RefusedWords => ({ kind: "refused", pieces }));

const around = {
  ending: fc.constantFrom<Ending>("done", "done", "length", "refused"),
  counts: fc.record({ fresh: fc.nat(999), read: fc.nat(99), written: fc.nat(99), output: fc.nat(999), thinking: fc.nat(99) }),
  turns: fc.array(fc.nat(5), { minLength: 8, maxLength: 8 }),
  noise: fc.array(fc.nat(31), { minLength: 6, maxLength: 6 }),
}; // prettier-ignore

/** An answer of a vendor that sends one block after the other. */
export const anyBlockAnswer: fc.Arbitrary<Answer> = fc.record({
  blocks: fc.array(fc.oneof(anyText, anyCall, anyThought, anyHidden), { maxLength: 5 }),
  ...around,
});

/** An answer of a vendor that has one text, one refusal and many calls. */
export const anyChoiceAnswer: fc.Arbitrary<Answer> = fc.record({
  blocks: fc.array(fc.oneof({ weight: 3, arbitrary: anyText }, { weight: 3, arbitrary: anyCall }, anyThought, anyRefusal), {
    maxLength: 5,
  }),
  ...around,
}); // prettier-ignore

/** The calls of an answer. */
export function callsIn({ blocks }: Answer): readonly Call[] {
  return blocks.filter((block) => block.kind === "call");
}

/** All pieces of one kind, joined. */
export function joinedIn({ blocks }: Answer, ...kinds: readonly Block["kind"][]): string {
  return blocks
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((block) => ("pieces" in block ? block.pieces : []))
    .join("");
}
