import { hash } from "node:crypto";
import { z } from "zod";
import type { Cache } from "../cache.ts";
import type { Finding } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import type { Step } from "../evaluation.ts";
import type { Judge } from "../judge.ts";
import type { Sample } from "../sample.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What is known of one evaluator's verdict on one sample. */
export interface VerdictMemory {
  /**
   * The judge, to be handed to the evaluator. The first time it is asked it looks for the verdict; when there is one, `known`
   * resolves with it and the judge is not asked. A judge without an identity is left alone.
   */
  of(judge: Judge): Judge;
  /** Pending for as long as nothing is known. */
  readonly known: Promise<Finding>;
  /** Keeps a verdict that a judge of `of` had a part in; any other is cheaper to find again. */
  keep(finding: Finding): void;
}

/**
 * Looks for a verdict where the judge would be asked, and not before: what code decides is never looked up, and an evaluator
 * that brings a judge of its own never meets a verdict of another one.
 */
export function rememberVerdicts(version: string, sample: Sample, cache: Cache | undefined): VerdictMemory {
  const { promise: known, resolve } = Promise.withResolvers<Finding>();
  let asked: { readonly key: string; readonly found: Promise<Finding | undefined> } | undefined;
  return {
    known,
    of(judge) {
      const { identity } = judge;
      if (cache === undefined || identity === undefined) return judge;
      const ask: Judge = async (request) => {
        asked ??= lookUp(cache, verdictKey(version, identity, sample));
        const found = await asked.found;
        if (!found) return judge(request);
        resolve(found);
        // Whoever waits for `known` goes first: what becomes of the evaluator comes too late to be seen.
        await new Promise((later) => setImmediate(later));
        throw new EvaluatorError("cancelled", "The verdict was known already.");
      };
      return Object.assign(ask, { identity });
    },
    keep(finding) {
      if (asked && isJudged(finding) && !isCached(finding)) {
        // A verdict is not worth less for not being kept.
        cache?.set(asked.key, JSON.stringify(finding)).catch(() => {});
      }
    },
  };
}

function lookUp(cache: Cache, key: string) {
  return { key, found: cache.get(key).then(readFinding, () => undefined) };
}

/** The key of a verdict: sha256 of the evaluator's version, the judge's identity and the sample, whatever order its fields have. */
export function verdictKey(version: string, judge: string, sample: Sample): string {
  return hash("sha256", canonicalJson(["verdict", version, judge, sample]), "hex");
}

function isJudged({ path }: Finding): boolean {
  return path === undefined || path.some(({ stage }) => stage === "judge");
}

function isCached({ path = [] }: Finding): boolean {
  return path.some(({ cached }) => cached);
}

const passage = z.looseObject({
  text: z.string(),
  start: z.number(),
  end: z.number(),
  verdict: z.enum(["supported", "unsupported", "contradicted", "unclear", "violation"]),
});
const criterion = z.looseObject({
  id: z.string(),
  question: z.string(),
  verdict: z.enum(["yes", "no", "not_applicable", "unsure"]),
  weight: z.number(),
});
const step = z.looseObject({ stage: z.enum(["local", "judge"]), decided: z.boolean() });
const path = z.array(step).optional();
const kept = z.union([
  z.looseObject({ abstained: z.string(), path }),
  z.looseObject({
    score: z.number().min(0).max(1),
    reason: z.string(),
    claims: z.array(passage).optional(),
    criteria: z.array(criterion).optional(),
    confidence: z.number().optional(),
    path,
  }),
]);

/** A verdict as it was kept, marked as such and free of charge; undefined for what cannot be read. */
function readFinding(text: string | undefined): Finding | undefined {
  if (text === undefined) return undefined;
  const parsed = kept.safeParse(parse(text));
  if (!parsed.success) return undefined;
  const steps = parsed.data.path ?? [{ stage: "judge" as const, decided: !("abstained" in parsed.data) }];
  const cached = steps.map((each): Step => ({ ...each, ms: 0, cached: true }));
  return { ...(parsed.data as unknown as Finding), path: cached, usage: null, costUsd: null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
