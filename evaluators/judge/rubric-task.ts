import { encodeData, sampleData } from "./prompt.ts";
import type { Rubric, RubricExample } from "./protocol.ts";

/** The rubric as the judge reads it: nothing of the sample, so that it is the same for every one. The last line is JSON. */
export function rubricTask({ name, instructions, criteria, examples = [], quoteFrom, quoteFor }: Rubric): string {
  const questions = criteria.map(({ id, question, mayNotApply }) => ({
    id,
    question,
    ...(mayNotApply ? { may_not_apply: true } : {}),
  }));
  return [
    `Task: judge the sample by the rubric ${name}.`,
    'Verdicts: "yes" when the criterion is met, "no" when it is not, "unsure" when the sample does not let you decide. Where a criterion says may_not_apply, "not_applicable" when the sample contains nothing that it speaks of.',
    ...(instructions ? [instructions] : []),
    evidenceRule(quoteFrom, quoteFor),
    ...examples.map(exampleText),
    `Criteria of the rubric ${name}, as JSON:`,
    encodeData(questions),
  ].join("\n");
}

/** Says what evidence must be. */
export function evidenceRule(quoteFrom: Rubric["quoteFrom"], quoteFor: Rubric["quoteFor"] = "yes"): string {
  return quoteFrom
    ? `Evidence is one continuous passage, copied word for word from the sample's ${quoteFrom.join(" or ")}. A "${quoteFor}" without such a passage does not count.`
    : "Evidence is what in the sample decides the criterion.";
}

function exampleText({ sample, verdicts }: RubricExample, index: number): string {
  return `Example ${index + 1}: the sample ${encodeData(sampleData(sample))} has the verdicts ${encodeData(verdicts)}.`;
}
