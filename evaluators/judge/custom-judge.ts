import { z } from "zod";
import { defineEvaluator, type Evaluator, type Tools } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import type { Judge } from "../judge.ts";
import { type Sample, sampleSchema } from "../sample.ts";
import { verdicts } from "./protocol.ts";
import { repeatOptions } from "./repeat.ts";
import { examineByRubric, protocolText, type Rubric } from "./rubric.ts";

const sampleField = z.enum(Object.keys(sampleSchema.shape) as [keyof Sample, ...(keyof Sample)[]]);

const criterion = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,63}$/, "An id is a short name of letters, digits, _ and -, such as refund_window."),
  /** Asked so that "yes" is good. */
  question: z.string().trim().min(1),
  weight: z.number().positive().default(1),
  /** Anything but "yes" makes the whole score 0. */
  must: z.boolean().default(false),
  /** The judge may answer "not_applicable", which takes the criterion out of the score. */
  may_not_apply: z.boolean().default(false),
});

const example = z.strictObject({
  sample: sampleSchema.strict(),
  verdicts: z.record(z.string(), z.enum(verdicts)),
});

/** An entry `kind: rubric` of the `evaluators:` section: a judge of the user's own, as data. */
export const rubricOptions = z
  .strictObject({
    kind: z.literal("rubric"),
    /** Alias of the judge model; `judge` when absent. */
    judge: z.string().min(1).optional(),
    /** Weighted share of criteria that must be met. */
    threshold: z.number().min(0).max(1).default(1),
    criteria: z.array(criterion).min(1),
    /** Fields of the sample without which it is skipped. The judge sees every field that is there. */
    needs: z.array(sampleField).min(1).default(["output"]),
    instructions: z.string().default(""),
    examples: z.array(example).default([]),
    /** Where the evidence must stand word for word. */
    quote_from: z
      .array(z.enum(["context", "output", "input", "reasoning", "expected_output"]))
      .min(1)
      .optional(),
    /** Which verdict needs that evidence: "no" for criteria about what must not be there. */
    quote_for: z.enum(["yes", "no"]).default("yes"),
    ...repeatOptions,
    /** The version that `proctor evaluators` shows: the start fails when the rubric or the protocol is no longer that one. */
    locked: z
      .string()
      .regex(/^[0-9a-f]{12}$/, "A version is 12 hexadecimal digits, as `proctor evaluators` shows it.")
      .optional(),
  })
  .superRefine(({ criteria, examples }, context) => {
    const ids = criteria.map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) === index) continue;
      context.addIssue({
        code: "custom",
        path: ["criteria", index, "id"],
        message: `Two criteria have the id "${id}".`,
      });
    }
    for (const [index, { verdicts: given }] of examples.entries()) {
      for (const id of Object.keys(given).filter((key) => !ids.includes(key))) {
        const message = `There is no criterion "${id}". Known: ${ids.join(", ")}.`;
        context.addIssue({ code: "custom", path: ["examples", index, "verdicts", id], message });
      }
    }
  });

/** What `customJudge` is given: the fields of `rubricOptions`, a name, and a judge by alias or as a function. */
export type CustomJudgeOptions = Omit<z.input<typeof rubricOptions>, "kind" | "judge"> & {
  readonly name: string;
  readonly kind?: "rubric";
  readonly judge?: Judge | string | undefined;
};

/**
 * Makes an evaluator of a rubric, the same in code as in the configuration file. The version covers the rubric and the text
 * of the prompt. Throws `z.ZodError` for a rubric that makes no sense and `EvaluatorUsageError` for a name that is none, and for
 * a rubric that is `locked` to another version.
 */
export function customJudge({ name, judge, ...given }: CustomJudgeOptions): Evaluator {
  const alias = typeof judge === "string" ? judge : undefined;
  const { threshold, samples, judge_band, locked, ...parsed } = rubricOptions.parse({
    ...given,
    kind: "rubric",
    judge: alias,
  });
  const rubric = toRubric(name, parsed);
  const factory = defineEvaluator({
    name,
    description: `A judge answers "yes" to the criteria ${rubric.criteria.map(({ id }) => id).join(", ")}.`,
    covers: "What the criteria of its rubric ask about, and nothing else.",
    needs: needsOf(parsed.needs),
    options: z.strictObject({
      engine: z.literal("judge").default("judge"),
      threshold: z.number().min(0).max(1),
      judge: z.string().optional(),
      ...repeatOptions,
    }),
    revision: [protocolText, rubric, parsed.needs],
    evaluate: (sample, run, tools) =>
      examineByRubric(rubric, sample, typeof judge === "function" ? withJudge(judge, tools) : tools, run),
  });
  const evaluator = factory.configure({ threshold, judge: alias, samples, judge_band });
  checkLock(evaluator, locked);
  return evaluator;
}

function withJudge(judge: Judge, { signal, parent, cache }: Tools): Tools {
  return { judge, signal, parent, ...(cache ? { cache } : {}) };
}

function checkLock({ name, version }: Evaluator, locked: string | undefined): void {
  if (locked === undefined || locked === version) return;
  throw new EvaluatorUsageError(
    `The rubric "${name}" is locked to version ${locked} and is now ${version}: its criteria, options or the protocol have changed. Take the change back, or measure the rubric again and lock it to ${version}.`,
  );
}

type ParsedRubric = Pick<
  z.output<typeof rubricOptions>,
  "instructions" | "criteria" | "examples" | "quote_from" | "quote_for"
>;

function toRubric(name: string, { instructions, criteria, examples, quote_from, quote_for }: ParsedRubric): Rubric {
  return {
    name,
    instructions,
    criteria: criteria.map(({ may_not_apply: mayNotApply, ...criterion }) => ({ ...criterion, mayNotApply })),
    examples,
    ...(quote_from ? { quoteFrom: quote_from, quoteFor: quote_for } : {}),
  };
}

function needsOf(fields: readonly (keyof Sample)[]): z.ZodType<Sample> {
  return sampleSchema.superRefine((sample, context) => {
    for (const field of fields) {
      const value = sample[field];
      const isMissing = value === undefined || (Array.isArray(value) && value.length === 0);
      if (isMissing) context.addIssue({ code: "custom", path: [field], message: `The sample has no ${field}.` });
    }
  });
}
