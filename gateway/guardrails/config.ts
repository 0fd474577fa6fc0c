import { z } from "zod";
import { duration } from "../../tracing/index.ts";
import { inputKinds, outputKinds } from "../wires/wire.ts";

const onUnexamined = z.enum(["allow", "block"]);

/** What becomes of an answer that fails. `regenerate` and `fallback` bring another answer, `block` and `flag` end the matter. */
export const failActions = ["block", "regenerate", "fallback", "redact", "flag"] as const;
export type FailAction = (typeof failActions)[number];

const modes = z.enum(["hold", "window", "observe"]).meta({
  description:
    "hold: nothing leaves before the verdict. window: text leaves sentence by sentence after the check of each. observe: evaluated afterwards, recorded on the trace.",
});

const shared = {
  evaluator: z.string().min(1),
  mode: modes,
  when: z
    .enum(["context", "tools", "always"])
    .default("always")
    .meta({ description: "Run only for requests that bring context, or tools." }),
  on_fail: z.enum(failActions).default("block").meta({ description: "What becomes of what fails." }),
  then: z
    .union([z.enum(failActions), z.array(z.enum(failActions))])
    .default([])
    .meta({
      description: "What follows, in order, where on_fail brought nothing better; ends with block where it has no end.",
    }),
  attempts: z
    .number()
    .int()
    .min(2)
    .max(10)
    .default(2)
    .meta({ description: "With regenerate: answers in all, the first included." }),
  within: duration
    .default(60_000)
    .meta({ description: "With regenerate: no new answer is begun when the request is older than this." }),
  max_usd: z
    .number()
    .positive()
    .optional()
    .meta({ description: "With regenerate: no new answer is begun when generations have cost so much." }),
  fallback: z.string().min(1).optional().meta({ description: "With fallback: the alias that answers instead." }),
  on_error: onUnexamined.default("block"),
  on_timeout: onUnexamined.default("block"),
  on_skip: onUnexamined.default("allow"),
  on_abstain: onUnexamined.default("allow"),
  timeout: duration.default(30_000),
  sample: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .meta({ description: "Share of requests that are observed, decided by trace id." }),
};

const outputGuardrail = z.strictObject({
  ...shared,
  covers: z
    .array(z.enum(outputKinds))
    .min(1)
    .default([...outputKinds])
    .meta({ description: "Which parts of an answer are examined." }),
});

const inputGuardrail = z.strictObject({
  ...shared,
  covers: z
    .array(z.enum(inputKinds))
    .min(1)
    .default(inputKinds.filter((kind) => kind !== "attachments"))
    .meta({
      description:
        "Which parts of a request are examined. attachments are images, audio and files as data, which no evaluator of text can read: naming them makes a request with one skipped.",
    }),
});

const milliseconds = duration.optional();
const usd = z.number().positive().optional();

/** The `guardrails:` section: which aliases, which evaluators, and what a block looks like. */
export const guardrailsConfig = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9_-]{0,39}$/, "a short name of small letters, digits, _ and -, such as support")
        .default("default")
        .meta({ description: "Name of the policy, as x-proctor-policy shows it." }),
      models: z.array(z.string().min(1)).min(1),
      input: z.array(inputGuardrail).default([]),
      output: z.array(outputGuardrail).default([]),
      on_block: z
        .enum(["refuse", "error"])
        .default("refuse")
        .meta({ description: "refuse: a normal reply that says so. error: HTTP 422." }),
      hold: z
        .strictObject({
          max_bytes: z
            .number()
            .int()
            .positive()
            .default(16 * 1024 * 1024)
            .meta({ description: "An answer is held back up to this size." }),
          on_exceed: z
            .enum(["block", "degrade"])
            .default("block")
            .meta({ description: "What becomes of a longer one. degrade: let through unexamined, and said so." }),
        })
        .prefault({}),
      budget: z
        .strictObject({
          judge_ms: milliseconds.meta({ description: "Time that judges may take for one request." }),
          judge_usd: usd.meta({ description: "USD that judges may cost for one request." }),
          judge_ms_per_day: milliseconds.meta({ description: "Time that judges may take in a day (UTC)." }),
          judge_usd_per_day: usd.meta({ description: "USD that judges may cost in a day (UTC)." }),
          on_exceed: z.enum(["allow", "observe", "block"]).default("observe").meta({
            description:
              "What becomes of an answer whose judge cannot be paid. allow: let through unexamined. observe: the same, and evaluated afterwards. block: withheld.",
          }),
        })
        .prefault({}),
      context_from: z
        .array(z.enum(["body", "tool_results", "documents", "tags"]))
        .default(["body", "tool_results", "documents", "tags"])
        .meta({ description: "Where passages for faithfulness come from; body is `proctor: { context: [...] }`." }),
    }),
  )
  .default([]);

export type GuardrailGroup = z.output<typeof guardrailsConfig>[number];
export type GuardrailConfig = GuardrailGroup["input"][number] | GuardrailGroup["output"][number];
