import { defineEvaluator } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { isIncidental, isRival, supportingNumbers } from "./numbers.ts";
import { blankContext, concludeByShare, examinePart, type Part, partNeeds, partOptions, streamPart } from "./part.ts";
import { type ContextIndex, indexContext, neighbours } from "./passages.ts";
import { type CountedNumber, readSentence } from "./reading.ts";
import { widestWindow } from "./windows.ts";

/** Every number of the output against the numbers of the context. */
export const numericConsistency = defineEvaluator({
  name: "numeric_consistency",
  description: "Every number, date, time and amount in the output is in the context.",
  covers:
    "Numbers in digits and in words, by value and unit, with times of day, percentages, currencies and degrees. Not examined: small counts in words (up to four), results of calculations, whether a number is said of the right thing, and numerals of other scripts than Western and Arabic digits.",
  needs: partNeeds,
  options: partOptions(1),
  revision: { numbers: 2 },
  evaluate: ({ output, context }, _options, { signal }) => examinePart(numericPart(context), output, signal),
  stream: ({ context = [] }, _options, { signal }) => streamPart(numericPart(context), signal),
});

const words = {
  none: "No number to compare.",
  one: "number",
  many: "numbers",
  fault: "not in the context",
};

function numericPart(context: readonly string[]): Part {
  const index = indexContext(context.toSorted());
  return {
    unit: "sentence",
    nothing: blankContext(context),
    claimsOf({ text, start }) {
      const reading = readSentence(text);
      const numbers = reading.numbers.filter((number) => !isIncidental(number));
      if (numbers.length === 0) return [];
      const { best } = widestWindow(reading, [...new Set(reading.words)], index);
      return numbers.map((number) => claimOf(number, text, start, { index, best }));
    },
    conclude: (claims) => concludeByShare(claims, words),
  };
}

function claimOf(
  number: CountedNumber,
  sentence: string,
  offset: number,
  { index, best }: { index: ContextIndex; best: number },
): Claim {
  const place = {
    text: sentence.slice(number.start, number.end),
    start: offset + number.start,
    end: offset + number.end,
    kind: "number",
  };
  const [match] = supportingNumbers(number, index);
  if (match) return { ...place, verdict: "supported", evidence: index.sentences[match.sentence]?.text ?? "" };
  const rival = neighbours(index, best).find(({ numbers }) => numbers.some((other) => isRival(number, other)));
  return rival ? { ...place, verdict: "contradicted", evidence: rival.text } : { ...place, verdict: "unsupported" };
}
