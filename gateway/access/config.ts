import { z } from "zod";

const keyConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error: "a name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or a digit",
    })
    .meta({ description: "For limits, spans, logs and errors. Counts are kept under it, so a new hash keeps them." }),
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, {
      error: 'no hash of a key; "proctor keys create --name …" makes a key and prints the line to paste',
    })
    .meta({ description: "sha256 of the key, as proctor keys create prints it." }),
  models: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: "Aliases that it may use; all when absent." }),
  rpm: z.number().int().positive().optional().meta({ description: "Requests a minute." }),
  tokens_per_minute: z
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: "Input and output tokens together; reserved when a call begins, settled when it ends." }),
  concurrent: z.number().int().positive().optional().meta({ description: "Requests under way at a time." }),
  usd_per_day: z.number().positive().max(1_000_000).optional().meta({ description: "A day of UTC; judges included." }),
  usd_per_month: z.number().positive().max(1_000_000).optional().meta({ description: "A month of UTC." }),
  admin: z.boolean().default(false).meta({ description: "May read traces and metrics." }),
  on_limiter_error: z
    .enum(["allow", "refuse"])
    .default("refuse")
    .meta({ description: "What happens to a key that has limits while Redis, which counts them, is away." }),
});

/** The `keys:` section of `proctor.yaml`. Without keys everyone who reaches the gateway may call. */
export const keysConfig = z.array(keyConfig).default([]);

export type KeyConfig = z.output<typeof keyConfig>;

/** True when something is counted for the key, so that several processes need a place to count together. */
export function hasLimits({ rpm, tokens_per_minute, concurrent, usd_per_day, usd_per_month }: KeyConfig): boolean {
  return [rpm, tokens_per_minute, concurrent, usd_per_day, usd_per_month].some((limit) => limit !== undefined);
}
