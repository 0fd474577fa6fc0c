import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { hasAttribute } from "./attribute-text.ts";
import { indexKey, tracesPerBlock } from "./database.ts";
import { decodeBody } from "./encode-span.ts";
import { fingerprint } from "./fingerprint.ts";
import type { OtlpSpan } from "./otlp.ts";
import type { Origins } from "./origins.ts";
import { columnConditions, type Condition, plainKeys, type SpanCriteria } from "./span-criteria.ts";

/** Row ids of the traces of which one span meets the criteria, last received first. */
export function findTraces(database: DatabaseSync, origins: Origins, criteria: SpanCriteria): readonly number[] {
  const search = planSearch(origins, criteria);
  const blocks = search && blockRange(database);
  if (!search || !blocks) return [];
  const found = new Set<number>();
  for (let block = blocks.last; block >= blocks.first; block -= 1) {
    for (const trace of searchBlock(database, search, block * tracesPerBlock)) {
      found.add(trace);
      if (found.size === criteria.limit) return [...found];
    }
  }
  return [...found];
}

/** A key and a text that one span, or one of the origins named, must have. */
interface Wanted {
  readonly key: string;
  readonly text: string;
  readonly fingerprint: number;
  readonly origins: readonly number[];
}

interface Search {
  readonly conditions: readonly Condition[];
  readonly wanted: readonly Wanted[];
}

function planSearch(origins: Origins, criteria: SpanCriteria): Search | null {
  const columns = columnConditions(criteria);
  const allowed = origins.matching(criteria);
  if (columns === null || allowed.length === 0) return null;
  const wanted = plainKeys(criteria.attributes)
    .map(([key, text]) => ({ key, text, fingerprint: fingerprint(key, text), origins: origins.having(key, text) }))
    .filter((attribute) => !allowed.every((id) => attribute.origins.includes(id)));
  return { conditions: [...columns, oneOf("span.origin", allowed)], wanted };
}

/** The traces of one block, the newest first. */
function* searchBlock(database: DatabaseSync, search: Search, first: number): Iterable<number> {
  const lead = rarest(database, search.wanted, first);
  if (lead?.spans === 0) return;
  const { sql, values } = blockQuery(search, first, lead?.wanted);
  const body = database.prepare("SELECT request FROM body WHERE span = ?");
  let latest: number | undefined;
  for (const row of database.prepare(sql).iterate(...values)) {
    const trace = Number(row["trace"]);
    if (trace === latest) continue;
    if (search.wanted.length > 0) {
      const span = decodeBody(body.get(Number(row["id"]))?.["request"]);
      if (!has(span, Number(row["origin"]), search.wanted)) continue;
    }
    latest = trace;
    yield trace;
  }
}

/** Of the attributes that only the index can answer, the one with the fewest spans in the block; counted up to a bound. */
function rarest(
  database: DatabaseSync,
  wanted: readonly Wanted[],
  first: number,
): { wanted: Wanted; spans: number } | undefined {
  const count = database.prepare("SELECT count(*) AS spans FROM (SELECT 1 FROM attribute WHERE key = ? LIMIT 500)");
  return wanted
    .filter(({ origins }) => origins.length === 0)
    .map((attribute) => ({
      wanted: attribute,
      spans: Number(count.get(indexKey(first, attribute.fingerprint))?.["spans"]),
    }))
    .toSorted((a, b) => a.spans - b.spans)[0];
}

function blockQuery(
  { conditions, wanted }: Search,
  first: number,
  lead: Wanted | undefined,
): { sql: string; values: SQLInputValue[] } {
  const all: Condition[] = [
    ...(lead ? [{ sql: "attribute.key = ?", values: [indexKey(first, lead.fingerprint)] }] : []),
    { sql: "span.trace >= ? AND span.trace < ?", values: [first, first + tracesPerBlock] },
    ...conditions,
    ...wanted.filter((attribute) => attribute !== lead).map((attribute) => hasIndexed(attribute, first)),
  ];
  const source = lead ? "attribute CROSS JOIN span ON span.id = attribute.span" : "span";
  return {
    sql: `SELECT span.id, span.trace, span.origin FROM ${source} WHERE ${all.map(({ sql }) => sql).join(" AND ")} ORDER BY span.trace DESC`,
    values: all.flatMap(({ values }) => values),
  };
}

function hasIndexed({ fingerprint: wanted, origins }: Wanted, trace: number): Condition {
  const inIndex = "EXISTS (SELECT 1 FROM attribute AS other WHERE other.key = ? AND other.span = span.id)";
  const key = indexKey(trace, wanted);
  if (origins.length === 0) return { sql: inIndex, values: [key] };
  const inOrigin = oneOf("span.origin", origins);
  return { sql: `(${inOrigin.sql} OR ${inIndex})`, values: [...inOrigin.values, key] };
}

/** Two attributes may share a fingerprint, so the span itself has the last word. */
function has(span: OtlpSpan, origin: number, wanted: readonly Wanted[]): boolean {
  return wanted.every(
    ({ key, text, origins }) =>
      origins.includes(origin) ||
      [span, ...(span.events ?? []), ...(span.links ?? [])].some(({ attributes }) =>
        hasAttribute(attributes, key, text),
      ),
  );
}

function oneOf(column: string, ids: readonly number[]): Condition {
  return { sql: `${column} IN (${ids.map(() => "?").join(", ")})`, values: ids };
}

function blockRange(database: DatabaseSync): { readonly first: number; readonly last: number } | null {
  const { first, last } = database.prepare("SELECT min(id) AS first, max(id) AS last FROM trace").get() ?? {};
  if (typeof first !== "number" || typeof last !== "number") return null;
  return { first: Math.floor(first / tracesPerBlock), last: Math.floor(last / tracesPerBlock) };
}
