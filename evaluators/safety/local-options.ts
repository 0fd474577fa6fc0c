import { z } from "zod";

/** Exact values that are never reported, and the kinds that are looked for. */
export function detectionOptions<const Kinds extends readonly [string, ...string[]]>(kinds: Kinds) {
  return {
    allow: z.array(z.string().min(1)).default([]),
    kinds: z
      .array(z.enum(kinds))
      .min(1)
      .default([...kinds]),
  };
}

/** Options of an evaluator that only code decides. */
export function localOptions<const Kinds extends readonly [string, ...string[]]>(kinds: Kinds) {
  return z.strictObject({
    engine: z.literal("local").default("local"),
    threshold: z.number().min(0).max(1).default(1),
    judge: z.undefined().optional(),
    ...detectionOptions(kinds),
  });
}
