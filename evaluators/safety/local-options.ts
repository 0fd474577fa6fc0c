import { z } from "zod";
import { patternSource } from "./linear-pattern.ts";

/** What is never reported, and the kinds that are looked for. */
export function detectionOptions<const Kinds extends readonly [string, ...string[]]>(
  kinds: Kinds,
  looked: readonly Kinds[number][] = kinds,
) {
  return {
    ...allowOptions,
    kinds: z
      .array(z.enum(kinds))
      .min(1)
      .default([...looked]),
  };
}

/** Exact values, patterns of whole values, and fields of the sample whose own words may be repeated. */
export const allowOptions = {
  allow: z.array(z.string().min(1)).default([]),
  allow_patterns: z.array(patternSource).default([]),
  allow_from: z.array(z.enum(["input", "context", "system"])).default([]),
};

/** Options of an evaluator that only code decides. */
export const localOnly = {
  engine: z.literal("local").default("local"),
  threshold: z.number().min(0).max(1).default(1),
  judge: z.undefined().optional(),
};

/** Options of a detector that only code decides. */
export function localOptions<const Kinds extends readonly [string, ...string[]]>(kinds: Kinds) {
  return z.strictObject({ ...localOnly, ...detectionOptions(kinds) });
}
