import { z } from "zod";
import { duration } from "./duration.ts";
import { defaultMaxValueBytes } from "./span.ts";

/** The `tracing:` section of `proctor.yaml`. */
export const tracingConfig = z
  .strictObject({
    otlp: z
      .url({ protocol: /^https?$/, error: "not an address such as http://localhost:4318" })
      .optional()
      .meta({ description: "Base URL of an OTLP/HTTP collector such as Jaeger; /v1/traces is appended." }),
    store: z
      .union([z.string().min(1), z.literal(false)])
      .default(".proctor/spans.db")
      .meta({ description: "File of the built-in span store; false switches it off." }),
    max_value_bytes: z
      .number()
      .int()
      .min(256)
      .default(defaultMaxValueBytes)
      .meta({ description: "Longer bodies are cut and marked." }),
    retention: duration.default(7 * 86_400_000),
  })
  .prefault({});

export type TracingConfig = z.output<typeof tracingConfig>;
