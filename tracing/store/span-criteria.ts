/** What a trace must have on one of its spans to be found. An absent member does not restrict. */
export interface SpanCriteria {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  /** The span's start lies between these, both included. Nanoseconds since 1970. */
  readonly startMin: bigint;
  readonly startMax: bigint;
  /** The span's own duration in nanoseconds; zero does not restrict. */
  readonly durationMin?: bigint | undefined;
  readonly durationMax?: bigint | undefined;
  /**
   * Attributes of the span, its resource, scope, events or links by the string form of their value. `error`, `span.status`,
   * `span.kind`, `scope.name`, `scope.version` and keys that begin with `resource.` mean what they mean to Jaeger.
   */
  readonly attributes: Readonly<Record<string, string>>;
  /** Most traces to answer. */
  readonly limit: number;
}

/** A condition in SQL with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number | bigint)[];
}

/** The conditions on the columns of `span`; null when no span can meet them. */
export function columnConditions(criteria: SpanCriteria): readonly Condition[] | null {
  const { operation, startMin, startMax, durationMin, durationMax, attributes } = criteria;
  const conditions: Condition[] = [{ sql: "span.start_ns BETWEEN ? AND ?", values: [startMin, startMax] }];
  if (operation) conditions.push({ sql: "span.name = ?", values: [operation] });
  if (durationMin) conditions.push({ sql: "span.end_ns - span.start_ns >= ?", values: [durationMin] });
  if (durationMax) conditions.push({ sql: "span.end_ns - span.start_ns <= ?", values: [durationMax] });
  const error = attributes["error"];
  if (error !== undefined) {
    const status = statusOfError.get(error);
    if (status === undefined) return null;
    conditions.push({ sql: "span.status = ?", values: [status] });
  }
  const status = attributes["span.status"];
  if (status !== undefined) conditions.push({ sql: "span.status = ?", values: [numberOf(statuses, status)] });
  const kind = attributes["span.kind"];
  if (kind !== undefined) conditions.push({ sql: "span.kind = ?", values: [numberOf(kinds, kind)] });
  return conditions;
}

/** The attributes that are looked up as attributes, without those that mean a column, the scope or the resource. */
export function plainKeys(attributes: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(attributes).filter(([key]) => !columnKeys.has(key) && !key.startsWith("resource."));
}

/** Kinds of spans by OTLP number; `""` is unspecified. */
export const kinds = ["", "internal", "server", "client", "producer", "consumer"];

const statuses = ["unset", "ok", "error"];
const columnKeys = new Set(["error", "span.status", "span.kind", "scope.name", "scope.version"]);

/** The words that Go's `strconv.ParseBool` takes. `error=false` finds only status OK, as Jaeger 2.20 does. */
const statusOfError = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, 2] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, 1] as const),
]);

/** A word that is none of the names means the first, as in Jaeger. */
function numberOf(names: readonly string[], word: string): number {
  return Math.max(0, names.indexOf(word.toLowerCase()));
}
