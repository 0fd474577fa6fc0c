import type { SpanReader, StoredSpans } from "../store/index.ts";
import { parseTime } from "./go-time.ts";
import { MalformedValue, parseBoolean } from "./go-values.ts";
import { toResourceSpans } from "./otlp-json.ts";
import { malformed, parameter, parseTraceQuery, read } from "./parse-trace-query.ts";
import { summarizeTrace } from "./summarize-trace.ts";
import { parseTraceId } from "./trace-id.ts";

/** An answer to send: `body` is text, or a value to write as JSON. */
export interface SpanQueryAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/**
 * Answers `GET /api/v3/services`, `/operations`, `/traces`, `/traces/{id}` and `/trace-summaries` as Jaeger 2.20 with memory
 * storage does, its oddities included: `path` is the path of the URL as it came, not decoded. Errors are answers: 400 for a
 * parameter that cannot be read, 404 when no trace is found, 500 for a search depth that is zero, negative or over 100 000.
 */
export function answerSpanQuery(store: SpanReader, path: string, parameters: URLSearchParams): SpanQueryAnswer {
  const [, name = "", id] = /^\/api\/v3\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const question = id === undefined ? questions.get(name) : name === "traces" ? traceById : undefined;
  if (!question) return { status: 404, contentType: textType, body: "404 page not found\n" };
  try {
    return question(store, parameters, id ?? "");
  } catch (error) {
    if (error instanceof MalformedValue) return failure(400, error.message);
    throw error;
  }
}

type Question = (store: SpanReader, parameters: URLSearchParams, id: string) => SpanQueryAnswer;

const questions: ReadonlyMap<string, Question> = new Map<string, Question>([
  ["services", (store) => json({ services: store.services() })],
  ["operations", (store, parameters) => json({ operations: operations(store, parameters) })],
  ["traces", traces],
  ["trace-summaries", summaries],
]);

const textType = "text/plain; charset=utf-8";

/** Jaeger's `max_traces` of the memory storage, which is its upper limit for the search depth. */
const deepest = 100_000;

function operations(store: SpanReader, parameters: URLSearchParams): readonly object[] {
  const kind = parameter(parameters, ["spanKind", "span_kind"])?.value;
  return store
    .operations(parameters.get("service") ?? "")
    .filter((operation) => kind === undefined || operation.kind === kind)
    .map((operation) => ({ name: operation.name, spanKind: operation.kind || "internal" }));
}

function traces(store: SpanReader, parameters: URLSearchParams): SpanQueryAnswer {
  const { criteria, raw } = parseTraceQuery(parameters);
  if (!isDepth(criteria.limit)) return wrongDepth();
  return found(
    store.find(criteria).flatMap((id) => store.trace(id)),
    raw,
  );
}

function summaries(store: SpanReader, parameters: URLSearchParams): SpanQueryAnswer {
  const { criteria } = parseTraceQuery(parameters);
  if (!isDepth(criteria.limit)) return wrongDepth();
  return json({ summaries: store.find(criteria).map((id) => summarizeTrace(id, store.outline(id))) });
}

function traceById(store: SpanReader, parameters: URLSearchParams, text: string): SpanQueryAnswer {
  const id = readTraceId(text);
  // A window is read, so that a malformed one is refused, and then not used.
  read(parameters, ["startTime", "start_time"], parseTime);
  read(parameters, ["endTime", "end_time"], parseTime);
  return found(store.trace(id), read(parameters, ["rawTraces", "raw_traces"], parseBoolean) ?? false);
}

function readTraceId(text: string): string {
  try {
    return parseTraceId(decodeURIComponent(text));
  } catch (error) {
    throw malformed("trace_id", error instanceof Error ? error.message : String(error));
  }
}

function found(groups: readonly StoredSpans[], raw: boolean): SpanQueryAnswer {
  if (groups.length === 0) return failure(404, "No traces found");
  return json({
    result: { resourceSpans: groups.map((group) => toResourceSpans(raw ? group : withoutRepeats(group))) },
  });
}

function withoutRepeats({ origin, spans }: StoredSpans): StoredSpans {
  return { origin, spans: [...new Map(spans.map((span) => [JSON.stringify(span), span])).values()] };
}

function isDepth(limit: number): boolean {
  return limit > 0 && limit <= deepest;
}

function wrongDepth(): SpanQueryAnswer {
  return failure(500, "search depth must be greater than 0 and less than max traces");
}

function json(body: object): SpanQueryAnswer {
  return { status: 200, contentType: "application/json", body };
}

function failure(status: number, message: string): SpanQueryAnswer {
  return { status, contentType: textType, body: { error: { httpCode: status, message } } };
}
