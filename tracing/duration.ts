import { z } from "zod";

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `250ms`, `8s`, `5m`, `2h` or `7d`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}

/** A duration in a configuration file; parsed to milliseconds. */
export const duration = z
  .string()
  .meta({ pattern: "^\\d+(\\.\\d+)?(ms|s|m|h|d)$", description: "A duration such as 250ms, 8s, 5m, 2h or 7d." })
  .transform((text, context) => {
    const parsed = parseDuration(text);
    if (parsed !== undefined) return parsed;
    context.addIssue(`"${text}" is no duration. Write a number and a unit, such as 250ms, 8s, 5m, 2h or 7d.`);
    return z.NEVER;
  });
