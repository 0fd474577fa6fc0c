import type { Sample } from "../sample.ts";

/** What a judge may say about one criterion. "yes" is always the good answer. */
export const verdicts = ["yes", "no", "not_applicable", "unsure"] as const;

export type Verdict = (typeof verdicts)[number];

/** One yes-or-no question of a rubric. */
export interface RubricCriterion {
  readonly id: string;
  /** Asked so that "yes" is good. */
  readonly question: string;
  /** Its part in the score, relative to the others; above 0. */
  readonly weight: number;
  /** Anything but "yes" makes the whole score 0. */
  readonly must?: boolean | undefined;
  /** The judge may answer "not_applicable", which takes the criterion out of the score. */
  readonly mayNotApply?: boolean | undefined;
}

/** A judged sample that shows the judge what the criteria mean. */
export interface RubricExample {
  readonly sample: Sample;
  /** Verdict by criterion id. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** Fields that evidence can be copied from. */
export type QuotableField = "context" | "output" | "input" | "reasoning" | "expected_output";

/** What a judge is asked about a sample. It is data: two rubrics of equal content are the same rubric. */
export interface Rubric {
  readonly name: string;
  /** What the judge must know besides the criteria; may be empty. */
  readonly instructions: string;
  readonly criteria: readonly RubricCriterion[];
  readonly examples?: readonly RubricExample[];
  /** Evidence must stand word for word in one of these fields, or the verdict becomes "unsure". */
  readonly quoteFrom?: readonly QuotableField[];
  /** Which verdict needs the quotation: "yes" when absent; "no" for criteria about what must not be there. */
  readonly quoteFor?: "yes" | "no" | undefined;
}
