import { z } from "zod";

/** Options of an evaluator that only code decides, with those of its own. `threshold` is the default one. */
export function codeOptions<Shape extends z.core.$ZodLooseShape>(threshold: number, shape: Shape) {
  return z.strictObject({
    engine: z.literal("local").default("local"),
    threshold: z.number().min(0).max(1).default(threshold),
    judge: z.undefined().optional(),
    ...shape,
  });
}
