import type { Context } from "@opentelemetry/api";
import { Hono } from "hono";
import pLimit from "p-limit";
import { z } from "zod";
import { evaluate, type Evaluation, EvaluatorUsageError, toSample } from "../../evaluators/index.ts";
import { webArrival } from "../arrival/web-arrival.ts";
import { GatewayError } from "../errors.ts";
import { readBody } from "../exchange/read-body.ts";
import { refuseWhenClosing } from "../refuse-when-closing.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";
import { admitEvaluation, type AdmittedEvaluation } from "./admit-evaluation.ts";
import { answerBatch, isBatch } from "./evaluation-batch.ts";
import { answerPair } from "./evaluation-pair.ts";
import { countEvaluations } from "./count-evaluations.ts";
import { evaluationsPath, placeOf, type Target, targetOf, targetSchema } from "./evaluation-place.ts";

const one = z.record(z.string(), z.unknown());
const requestSchema = z.strictObject({
  evaluators: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  sample: z.union([one, z.array(one)]),
  target: targetSchema.optional(),
  /** `bypass`: verdicts of judges are neither taken from the cache nor kept. */
  cache: z.literal("bypass").optional(),
});

/** One sample's results; `trace_id` says where its EVALUATOR spans are. */
interface EvaluatedSample {
  readonly trace_id: string;
  readonly evaluations: readonly Evaluation[];
}

/** Rows of one request that are evaluated side by side. */
const rowsAtOnce = 8;

/**
 * `POST /v1/evaluations`: named evaluators on one sample or on an array of them, or JSONL in and JSONL out, or two answers to
 * compare (`pair`). A sample may carry its
 * own `target`; with one, or with `traceparent`, the EVALUATOR spans join the trace of the generation that they judge.
 */
export function evaluationsRoute(runtime: Runtime): Hono {
  return new Hono().post(evaluationsPath, async function evaluations(c) {
    try {
      refuseWhenClosing(runtime);
      const admitted = await admitEvaluation(runtime, c.req.raw);
      if (isBatch(c.req.raw)) return await answerBatch(admitted, c.req.raw, rowsAtOnce);
      const answered = await answer(admitted, c.req.raw).finally(admitted.end);
      if ("trace_id" in answered) c.header("x-proctor-trace-id", answered.trace_id);
      for (const [name, value] of Object.entries(admitted.headers)) c.header(name, value);
      return c.json(answered);
    } catch (thrown) {
      const error =
        thrown instanceof EvaluatorUsageError
          ? new GatewayError("invalid_request", thrown.message, { cause: thrown })
          : GatewayError.from(thrown);
      return Response.json(wires.chat.error(error), { status: error.status, headers: { ...error.options.headers } });
    }
  });
}

async function answer(admitted: AdmittedEvaluation, request: Request) {
  const { runtime } = admitted;
  const arrival = webArrival(request);
  const { json } = await readBody(arrival, runtime.listen.max_body_bytes).catch(withWayOut);
  if ("pair" in json) return answerPair(admitted, request, json);
  const { evaluators, sample, target, cache } = parseRequest(json);
  const names = typeof evaluators === "string" ? [evaluators] : evaluators;
  const caller = runtime.tracing.contextFrom(arrival.headers);
  const job: Job = { runtime, names, target, caller, cache: cache ?? runtime.cache, signal: request.signal };
  if (!Array.isArray(sample)) return evaluateSample(job, sample);
  checkAll(job, sample);
  return { results: await pLimit(rowsAtOnce).map(sample, (each) => evaluateSample(job, each)) };
}

/** Rows that were sent as one JSON text are the likeliest mistake. */
function withWayOut(thrown: unknown): never {
  if (!(thrown instanceof GatewayError) || thrown.code !== "malformed_json") throw thrown;
  throw new GatewayError(
    "malformed_json",
    `${thrown.message} Rows, one object a line, are sent with the content-type application/x-ndjson.`,
    { cause: thrown },
  );
}

/** What all samples of a request share. */
interface Job {
  readonly runtime: Runtime;
  readonly names: readonly string[];
  readonly target: Target | undefined;
  /** The context of the caller's `traceparent`. */
  readonly caller: Context;
  readonly cache: Runtime["cache"] | "bypass";
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
  const { runtime, names, cache, caller, signal } = job;
  const { evaluators, judges, cards } = runtime;
  toSample(fields);
  for (const name of names) evaluators.get(name);
  const place = placeOf(runtime.tracing, caller, target === undefined ? job.target : targetOf(target));
  try {
    const { tracing } = place;
    const evaluations = await evaluate(names, fields, { evaluators, judges, cache, cards, signal, tracing });
    countEvaluations(runtime, evaluations);
    return { trace_id: place.traceId, evaluations };
  } finally {
    place.close();
  }
}
