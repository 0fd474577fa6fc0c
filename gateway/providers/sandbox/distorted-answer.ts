import { passagesOf, sentencesOf, withoutPassages } from "./context.ts";
import { matchSentences } from "./match-sentences.ts";
import { lastUserText, type SandboxRequest } from "./request.ts";

/** Answers from the context with one number changed (or the sentence turned into its opposite) and a claim of its own. */
export function distortedAnswer(request: SandboxRequest): string {
  const passages = passagesOf(request);
  const sentences = sentencesOf(passages);
  const invented = `In addition, ${unusedNumber(61, passages)} percent of all cases are settled within ${unusedNumber(47, passages)} hours.`;
  const [first, ...others] = matchSentences(withoutPassages(lastUserText(request)), sentences);
  const base = first ?? sentences[0];
  return base === undefined
    ? `Our records answer that. ${invented}`
    : [distort(base, passages), ...others, invented].join(" ");
}

function distort(sentence: string, passages: readonly string[]): string {
  const number = /\d[\d,]*(?:\.\d+)?/.exec(sentence)?.[0];
  if (number === undefined) return negate(sentence);
  const value = Number.parseInt(number.replaceAll(",", ""), 10);
  return sentence.replace(number, String(unusedNumber(value * 2 + 15, passages)));
}

/** The first whole number from `start` on that no passage contains. */
function unusedNumber(start: number, passages: readonly string[]): number {
  let candidate = start;
  while (passages.some((passage) => passage.includes(String(candidate)))) candidate += 1;
  return candidate;
}

function negate(sentence: string): string {
  if (/\bnot\b/i.test(sentence)) return sentence.replace(/\s*\bnot\b/i, "");
  const negated = sentence.replace(/\b(is|are|was|were|can|may|must|will|has|have|does|do)\b/i, "$1 not");
  return negated === sentence ? `It is not true that ${sentence}` : negated;
}
