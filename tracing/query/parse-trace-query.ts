import type { SpanCriteria } from "../store/index.ts";
import { parseTime } from "./go-time.ts";
import { MalformedValue, parseBoolean, parseDuration, parseInteger } from "./go-values.ts";

/** A search as `/api/v3/traces` takes it. */
export interface TraceQuery {
  readonly criteria: SpanCriteria;
  /** Leave the trace as it was sent: the same span twice stays twice. */
  readonly raw: boolean;
}

/** Reads the parameters of a search, in camel case or with the older names. Throws `MalformedValue`. */
export function parseTraceQuery(parameters: URLSearchParams): TraceQuery {
  const attributes = parseAttributes(parameters.get("query.attributes") ?? "");
  const { startMin, startMax } = parseWindow(parameters);
  const limit = read(parameters, ["query.searchDepth", "query.search_depth", "query.num_traces"], parseInteger);
  return {
    criteria: {
      service: parameter(parameters, ["query.serviceName", "query.service_name"])?.value,
      operation: parameter(parameters, ["query.operationName", "query.operation_name"])?.value,
      startMin,
      startMax,
      durationMin: read(parameters, ["query.durationMin", "query.duration_min"], parseDuration),
      durationMax: read(parameters, ["query.durationMax", "query.duration_max"], parseDuration),
      attributes,
      limit: limit ?? defaultLimit,
    },
    raw: read(parameters, ["query.rawTraces", "query.raw_traces"], parseBoolean) ?? false,
  };
}

/** Reads the first of the names that has a value; `undefined` when none has. Throws `MalformedValue` that names it. */
export function read<Value>(
  parameters: URLSearchParams,
  names: readonly string[],
  parse: (text: string) => Value,
): Value | undefined {
  const found = parameter(parameters, names);
  if (!found) return undefined;
  try {
    return parse(found.value);
  } catch (error) {
    throw error instanceof MalformedValue ? malformed(found.name, error.message) : error;
  }
}

/** The first of the names that has a value. */
export function parameter(
  parameters: URLSearchParams,
  names: readonly string[],
): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = parameters.get(name);
    if (value) return { name, value };
  }
  return undefined;
}

/** An error of a named parameter in Jaeger's words. */
export function malformed(name: string, message: string): MalformedValue {
  return new MalformedValue(`malformed parameter ${name}: ${message}`);
}

const defaultLimit = 100;

function parseWindow(parameters: URLSearchParams): { startMin: bigint; startMax: bigint } {
  const minNames = ["query.startTimeMin", "query.start_time_min"];
  const maxNames = ["query.startTimeMax", "query.start_time_max"];
  if (!parameter(parameters, minNames) || !parameter(parameters, maxNames)) {
    throw new MalformedValue("query.startTimeMin and query.startTimeMax are required");
  }
  const startMin = read(parameters, minNames, parseTime) ?? 0n;
  const startMax = read(parameters, maxNames, parseTime) ?? 0n;
  if (startMin >= startMax) throw new MalformedValue("query.startTimeMin must be before query.startTimeMax");
  return { startMin, startMax };
}

function parseAttributes(text: string): Readonly<Record<string, string>> {
  if (text === "") return {};
  const value = parseJson(text);
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw unmarshal(value, "map[string]string");
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item !== "string" && item !== null) throw unmarshal(item, "string");
      return [key, item ?? ""];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const first = text.trimStart()[0];
    const problem =
      first === undefined
        ? "unexpected end of JSON input"
        : /[[{"\dtfn-]/.test(first)
          ? `not valid JSON: ${text}`
          : `invalid character '${first}' looking for beginning of value`;
    throw malformed("query.attributes", problem);
  }
}

function unmarshal(value: unknown, type: string): MalformedValue {
  const names = { boolean: "bool", number: "number", string: "string", object: "object" } as const;
  const kind = typeof value;
  const name = Array.isArray(value) ? "array" : kind in names ? names[kind as keyof typeof names] : kind;
  return malformed("query.attributes", `json: cannot unmarshal ${name} into Go value of type ${type}`);
}
