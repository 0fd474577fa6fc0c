import type { Finding, Tools } from "../define-evaluator.ts";
import type { Criterion } from "../evaluation.ts";
import type { Sample } from "../sample.ts";
import { askJudge } from "./ask.ts";
import type { JudgedCriterion, Rubric, RubricCriterion } from "./protocol.ts";
import { isQuoted } from "./quotes.ts";
import { screenSample } from "./screen.ts";

export { protocolText } from "./prompt.ts";
export type { Rubric } from "./protocol.ts";

/**
 * Has the judge answer every criterion of the rubric about the sample. The judge gives verdicts and code computes the score:
 * the weighted share of "yes" among the criteria that apply, "unsure" counting as not met. Abstains when no criterion applies
 * and when the output holds nothing to judge. Throws `EvaluatorError` when there is no readable answer.
 */
export async function examineByRubric(rubric: Rubric, sample: Sample, tools: Tools): Promise<Finding> {
  const nothingToJudge = screenSample(sample);
  if (nothingToJudge !== undefined) return { abstained: nothingToJudge };

  const answer = await askJudge(rubric, sample, tools);
  const criteria = answer.criteria.map((judged) => toCriterion(judged, rubric, sample));
  const { usage, costUsd } = answer;
  const applicable = criteria.filter(({ verdict }) => verdict !== "not_applicable");
  if (applicable.length === 0)
    return { abstained: "No criterion of the rubric applies to this sample.", usage, costUsd };
  return { score: scoreOf(applicable), reason: reasonFor(criteria), criteria, usage, costUsd };
}

function toCriterion(judged: JudgedCriterion, rubric: Rubric, sample: Sample): Criterion {
  const { question, weight } = criterionOf(rubric, judged.id);
  const { id, evidence } = judged;
  const criterion = { id, question, verdict: judged.verdict, weight, evidence };
  if (!rubric.quoteFrom) return criterion;
  const quoteVerified = isQuoted(evidence, sample, rubric.quoteFrom);
  const verdict = judged.verdict === "yes" && !quoteVerified ? "unsure" : judged.verdict;
  return { ...criterion, verdict, quoteVerified };
}

function criterionOf({ name, criteria }: Rubric, id: string): RubricCriterion {
  const found = criteria.find((criterion) => criterion.id === id);
  if (found) return found;
  throw new Error(`Rubric ${name} has no criterion ${id}.`);
}

function scoreOf(applicable: readonly Criterion[]): number {
  return weightOf(applicable.filter(({ verdict }) => verdict === "yes")) / weightOf(applicable);
}

function weightOf(criteria: readonly Criterion[]): number {
  return criteria.reduce((sum, { weight }) => sum + weight, 0);
}

function reasonFor(criteria: readonly Criterion[]): string {
  const having = (wanted: Criterion["verdict"]) => criteria.filter(({ verdict }) => verdict === wanted);
  const applicable = criteria.length - having("not_applicable").length;
  const parts = [
    `${having("yes").length} of ${applicable} ${applicable === 1 ? "criterion" : "criteria"} met`,
    listed("not met", having("no")),
    listed("undecided", having("unsure"), (criterion) => (criterion.quoteVerified === false ? " (no such quote)" : "")),
    listed("not applicable", having("not_applicable")),
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

function listed(
  label: string,
  criteria: readonly Criterion[],
  note: (criterion: Criterion) => string = () => "",
): string {
  if (criteria.length === 0) return "";
  return `${label}: ${criteria.map((criterion) => criterion.id + note(criterion)).join(", ")}`;
}
