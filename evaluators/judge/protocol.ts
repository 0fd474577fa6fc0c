import type { Sample } from "../sample.ts";

/** What a judge may say about one criterion. "yes" is always the good answer. */
export const verdicts = ["yes", "no", "not_applicable", "unsure"] as const;

type Verdict = (typeof verdicts)[number];

/** One yes-or-no question of a rubric. */
export interface RubricCriterion {
  readonly id: string;
  /** Asked so that "yes" is good. */
  readonly question: string;
  /** Its part in the score, relative to the others; above 0. */
  readonly weight: number;
}

/** A judged sample that shows the judge what the criteria mean. */
export interface RubricExample {
  readonly sample: Sample;
  /** Verdict by criterion id. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** What a judge is asked about a sample. It is data: two rubrics of equal content are the same rubric. */
export interface Rubric {
  readonly name: string;
  /** What the judge must know besides the criteria; may be empty. */
  readonly instructions: string;
  readonly criteria: readonly RubricCriterion[];
  readonly examples?: readonly RubricExample[];
  /** Evidence for a "yes" must stand word for word in one of these fields, or the verdict becomes "unsure". */
  readonly quoteFrom?: readonly ("context" | "output" | "input")[];
}

/** What a judge said about one criterion, before anything was checked. */
export interface JudgedCriterion {
  readonly id: string;
  readonly evidence: string;
  readonly verdict: Verdict;
}
