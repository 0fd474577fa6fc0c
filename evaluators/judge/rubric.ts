import type { Finding, Tools } from "../define-evaluator.ts";
import type { Claim, Criterion } from "../evaluation.ts";
import type { Sample } from "../sample.ts";
import { askJudge, type JudgeAnswer } from "./ask.ts";
import { passProbability } from "./confidence.ts";
import { entriesFormat, type Entry } from "./entries.ts";
import { verdictProbabilities } from "./probability.ts";
import { sampleData } from "./prompt.ts";
import { type Rubric, type RubricCriterion, type Verdict, verdicts } from "./protocol.ts";
import { createQuoteFinder, type QuotedPassage } from "./quotes.ts";
import { repeated, type Repetition } from "./repeat.ts";
import { rubricTask } from "./rubric-task.ts";
import { screenSample } from "./screen.ts";

export { protocolText } from "./prompt.ts";
export type { Rubric } from "./protocol.ts";

/** How an examination by a rubric is run. */
export interface RubricRun extends Repetition {
  /** What the judge sees besides the sample's own fields. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const once: RubricRun = { threshold: 1, samples: 1 };

/**
 * Has the judge answer every criterion of the rubric about the sample. The judge gives verdicts and code computes the score:
 * the weighted share of "yes" among the criteria that apply, "unsure" counting as not met, and 0 when one that `must` be met
 * is not. Abstains when no criterion applies, when none could be decided, and when the output holds nothing to judge. Throws
 * `EvaluatorError` when there is no readable answer.
 */
export async function examineByRubric(
  rubric: Rubric,
  sample: Sample,
  tools: Tools,
  run: RubricRun = once,
): Promise<Finding> {
  const nothingToJudge = screenSample(sample);
  if (nothingToJudge !== undefined) return { abstained: nothingToJudge };
  const data = { ...run.data, ...sampleData(sample) };
  return repeated(async (temperature) => {
    const format = formatOf(rubric);
    const { length } = rubric.criteria;
    const question = { evaluator: rubric.name, task: rubricTask(rubric), data, format, entries: length, temperature };
    return findingFrom(rubric, sample, await askJudge(question, tools), run.threshold);
  }, run);
}

function formatOf({ name, criteria }: Rubric) {
  const forms = criteria.map(({ id, mayNotApply }) => ({ id, questions: { verdict: allowedVerdicts(mayNotApply) } }));
  return entriesFormat(name, "criteria", forms);
}

function allowedVerdicts(mayNotApply = false): readonly Verdict[] {
  return mayNotApply ? verdicts : verdicts.filter((verdict) => verdict !== "not_applicable");
}

interface CheckedCriterion extends Criterion {
  readonly must: boolean;
  /** Probability of "yes", where it is known. */
  readonly yes: number | undefined;
  /** Where the verified quotation stands. */
  readonly passage: QuotedPassage | undefined;
}

function findingFrom(
  rubric: Rubric,
  sample: Sample,
  { value, reply, usage, costUsd }: JudgeAnswer<readonly Entry[]>,
  threshold: number,
): Finding {
  const probability = verdictProbabilities(reply);
  const quotes = createQuoteFinder(sample, rubric.quoteFrom ?? []);
  const checked = rubric.criteria.map((criterion, index) => {
    const { evidence = "", verdicts: said = {} } = value[index] ?? {};
    const verdict = verdicts.find((each) => each === said["verdict"]) ?? "unsure";
    const path = `criteria/${criterion.id}/verdict`;
    const yes = probability(path, "yes", allowedVerdicts(criterion.mayNotApply));
    return toChecked(criterion, { evidence, verdict, yes, passage: quotes.find(evidence) }, rubric);
  });
  const spent = { usage, costUsd };
  const applicable = checked.filter(({ verdict }) => verdict !== "not_applicable");
  if (applicable.length === 0) return { abstained: "No criterion of the rubric applies to this sample.", ...spent };
  if (applicable.every(({ verdict }) => verdict === "unsure"))
    return { abstained: `The judge could not decide any criterion: ${listed(applicable)}.`, ...spent };
  const score = scoreOf(applicable);
  const claims = violations(checked);
  return {
    score,
    reason: reasonFor(checked, score),
    criteria: checked.map(({ must: _must, yes: _yes, passage: _passage, ...criterion }) => criterion),
    ...(claims.length > 0 ? { claims } : {}),
    ...confidenceIn(applicable, score, threshold),
    ...spent,
  };
}

function toChecked(
  { id, question, weight, must = false }: RubricCriterion,
  said: Pick<CheckedCriterion, "verdict" | "yes" | "passage"> & { readonly evidence: string },
  { quoteFrom, quoteFor = "yes" }: Rubric,
): CheckedCriterion {
  const { evidence, verdict, yes, passage } = said;
  const criterion = { id, question, weight, must, evidence, verdict, yes, passage: undefined };
  if (!quoteFrom) return criterion;
  const quoteVerified = passage !== undefined;
  const isProven = verdict !== quoteFor || quoteVerified;
  return isProven
    ? { ...criterion, quoteVerified, passage: verdict === "no" ? passage : undefined }
    : { ...criterion, quoteVerified, verdict: "unsure", yes: undefined };
}

function scoreOf(applicable: readonly CheckedCriterion[]): number {
  if (applicable.some(({ must, verdict }) => must && verdict !== "yes")) return 0;
  return weightOf(applicable.filter(({ verdict }) => verdict === "yes")) / weightOf(applicable);
}

function weightOf(criteria: readonly Criterion[]): number {
  return criteria.reduce((sum, { weight }) => sum + weight, 0);
}

/** Known only when the probability of every verdict that counts is. */
function confidenceIn(
  applicable: readonly CheckedCriterion[],
  score: number,
  threshold: number,
): { readonly confidence?: number } {
  const likely = applicable.flatMap(({ weight, must, yes }) => (yes === undefined ? [] : [{ weight, must, yes }]));
  if (likely.length < applicable.length) return {};
  const pass = passProbability(likely, threshold);
  return { confidence: score >= threshold ? pass : 1 - pass };
}

/** The quoted passages for which a criterion is not met, with their places. */
function violations(checked: readonly CheckedCriterion[]): Claim[] {
  return checked.flatMap(({ id, passage }) => {
    if (!passage || passage.field === "context" || passage.field === "expected_output") return [];
    const { field, text, start, end } = passage;
    return [{ text, start, end, field, verdict: "violation" as const, kind: id }];
  });
}

function reasonFor(criteria: readonly CheckedCriterion[], score: number): string {
  const having = (wanted: Verdict) => criteria.filter(({ verdict }) => verdict === wanted);
  const applicable = criteria.length - having("not_applicable").length;
  const met = having("yes").length;
  const gates = score > 0 || met === 0 ? [] : criteria.filter(({ must, verdict }) => must && verdict !== "yes");
  const parts = [
    `${met} of ${applicable} ${applicable === 1 ? "criterion" : "criteria"} met`,
    labelled("not met", having("no")),
    labelled("undecided", having("unsure")),
    labelled("not applicable", having("not_applicable")),
    gates.length === 0 ? "" : `decisive: ${gates.map(({ id }) => id).join(", ")}`,
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

function labelled(label: string, criteria: readonly CheckedCriterion[]): string {
  return criteria.length === 0 ? "" : `${label}: ${listed(criteria)}`;
}

function listed(criteria: readonly CheckedCriterion[]): string {
  return criteria
    .map(({ id, verdict, quoteVerified }) =>
      verdict === "unsure" && quoteVerified === false ? `${id} (no such quote)` : id,
    )
    .join(", ");
}
