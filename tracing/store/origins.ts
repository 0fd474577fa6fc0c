import type { DatabaseSync } from "node:sqlite";
import { hasAttribute, plainAttributes } from "./attribute-text.ts";
import type { OtlpOrigin } from "./otlp.ts";
import type { SpanCriteria } from "./span-criteria.ts";

/** The resources and scopes in the database: few, never changed and never deleted, so they are kept in memory. */
export interface Origins {
  get(id: number): OtlpOrigin;
  service(id: number): string;
  /** Ids of the origins that meet what the criteria say about service, scope and resource. */
  matching(criteria: SpanCriteria): readonly number[];
  /** Ids of the origins whose resource or scope has the attribute. */
  having(key: string, text: string): readonly number[];
}

export function createOrigins(database: DatabaseSync): Origins {
  const known = new Map<number, OtlpOrigin>();
  const newer = database.prepare("SELECT id, text FROM origin WHERE id > ? ORDER BY id");
  let newest = 0;
  const all = (): ReadonlyMap<number, OtlpOrigin> => {
    for (const { id, text } of newer.all(newest)) {
      newest = Number(id);
      // Written by the encoder alone, so the shape is known.
      known.set(newest, JSON.parse(String(text)) as OtlpOrigin);
    }
    return known;
  };
  const idsWhere = (test: (origin: OtlpOrigin) => boolean) =>
    [...all()].filter(([, origin]) => test(origin)).map(([id]) => id);
  return {
    get: (id) => known.get(id) ?? all().get(id) ?? {},
    service: (id) => serviceOf(known.get(id) ?? all().get(id)),
    matching: (criteria) => idsWhere((origin) => meets(origin, criteria)),
    having: (key, text) =>
      idsWhere(
        ({ resource, scope }) =>
          hasAttribute(resource?.attributes, key, text) || hasAttribute(scope?.attributes, key, text),
      ),
  };
}

function meets(origin: OtlpOrigin, { service, attributes }: SpanCriteria): boolean {
  if (service && serviceOf(origin) !== service) return false;
  return Object.entries(attributes).every(([key, text]) => {
    if (key === "scope.name") return (origin.scope?.name ?? "") === text;
    if (key === "scope.version") return (origin.scope?.version ?? "") === text;
    return (
      !key.startsWith("resource.") || hasAttribute(origin.resource?.attributes, key.slice("resource.".length), text)
    );
  });
}

function serviceOf(origin: OtlpOrigin | undefined): string {
  const service = plainAttributes(origin?.resource?.attributes)["service.name"];
  return typeof service === "string" ? service : "";
}
