import { z } from "zod";
import { duration } from "../tracing/index.ts";
import { keysConfig } from "./access/config.ts";
import { guardrailsConfig } from "./guardrails/config.ts";
import { providerKinds } from "./providers/registry.ts";
import { redisConfig } from "./redis.ts";

const price = z
  .strictObject({
    input: z.number().min(0),
    output: z.number().min(0),
    cache_read: z
      .number()
      .min(0)
      .optional()
      .meta({ description: "Input read from the prompt cache; as input when absent." }),
    cache_write: z.number().min(0).optional().meta({ description: "Input written into it; as input when absent." }),
    cache_write_long: z
      .number()
      .min(0)
      .optional()
      .meta({ description: "Input written for the longer of two times; as cache_write when absent." }),
  })
  .meta({ description: "USD per million tokens." });

const target = z.strictObject({
  provider: z.string().min(1),
  model: z.string().min(1).meta({ description: "The provider's own name for the model." }),
  weight: z.number().positive().default(1),
  price: price.optional(),
  max_tokens: z.number().int().positive().optional().meta({
    description: "Most tokens of an answer where the client sets no limit and the provider's dialect demands one.",
  }),
  omit: z
    .array(
      z
        .string()
        .min(1)
        .regex(/^(?!(?:model|messages|input|stream|max_tokens)$)/, "a member that requests can do without"),
    )
    .optional()
    .meta({
      description: "Members of requests that this model refuses, such as temperature: left out, and named as dropped.",
    }),
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
  sticky: z.literal("session").optional().meta({
    description: "Requests with the same x-proctor-session go to the same target, for as long as it is there.",
  }),
  fallback: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .meta({ description: "Another alias, or several in order, whose targets are asked when every try has failed." }),
  shadow: z
    .strictObject({
      model: z.string().min(1).meta({ description: "The alias that gets the copies." }),
      sample: z.number().min(0).max(1).default(1).meta({ description: "Share of the requests that are copied." }),
    })
    .optional(),
  price: price.optional(),
  cache: z
    .strictObject({
      ttl: duration.default(600_000).meta({ description: "How long an answer is given again." }),
      max_entries: z
        .number()
        .int()
        .positive()
        .default(10_000)
        .meta({ description: "Answers that are kept at most; with Redis, its own limits count instead." }),
    })
    .optional()
    .meta({ description: "Answers the same request of the same caller again without asking a target." }),
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
      allowed_hosts: z
        .array(z.string().regex(/^[A-Za-z0-9._-]+$/, "a host name alone, without scheme and port"))
        .default([])
        .meta({ description: "Host names that requests may be sent to, besides this machine's own." }),
      cors: z
        .array(z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/*?#"\\]+$/, "an origin such as https://app.example.com"))
        .default([])
        .meta({ description: "Origins whose web pages may call the gateway from a browser." }),
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
      drain: duration
        .default(20_000)
        .meta({ description: "How long requests may take to finish when the gateway is told to end." }),
    })
    .prefault({}),
  log: z
    .strictObject({
      format: z
        .enum(["json", "off"])
        .default("off")
        .meta({ description: "json: one line on standard output for every request that has ended." }),
      content: z
        .boolean()
        .default(false)
        .meta({ description: "Lines hold what was asked and answered; without it, none of it." }),
    })
    .prefault({}),
  providers,
  models: z.record(z.string(), model),
  guardrails: guardrailsConfig,
  keys: keysConfig,
  redis: redisConfig,
};

const sections = z.strictObject(gatewayConfig);
export type GatewayConfig = z.output<typeof sections>;
export type ModelConfig = GatewayConfig["models"][string];
export type ProviderConfig = GatewayConfig["providers"][string];
