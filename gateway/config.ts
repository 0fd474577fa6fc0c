import { z } from "zod";
import { guardrailsConfig } from "./guardrails/config.ts";
import { providerKinds } from "./providers/registry.ts";

const price = z
  .strictObject({ input: z.number().min(0), output: z.number().min(0) })
  .meta({ description: "USD per million tokens." });

const target = z.strictObject({
  provider: z.string().min(1),
  model: z.string().min(1).meta({ description: "The provider's own name for the model." }),
  weight: z.number().positive().default(1),
  price: price.optional(),
});

const retryReason = z.union([
  z.literal("connect"),
  z.literal("timeout"),
  z.literal("5xx"),
  z.number().int().min(400).max(599),
]);

const model = z.strictObject({
  role: z.enum(["teacher", "student", "judge"]).default("student"),
  targets: z.array(target).min(1),
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(10).default(2).meta({ description: "Tries in all, the first included." }),
      on: z.array(retryReason).default([429, "5xx", "connect", "timeout"]),
    })
    .optional(),
  price: price.optional(),
});

const providers = z.record(
  z.string(),
  z.discriminatedUnion("kind", [providerKinds[0].options, ...providerKinds.slice(1).map(({ options }) => options)]),
);

/** The gateway's sections of `proctor.yaml`. */
export const gatewayConfig = {
  listen: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.number().int().min(0).max(65_535).default(4141),
      max_body_bytes: z
        .number()
        .int()
        .positive()
        .default(20 * 1024 * 1024),
      quiet_ms: z
        .number()
        .int()
        .min(0)
        .default(10_000)
        .meta({ description: "A held stream sends nothing for so long; then comment frames keep it alive." }),
    })
    .prefault({}),
  providers,
  models: z.record(z.string(), model),
  guardrails: guardrailsConfig,
};

const sections = z.strictObject(gatewayConfig);
export type GatewayConfig = z.output<typeof sections>;
export type ModelConfig = GatewayConfig["models"][string];
export type ProviderConfig = GatewayConfig["providers"][string];
