import { isJsonObject, type JsonObject, stringOf } from "../../wires/json.ts";
import type { Drop } from "../notes.ts";

/** Keywords that the vendor refuses in a schema that it is to enforce. */
const unenforced = new Set([
  "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
  "uniqueItems", "minProperties", "maxProperties", "format",
]); // prettier-ignore

const enforcedFormats = new Set<unknown>([
  "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
]); // prettier-ignore

const listsOfSchemas = new Set(["anyOf", "allOf", "oneOf"]);
const mapsOfSchemas = new Set(["properties", "$defs", "definitions"]);

/**
 * A JSON schema as the vendor takes it where it vouches for the result: objects are closed unless they say otherwise, and
 * a limit that it cannot enforce is moved into the description, where the model reads it. Each such keyword is named under
 * `path`.
 */
export function toEnforcedSchema(schema: JsonObject, path: string, drop: Drop): JsonObject {
  const inner = (value: unknown): unknown => (isJsonObject(value) ? toEnforcedSchema(value, path, drop) : value);
  const isMoved = ([keyword, value]: [string, unknown]): boolean =>
    unenforced.has(keyword) && !isEnforced(keyword, value);
  const moved = Object.entries(schema).filter(isMoved);
  const kept = Object.entries(schema).filter((entry) => !isMoved(entry));
  moved.forEach(([keyword]) => drop(`${path}.${keyword}`));
  return {
    ...Object.fromEntries(kept.map(([keyword, value]) => translatedKeyword(keyword, value, inner))),
    ...closed(schema),
    ...described(schema, moved),
  };
}

function isEnforced(keyword: string, value: unknown): boolean {
  return keyword === "format" ? enforcedFormats.has(value) : keyword === "minItems" && (value === 0 || value === 1);
}

function translatedKeyword(keyword: string, value: unknown, inner: (value: unknown) => unknown): [string, unknown] {
  // A model that has to choose cannot be held to match one only; what it writes matches one at least.
  if (listsOfSchemas.has(keyword) && Array.isArray(value))
    return [keyword === "oneOf" ? "anyOf" : keyword, value.map(inner)];
  if (mapsOfSchemas.has(keyword) && isJsonObject(value)) {
    return [keyword, Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, inner(schema)]))];
  }
  return [keyword, keyword === "items" ? inner(value) : value];
}

/** What is left open in chat completions must be closed here; an answer without further members still fits the schema. */
function closed({ type, properties, additionalProperties }: JsonObject): JsonObject {
  const isObject = type === "object" || isJsonObject(properties);
  return isObject && (additionalProperties === undefined || additionalProperties === true)
    ? { additionalProperties: false }
    : {};
}

function described({ description }: JsonObject, moved: readonly [string, unknown][]): JsonObject {
  if (moved.length === 0) return {};
  const limits = moved.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(", ");
  return { description: [stringOf(description), `(${limits})`].filter((text) => text !== "").join(" ") };
}
