import { type Context, type SpanContext, SpanKind, trace } from "@opentelemetry/api";
import { Hono } from "hono";
import pLimit from "p-limit";
import { z } from "zod";
import { evaluate, type Evaluation, EvaluatorUsageError, toSample } from "../../evaluators/index.ts";
import {
  attribute,
  type AttributeValues,
  contextOf,
  openSpan,
  type OpenSpan,
  plainAttributes,
  type Tracing,
} from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { readBody } from "../exchange/read-body.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";

const path = "/v1/evaluations";

const targetSchema = z.strictObject({
  trace_id: z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits, as in the header x-proctor-trace-id"),
  span_id: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, as in the header x-proctor-span-id"),
});

const one = z.record(z.string(), z.unknown());
const requestSchema = z.strictObject({
  evaluators: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  sample: z.union([one, z.array(one)]),
  target: targetSchema.optional(),
});

type Target = z.output<typeof targetSchema>;

/** One sample's results; `trace_id` says where its EVALUATOR spans are. */
interface EvaluatedSample {
  readonly trace_id: string;
  readonly evaluations: readonly Evaluation[];
}

/** Rows of one request that are evaluated side by side. */
const rowsAtOnce = 8;

/**
 * `POST /v1/evaluations`: named evaluators on one sample or on an array of them. A sample may carry its own `target`;
 * with one, or with `traceparent`, the EVALUATOR spans join the trace of the generation that they judge.
 */
export function evaluationsRoute(runtime: Runtime): Hono {
  return new Hono().post(path, async function evaluations(c) {
    try {
      const answered = await answer(runtime, c.req.raw);
      if ("trace_id" in answered) c.header("x-proctor-trace-id", answered.trace_id);
      return c.json(answered);
    } catch (thrown) {
      const error =
        thrown instanceof EvaluatorUsageError
          ? new GatewayError("invalid_request", thrown.message, { cause: thrown })
          : GatewayError.from(thrown);
      return Response.json(wires.chat.error(error), { status: error.status });
    }
  });
}

async function answer(runtime: Runtime, request: Request) {
  const { json } = await readBody(request, runtime.listen.max_body_bytes);
  const { evaluators, sample, target } = parseRequest(json);
  const names = typeof evaluators === "string" ? [evaluators] : evaluators;
  const caller = runtime.tracing.contextFrom(Object.fromEntries(request.headers));
  const job: Job = { runtime, names, target, caller, signal: request.signal };
  if (!Array.isArray(sample)) return evaluateSample(job, sample);
  checkAll(job, sample);
  return { results: await pLimit(rowsAtOnce).map(sample, (each) => evaluateSample(job, each)) };
}

/** What all samples of a request share. */
interface Job {
  readonly runtime: Runtime;
  readonly names: readonly string[];
  readonly target: Target | undefined;
  /** The context of the caller's `traceparent`. */
  readonly caller: Context;
  readonly signal: AbortSignal;
}

function parseRequest(json: unknown): z.output<typeof requestSchema> {
  const parsed = requestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new GatewayError(
    "invalid_request",
    `The request is not right${field === "" ? "" : ` at "${field}"`}: ${issue?.message ?? "unreadable"}. It looks like {"evaluators": ["faithfulness"], "sample": {"output": "…", "context": ["…"]}}.`,
    field === "" ? {} : { param: field },
  );
}

/** A mistake in one row of an array is said before any row is evaluated. */
function checkAll({ runtime, names }: Job, samples: readonly Record<string, unknown>[]): void {
  for (const name of names) runtime.evaluators.get(name);
  for (const [index, { target, ...fields }] of samples.entries()) {
    try {
      toSample(fields);
      if (target !== undefined) targetOf(target);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new GatewayError("invalid_request", `sample[${index}]: ${message}`, {
        param: `sample.${index}`,
        cause: error,
      });
    }
  }
}

async function evaluateSample(job: Job, { target, ...fields }: Record<string, unknown>): Promise<EvaluatedSample> {
  const { runtime, names, signal } = job;
  const { tracing, evaluators, judges } = runtime;
  toSample(fields);
  for (const name of names) evaluators.get(name);
  const { parent, judged, root } = placeOf(job, target === undefined ? job.target : targetOf(target));
  try {
    const evaluations = await evaluate(names, fields, {
      evaluators,
      judges,
      signal,
      tracing: {
        tracer: tracing.tracer,
        parent,
        target: judged,
        attributes: attributesOf(tracing, judged),
        mode: "request",
        maxValueBytes: tracing.maxValueBytes,
      },
    });
    return { trace_id: trace.getSpanContext(parent)?.traceId ?? "", evaluations };
  } finally {
    root?.end();
  }
}

/** What the generation's span says of itself, so that one query finds early and late evaluations alike. */
function attributesOf({ store }: Tracing, judged: SpanContext | undefined): AttributeValues {
  if (!store || !judged) return {};
  const spans = store.trace(judged.traceId).flatMap((group) => group.spans);
  const known = plainAttributes(spans.find(({ spanId }) => spanId === judged.spanId)?.attributes);
  const names = [attribute.alias, attribute.target, attribute.role, attribute.sessionId];
  return Object.fromEntries(names.flatMap((name) => (typeof known[name] === "string" ? [[name, known[name]]] : [])));
}

interface Place {
  readonly parent: Context;
  readonly judged: SpanContext | undefined;
  /** A span of our own, when there is no trace to join. */
  readonly root: OpenSpan | undefined;
}

/** Where the EVALUATOR spans hang: under the generation that is named or that calls us, or under a root of their own. */
function placeOf({ runtime, caller }: Job, target: Target | undefined): Place {
  if (target) {
    const parent = contextOf(target.trace_id, target.span_id);
    return { parent, judged: trace.getSpanContext(parent), root: undefined };
  }
  const judged = trace.getSpanContext(caller);
  if (judged) return { parent: caller, judged, root: undefined };
  const root = openSpan(runtime.tracing.tracer, `evaluate ${path}`, {
    kind: "CHAIN",
    otelKind: SpanKind.SERVER,
    parent: caller,
  });
  return { parent: root.context, judged: undefined, root };
}

function targetOf(value: unknown): Target {
  const parsed = targetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EvaluatorUsageError(
    `"target" is not right at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unreadable"}.`,
  );
}
