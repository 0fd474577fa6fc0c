import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";
import type { Refusal, StreamCut } from "../wire.ts";
import { chatEndFrame, chatRefusalFrames, chatUsage, chunkChoice, chunkFrame } from "./chat-refusal.ts";

interface SentChoice {
  isFinished: boolean;
  /** Whether the model has refused on its own. */
  hasRefusal: boolean;
}

interface SentChunks {
  /** What every chunk says of the completion; undefined before the first one. */
  head: JsonObject | undefined;
  readonly choices: Map<number, SentChoice>;
  hasUsage: boolean;
  hasFailed: boolean;
}

/**
 * Follows a stream of chunks. Cut, every choice that has not finished ends as filtered, with the refusal beside what it had
 * said. That is also how clients know that a tool call in it, which may be cut in its arguments, is not to be executed: this
 * dialect has no other mark for it.
 */
export function followChat(): StreamCut {
  const sent: SentChunks = { head: undefined, choices: new Map(), hasUsage: false, hasFailed: false };
  return {
    sent: (chunk) => note(sent, chunk),
    refuse(refusal) {
      if (sent.hasFailed) return [];
      return sent.head === undefined ? chatRefusalFrames(refusal) : endingFrames(sent, sent.head, refusal);
    },
  };
}

function note(sent: SentChunks, chunk: JsonObject): void {
  if ((chunk["error"] ?? null) !== null) {
    sent.hasFailed = true;
    return;
  }
  const choices = arrayOf(chunk["choices"]);
  sent.head = { ...sent.head, ...headOf(chunk) };
  sent.hasUsage ||= choices.length === 0 && isJsonObject(chunk["usage"]);
  choices.forEach((choice, position) => noteChoice(sent, objectOf(choice), position));
}

/** A first chunk about the prompt alone may leave the id or the model empty. */
function headOf(chunk: JsonObject): JsonObject {
  const members = ["id", "object", "created", "model"].map((name): [string, unknown] => [name, chunk[name] ?? ""]);
  return Object.fromEntries(members.filter(([, value]) => value !== ""));
}

function noteChoice({ choices }: SentChunks, choice: JsonObject, position: number): void {
  const index = numberOf(choice["index"]) ?? position;
  const before = choices.get(index);
  choices.set(index, {
    isFinished: before?.isFinished === true || stringOf(choice["finish_reason"]) !== "",
    hasRefusal: before?.hasRefusal === true || stringOf(objectOf(choice["delta"])["refusal"]) !== "",
  });
}

function endingFrames(sent: SentChunks, head: JsonObject, refusal: Refusal): readonly string[] {
  const choices = refusalChoices(sent, refusal.message);
  // Where every choice has finished, a chunk without any says what was found.
  const closing = choices.length === 0 ? [[]] : choices.map((choice) => [choice]);
  const last = closing.length - 1;
  return [
    ...closing.map((each, at) => chunkFrame(head, each, at === last ? { proctor: refusal.proctor } : {})),
    ...(refusal.wantsUsage && !sent.hasUsage ? [chunkFrame(head, [], { usage: chatUsage(refusal) })] : []),
    chatEndFrame,
  ];
}

/** Vendors offer no more choices than this. */
const mostChoices = 128;

/**
 * What is said in the choices that are open: in each the refusal, then why it ends. Clients put choices in a list by their
 * numbers, so one that has not begun and stands before one that has is refused as well.
 */
function refusalChoices({ choices }: SentChunks, message: string): readonly JsonObject[] {
  const count = Math.min(mostChoices, Math.max(0, ...choices.keys()) + 1);
  const unseen = Array.from({ length: count }, (_, index) => index).filter((index) => !choices.has(index));
  const open = [...choices].filter(([, { isFinished }]) => !isFinished);
  const said = [
    ...unseen.map((index) => ({ index, delta: { role: "assistant", content: null, refusal: message } })),
    ...open.map(([index, { hasRefusal }]) => ({ index, delta: { refusal: hasRefusal ? `\n\n${message}` : message } })),
  ];
  return said
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ index, delta }) => [chunkChoice(index, delta), chunkChoice(index, {}, "content_filter")]);
}
