import { z } from "zod";
import type { CommonOptions, Finding, Tools } from "./define-evaluator.ts";
import type { Engine, Step } from "./evaluation.ts";
import { bandSchema, type Repetition, repeatOptions } from "./judge/repeat.ts";

type Examine<S, O> = (sample: S, options: O, tools: Tools) => Finding | Promise<Finding>;

/** Options of an evaluator that can decide by code, by judge, or by code first. */
export interface EngineOptions extends CommonOptions, Repetition {
  /** The cascade asks the judge when the local score lies between these two, ends included. */
  readonly band: readonly [number, number];
}

/**
 * The options schema shared by evaluators that have both a local and a judge engine. An evaluator whose code finds faults
 * but cannot vouch for the rest sets the band's upper end to 1, so that the cascade asks the judge about what code let pass.
 */
export function engineOptions(defaults: {
  readonly threshold: number;
  readonly band?: readonly [number, number];
  readonly engine?: Engine;
}) {
  const [low, high] = defaults.band ?? [0.2, 0.9];
  return z.strictObject({
    engine: z.enum(["local", "judge", "cascade"]).default(defaults.engine ?? "local"),
    threshold: z.number().min(0).max(1).default(defaults.threshold),
    judge: z.string().min(1).optional(),
    band: bandSchema.default([low, high]),
    ...repeatOptions,
  });
}

/** The options schema of evaluators that only a judge can decide; another engine is refused with the reason. */
export function judgeOnlyOptions(defaults: { readonly name: string; readonly threshold: number }) {
  const error = `The engine of "${defaults.name}" is "judge": code cannot decide it. Leave engine out, and name a model alias as its judge.`;
  return z.strictObject({
    engine: z.literal("judge", { error }).default("judge"),
    threshold: z.number().min(0).max(1).default(defaults.threshold),
    judge: z.string().min(1).optional(),
    ...repeatOptions,
  });
}

/**
 * An `evaluate` that decides by the engine its options name. The cascade keeps a local score outside `band` and asks the
 * judge for the rest, and where the local engine abstains. Every stage that ran is in `path`, the last one decided.
 */
export function byEngine<S, O extends EngineOptions>(engines: {
  readonly local: Examine<S, O>;
  readonly judge: Examine<S, O>;
}): Examine<S, O> {
  return async (sample, options, tools) => {
    const run = (stage: Step["stage"]) => timed(stage, () => engines[stage](sample, options, tools));
    if (options.engine !== "cascade") return run(options.engine);
    const local = await run("local");
    if (!isUncertain(local, options.band)) return local;
    const judged = await run("judge");
    const before = (local.path ?? []).map((step) => ({ ...step, decided: false }));
    return { ...judged, path: [...before, ...(judged.path ?? [])] };
  };
}

function isUncertain(finding: Finding, [low, high]: readonly [number, number]): boolean {
  return "abstained" in finding || (finding.score >= low && finding.score <= high);
}

async function timed(stage: Step["stage"], examine: () => Finding | Promise<Finding>): Promise<Finding> {
  const start = performance.now();
  const finding = await examine();
  const score = "abstained" in finding ? {} : { score: finding.score };
  const step: Step = { stage, decided: true, ms: performance.now() - start, cached: false, ...score };
  return { ...finding, path: [step] };
}
