import { z } from "zod";

/** How a count is compared in IFEval. */
export const relation = z.enum(["less than", "at least"]);
export const count = z.number().int().min(0);
export const text = z.string().trim().min(1);
export const texts = z.array(text).min(1);

/** "less than" leaves the bound out, "at least" takes it in. */
export function compare(found: number, how: z.output<typeof relation>, bound: number): boolean {
  return how === "less than" ? found < bound : found >= bound;
}
