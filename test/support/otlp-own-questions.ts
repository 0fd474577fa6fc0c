import { z } from "zod";
import { otlpTraceRequest, type OtlpTraceRequest } from "../../tracing/index.ts";
import { otlpRequest, traceIdOf } from "./otlp-builder.ts";
import type { SpanQuestion } from "./otlp-span-question.ts";

/** Four traces in the order in which they are received: the one that began last is received first. */
export const ownRequests: readonly OtlpTraceRequest[] = [
  otlpRequest({
    resource: { region: "north" },
    scope: { name: "cart", version: "2" },
    spans: [
      {
        trace: "d1",
        span: "1",
        name: "checkout",
        kind: 2,
        start: 60_000,
        ms: 100,
        attributes: { total: 12, paid: true, tags: ["x", "y"] },
      },
      {
        trace: "d1",
        span: "2",
        parent: "1",
        name: "pay",
        kind: 3,
        start: 60_010,
        ms: 2000,
        attributes: { card: "visa" },
        status: 1,
      },
    ],
  }),
  otlpRequest({
    spans: [
      {
        trace: "c2",
        span: "3",
        name: "checkout",
        kind: 2,
        attributes: { total: 12.5 },
        eventAttributes: { reason: "declined" },
      },
      {
        trace: "c2",
        span: "4",
        parent: "3",
        name: "pay",
        kind: 3,
        status: 2,
        attributes: { long: "z".repeat(4000) },
      },
    ],
  }),
  otlpRequest({
    service: "mail",
    spans: [
      { trace: "b3", span: "5", parent: "77", name: "send", kind: 4, start: 30_000, linkAttributes: { via: "queue" } },
    ],
  }),
  otlpRequest({ service: "", spans: [{ trace: "a4", span: "6", name: "nameless", kind: 0, start: 40_000 }] }),
];

const day = { "query.startTimeMin": "2026-10-01T00:00:00Z", "query.startTimeMax": "2026-10-02T00:00:00Z" };

/** What surprises about the contract, each with the ids of the traces that are answered or the error. */
export const ownQuestions: readonly OwnQuestion[] = [
  finds("the trace received last comes first, whenever it began", {}, ["a4", "b3", "c2", "d1"]),
  finds("a search depth keeps the last received", { "query.searchDepth": "2" }, ["a4", "b3"]),
  finds("a whole number matches by its string form", attributes({ total: "12" }), ["d1"]),
  finds("a fraction matches by its string form", attributes({ total: "12.5" }), ["c2"]),
  finds("a boolean matches by its string form", attributes({ paid: "true" }), ["d1"]),
  finds("an array matches as a whole", attributes({ tags: '["x","y"]' }), ["d1"]),
  finds("an array does not match by an element", attributes({ tags: "x" }), []),
  finds("a long value matches", attributes({ long: "z".repeat(4000) }), ["c2"]),
  finds(
    "a long value that differs does not match",
    attributes({ long: `${"z".repeat(1999)}a${"z".repeat(2000)}` }),
    [],
  ),
  finds("two attributes on one span", attributes({ total: "12", paid: "true" }), ["d1"]),
  finds("two attributes on two spans of a trace do not meet", attributes({ total: "12", card: "visa" }), []),
  finds(
    "an operation and an attribute on two spans do not meet",
    { "query.operationName": "pay", ...attributes({ total: "12" }) },
    [],
  ),
  finds("a duration is that of any span, not of the root", { "query.durationMin": "1.5s" }, ["d1"]),
  finds("error=true is status ERROR", attributes({ error: "true" }), ["c2"]),
  finds("error=false is status OK only", attributes({ error: "F" }), ["d1"]),
  finds("error of no truth value finds nothing", attributes({ error: "maybe" }), []),
  finds("an event's attribute", attributes({ reason: "declined" }), ["c2"]),
  finds("a link's attribute", attributes({ via: "queue" }), ["b3"]),
  finds(
    "a resource's attribute, with and without its prefix",
    attributes({ region: "north", "resource.region": "north" }),
    ["d1"],
  ),
  finds("a span's attribute is not the resource's", attributes({ "resource.card": "visa" }), []),
  finds("scope name and version", attributes({ "scope.name": "cart", "scope.version": "2" }), ["d1"]),
  finds("a kind in any case", attributes({ "span.kind": "Producer" }), ["b3"]),
  finds("a status that is none means unset", attributes({ "span.status": "purple", "span.kind": "server" }), [
    "c2",
    "d1",
  ]),
  finds("the window is about the span, and both ends belong to it", window("12:00:30", "12:00:40"), ["a4", "b3"]),
  finds("snake case", { "query.service_name": "shop", "query.num_traces": "1" }, ["c2"]),
  finds("an unknown parameter is ignored", { "query.color": "red", "query.serviceName": "mail" }, ["b3"]),
  refuses(
    "a search depth of zero",
    { "query.searchDepth": "0" },
    500,
    "search depth must be greater than 0 and less than max traces",
  ),
  refuses(
    "a window that ends before it begins",
    window("12:01:00", "12:00:00"),
    400,
    "query.startTimeMin must be before query.startTimeMax",
  ),
  refuses(
    "a month that does not exist",
    { "query.startTimeMin": "2026-13-01T00:00:00Z" },
    400,
    'malformed parameter query.startTimeMin: parsing time "2026-13-01T00:00:00Z": month out of range',
  ),
  refuses(
    "a time without a zone",
    { "query.startTimeMin": "2026-10-01T00:00:00" },
    400,
    'malformed parameter query.startTimeMin: parsing time "2026-10-01T00:00:00" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "" as "Z07:00"',
  ),
  refuses(
    "a duration without a unit",
    { "query.durationMax": "5" },
    400,
    'malformed parameter query.durationMax: time: missing unit in duration "5"',
  ),
  refuses(
    "a duration in days",
    { "query.durationMin": "1d" },
    400,
    'malformed parameter query.durationMin: time: unknown unit "d" in duration "1d"',
  ),
  refuses(
    "raw that is no truth value",
    { "query.rawTraces": "yes" },
    400,
    'malformed parameter query.rawTraces: strconv.ParseBool: parsing "yes": invalid syntax',
  ),
  refuses(
    "attributes in a list",
    { "query.attributes": "[]" },
    400,
    "malformed parameter query.attributes: json: cannot unmarshal array into Go value of type map[string]string",
  ),
  byId("upper case", "D1"),
  byId("base64", Buffer.from(traceIdOf("d1"), "hex").toString("base64url")),
  refusesId("no id at all", "zzz", 400, "malformed parameter trace_id: invalid length for TraceID"),
  refusesId(
    "too long an id",
    "0".repeat(33),
    400,
    `malformed parameter trace_id: TraceID cannot be longer than 32 hex characters: ${"0".repeat(33)}`,
  ),
  refusesId("an id of no trace", "d9", 404, "No traces found"),
];

