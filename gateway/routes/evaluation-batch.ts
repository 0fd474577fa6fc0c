import { carriedIn, evaluateBatch, type InputRow, type RowEvaluation } from "../../evaluators/index.ts";
import { GatewayError, requestCutShort } from "../errors.ts";
import { refuseEncoded } from "../exchange/read-body.ts";
import { toWebStream, webArrival } from "../arrival/web-arrival.ts";
import type { Runtime } from "../runtime.ts";
import { countEvaluations } from "./count-evaluations.ts";
import type { AdmittedEvaluation } from "./admit-evaluation.ts";
import { headerInRequest, withoutFirstLine } from "./evaluation-batch-header.ts";
import { placeOf, type Target, targetOf } from "./evaluation-place.ts";

const mediaTypes: ReadonlySet<string> = new Set(["application/x-ndjson", "application/ndjson", "application/jsonl"]);

/** Whether the body is JSONL: one object a line. */
export function isBatch({ headers }: Request): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return mediaTypes.has(type.trim().toLowerCase());
}

/**
 * Evaluates the lines of a body and streams a line for each as it is done. Nothing is read before there is room for it, and a
 * client that leaves ends it. A line that cannot be read becomes a line with an `error`. Throws `EvaluatorUsageError` for an
 * evaluator that does not exist and `GatewayError` for a request that names none.
 */
export async function answerBatch(
  admitted: AdmittedEvaluation,
  request: Request,
  concurrency: number,
): Promise<Response> {
  try {
    const results = await evaluateLines(admitted.runtime, request, concurrency);
    const text = toWebStream(endingWith(admitted.end, toLines(counted(admitted.runtime, results), request.signal)));
    return new Response(text, { headers: { ...admitted.headers, "content-type": "application/x-ndjson" } });
  } catch (thrown) {
    admitted.end();
    throw thrown;
  }
}

async function evaluateLines(
  runtime: Runtime,
  request: Request,
  concurrency: number,
): Promise<AsyncIterable<RowEvaluation>> {
  const inRequest = headerInRequest(request);
  const body = await bodyOf(runtime, request);
  const { header, lines } = inRequest ? { header: inRequest, lines: body } : await withoutFirstLine(body);
  const { tracing, evaluators, judges, cards } = runtime;
  const caller = tracing.contextFrom(Object.fromEntries(request.headers));
  return evaluateBatch(header.evaluators, lines, {
    evaluators,
    judges,
    cards,
    cache: header.cache ?? runtime.cache,
    order: "completed",
    concurrency,
    signal: request.signal,
    longestLine: runtime.listen.max_body_bytes,
    place: (row) => placeOf(tracing, caller, targetIn(row)),
  });
}

async function* endingWith<T>(end: () => void, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    end();
  }
}

type Pieces = AsyncIterable<Uint8Array>;

/**
 * A body of moderate size is read before the first result is sent: many clients send all of theirs before they read, and would
 * wait for us as we for them. Only larger ones are read as they are worked on.
 */
async function bodyOf({ listen }: Runtime, request: Request): Promise<Pieces> {
  refuseEncoded(webArrival(request));
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced <= listen.max_body_bytes) {
    const whole = await request.arrayBuffer().catch((error: unknown) => {
      throw requestCutShort(error);
    });
    return piecesOf([new Uint8Array(whole)]);
  }
  return piecesOf(request.body ?? []);
}

async function* piecesOf(pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[]): Pieces {
  yield* pieces;
}

function targetIn({ source }: InputRow): Target | undefined {
  const given = typeof source === "object" && source !== null && "target" in source ? source.target : undefined;
  return given === undefined || given === null ? undefined : targetOf(given);
}

async function* counted(runtime: Runtime, results: AsyncIterable<RowEvaluation>): AsyncGenerator<RowEvaluation> {
  for await (const result of results) {
    countEvaluations(runtime, result.evaluations);
    yield result;
  }
}

const encoder = new TextEncoder();

async function* toLines(results: AsyncIterable<RowEvaluation>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encode = (line: object) => encoder.encode(`${JSON.stringify(line)}\n`);
  try {
    for await (const result of results) yield encode(toLine(result));
  } catch (thrown) {
    if (signal.aborted) return;
    // The status has gone: a last line without a row says that this is not all.
    yield encode({ error: { message: GatewayError.from(thrown).message } });
  }
}

/** What is said of a row: the columns that nobody examines go along, the examined text does not come back. */
function toLine({ row, traceId, decision, evaluations, problem, source }: RowEvaluation): object {
  const { target: _target, ...carried } = carriedIn(source);
  return {
    row,
    ...(traceId === undefined ? {} : { trace_id: traceId }),
    ...(Object.keys(carried).length === 0 ? {} : { carried }),
    decision,
    ...(problem === undefined ? { evaluations } : { error: { message: problem } }),
  };
}
