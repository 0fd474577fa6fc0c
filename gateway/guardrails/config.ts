import { z } from "zod";
import { duration } from "../../tracing/index.ts";

const onUnexamined = z.enum(["allow", "block"]);

/** One evaluator attached to a route. What happens on each outcome only means something in `hold`. */
const outputGuardrail = z
  .strictObject({
    evaluator: z.string().min(1),
    mode: z.enum(["hold", "observe"]).meta({
      description: "hold: nothing leaves before the verdict. observe: evaluated afterwards, recorded on the trace.",
    }),
    when: z
      .enum(["context", "tools", "always"])
      .default("always")
      .meta({ description: "Run only for requests that bring context, or tools." }),
    on_fail: z.enum(["block"]).optional(),
    on_error: onUnexamined.optional(),
    on_timeout: onUnexamined.optional(),
    on_skip: onUnexamined.optional(),
    on_abstain: onUnexamined.optional(),
    timeout: duration.default(30_000),
    sample: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .meta({ description: "Share of requests that are observed, decided by trace id." }),
  })
  .superRefine((guardrail, context) => {
    const given = (["on_fail", "on_error", "on_timeout", "on_skip", "on_abstain"] as const).filter(
      (key) => guardrail[key] !== undefined,
    );
    if (guardrail.mode === "observe" && given.length > 0) {
      context.addIssue({
        code: "custom",
        path: [given[0] ?? "mode"],
        message: `"mode: observe" never withholds an answer, so "${given.join('", "')}" would do nothing. Use "mode: hold", or remove it.`,
      });
    }
    if (guardrail.mode === "hold" && guardrail.sample !== 1) {
      context.addIssue({
        code: "custom",
        path: ["sample"],
        message: `"sample" is for "mode: observe"; a guardrail in "hold" examines every answer.`,
      });
    }
  });

const inputGuardrail = z.strictObject({
  evaluator: z.string().min(1),
  mode: z.enum(["observe"]),
  timeout: duration.default(30_000),
  sample: z.number().min(0).max(1).default(1),
});

/** The `guardrails:` section: which aliases, which evaluators, and what a block looks like. */
export const guardrailsConfig = z
  .array(
    z.strictObject({
      models: z.array(z.string().min(1)).min(1),
      input: z.array(inputGuardrail).default([]),
      output: z.array(outputGuardrail).default([]),
      on_block: z
        .enum(["refuse", "error"])
        .default("refuse")
        .meta({ description: "refuse: a normal reply that says so. error: HTTP 422." }),
      context_from: z
        .array(z.enum(["body", "tool_results", "documents", "tags"]))
        .default(["body", "tool_results", "documents", "tags"])
        .meta({ description: "Where passages for faithfulness come from; body is `proctor: { context: [...] }`." }),
    }),
  )
  .default([]);

export type GuardrailGroup = z.output<typeof guardrailsConfig>[number];
