import { type Sentence, splitSentences } from "../text/sentences.ts";

/** Under these names a JSON answer speaks to whoever asked. */
const spoken =
  /"(?:answer|content|detail|error|explanation|message|output|reason|refusal|reply|response|result|text)"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,2048})"/dgi;
const openingOfJson = /^\s{0,16}(?:```(?:json)?\s{0,16})?\{/i;
/** A letter or a mail that was drafted for someone else. */
const openingOfLetter =
  /^\W{0,3}(?:subject ?:[^\n]{0,200}\n|dear (?!user|friend|human|reader)[^\n]{1,60}[,:]\s{0,4}\n)/i;

/**
 * The sentences in which an answer speaks for itself, with places in the text: those of the spoken values of a JSON object, none
 * of a drafted letter, and else all.
 */
export function answerSentences(text: string): readonly Sentence[] {
  if (openingOfLetter.test(text)) return [];
  if (!openingOfJson.test(text)) return splitSentences(text);
  return [...text.matchAll(spoken)].flatMap(({ 1: value = "", indices }) => {
    const from = indices?.[1]?.[0] ?? 0;
    return splitSentences(value).map((one) => ({ ...one, start: from + one.start, end: from + one.end }));
  });
}