/** A question of our own: instead of the whole body, the ids of the traces in it and the error. */
export interface OwnQuestion extends Omit<SpanQuestion, "body" | "content_type"> {
  readonly ids: readonly string[];
  readonly error: { readonly httpCode: number; readonly message: string } | null;
}

/** The ids of the traces in an answer, in their order. */
export function traceIdsIn(body: unknown): readonly string[] {
  const answer = z.object({ result: otlpTraceRequest }).safeParse(body);
  const groups = answer.success ? answer.data.result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans) : [];
  return [...new Set(groups.flatMap(({ spans }) => spans.map(({ traceId }) => traceId)))];
}

/** The error in an answer. */
export function errorIn(body: unknown): unknown {
  return typeof body === "object" && body !== null && "error" in body ? body.error : null;
}

type Parameters = Readonly<Record<string, string>>;

function finds(name: string, params: Parameters, ids: readonly string[]): OwnQuestion {
  if (ids.length === 0) return refuses(name, params, 404, "No traces found");
  return {
    name,
    path: "/api/v3/traces",
    params: { ...day, ...params },
    status: 200,
    ids: ids.map(traceIdOf),
    error: null,
  };
}

function refuses(name: string, params: Parameters, httpCode: number, message: string): OwnQuestion {
  const error = { httpCode, message };
  return { name, path: "/api/v3/traces", params: { ...day, ...params }, status: httpCode, ids: [], error };
}

function byId(name: string, id: string): OwnQuestion {
  const ids = [traceIdOf("d1")];
  return { name: `trace by id: ${name}`, path: `/api/v3/traces/${id}`, params: {}, status: 200, ids, error: null };
}

function refusesId(name: string, id: string, httpCode: number, message: string): OwnQuestion {
  return { ...refuses(`trace by id: ${name}`, {}, httpCode, message), path: `/api/v3/traces/${id}`, params: {} };
}

function attributes(wanted: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { "query.attributes": JSON.stringify(wanted) };
}

function window(from: string, to: string): Readonly<Record<string, string>> {
  return { "query.startTimeMin": `2026-10-01T${from}Z`, "query.startTimeMax": `2026-10-01T${to}Z` };
}
