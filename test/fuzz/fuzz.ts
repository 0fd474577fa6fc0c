import fc from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** How many times as long as in `npm test`; `vitest.fuzz.config.ts` sets it. */
    fuzzFactor: number;
  }
}

/** Holds a property against `runs` values, or many more in the long run. A failure names its seed and the smallest value that was found. */
export async function always<T>(
  values: fc.Arbitrary<T>,
  runs: number,
  holds: (value: T) => Promise<void> | void,
): Promise<void> {
  // Undefined under any other configuration.
  const factor = (inject("fuzzFactor") as number | undefined) ?? 1;
  await fc.assert(
    fc.asyncProperty(values, async (value) => holds(value)),
    { numRuns: runs * factor },
  );
}

/** Long enough for the long run on a slow machine. */
export const fuzzTimeout = 3_600_000;
