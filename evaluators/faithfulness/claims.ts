import { type Sentence, splitSentences } from "../text/sentences.ts";
import { type Reading, readSentence } from "./reading.ts";
import { isAnnouncement, isQuestion, isRemark, isTitled } from "./remarks.ts";

/** A sentence of the output that says something which the context can support or not. */
export interface StatedClaim extends Sentence {
  readonly reading: Reading;
}

/** The claims of an answer, in order. Greetings, questions, offers of help and "the context does not say" are none. */
export function findClaims(output: string): StatedClaim[] {
  return claimsAmong(splitSentences(output));
}

/** The sentences that say something, each decided by itself. */
export function claimsAmong(sentences: readonly Sentence[]): StatedClaim[] {
  return sentences.map((sentence) => ({ ...sentence, reading: readSentence(sentence.text) })).filter(isClaim);
}

function isClaim({ text, kind, reading }: StatedClaim): boolean {
  if (reading.words.length === 0 && reading.numbers.length === 0) return false;
  if (isAnnouncement(text, reading)) return false;
  if (reading.numbers.length > 0) return true;
  if (isQuestion(text, reading)) return false;
  return !(isHeading(text, kind) && isTitled(reading)) && !isRemark(text, reading);
}

/** A heading, or a line such as "Key points:" that only announces what comes. */
function isHeading(text: string, kind: Sentence["kind"]): boolean {
  return kind === "heading" || /[:：]\**$/u.test(text);
}
