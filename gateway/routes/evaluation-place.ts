import { type Context, type SpanContext, SpanKind, trace } from "@opentelemetry/api";
import { z } from "zod";
import { EvaluatorUsageError, type RowPlace } from "../../evaluators/index.ts";
import {
  attribute,
  type AttributeValues,
  contextOf,
  openSpan,
  plainAttributes,
  type Tracing,
} from "../../tracing/index.ts";

export const evaluationsPath = "/v1/evaluations";

/** The generation that is judged. */
export const targetSchema = z.strictObject({
  trace_id: z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits, as in the header x-proctor-trace-id"),
  span_id: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, as in the header x-proctor-span-id"),
});

export type Target = z.output<typeof targetSchema>;

/**
 * Where the EVALUATOR spans of a sample hang: under the generation that is named or that calls us, or under a root of their own,
 * which `close` ends.
 */
export function placeOf(tracing: Tracing, caller: Context, target: Target | undefined): RowPlace {
  if (target) {
    const parent = contextOf(target.trace_id, target.span_id);
    return placeUnder(tracing, parent, trace.getSpanContext(parent));
  }
  const judged = trace.getSpanContext(caller);
  if (judged) return placeUnder(tracing, caller, judged);
  const root = openSpan(tracing.tracer, `evaluate ${evaluationsPath}`, {
    kind: "CHAIN",
    otelKind: SpanKind.SERVER,
    parent: caller,
  });
  return { ...placeUnder(tracing, root.context, undefined), close: () => root.end() };
}

/** Reads a target that a row carries. Throws `EvaluatorUsageError`. */
export function targetOf(value: unknown): Target {
  const parsed = targetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EvaluatorUsageError(
    `"target" is not right at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unreadable"}.`,
  );
}

function placeUnder(tracing: Tracing, parent: Context, judged: SpanContext | undefined): RowPlace {
  return {
    tracing: {
      tracer: tracing.tracer,
      parent,
      target: judged,
      attributes: attributesOf(tracing, judged),
      mode: "request",
      maxValueBytes: tracing.maxValueBytes,
    },
    traceId: trace.getSpanContext(parent)?.traceId ?? "",
    close: () => {},
  };
}

/** What the generation's span says of itself, so that one query finds early and late evaluations alike. */
function attributesOf({ store }: Tracing, judged: SpanContext | undefined): AttributeValues {
  if (!store || !judged) return {};
  const spans = store.trace(judged.traceId).flatMap((group) => group.spans);
  const known = plainAttributes(spans.find(({ spanId }) => spanId === judged.spanId)?.attributes);
  const names = [attribute.alias, attribute.target, attribute.role, attribute.sessionId];
  return Object.fromEntries(names.flatMap((name) => (typeof known[name] === "string" ? [[name, known[name]]] : [])));
}
