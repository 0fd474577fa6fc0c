import { isObject } from "./json-text.ts";

export type Schema = Readonly<Record<string, unknown>>;

/** Keywords whose value maps names to schemas, and keywords whose value is data that only looks like one. */
const maps = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"]);
const data = new Set(["enum", "const", "default", "example", "examples"]);

/** Rebuilds a JSON Schema with every schema in it changed, the inner ones first. */
export function mapSchemas(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isObject(value) ? mapSchemas(value, change) : value;
  };
  const named = (value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)])) : value;
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (data.has(keyword)) return [keyword, value];
    return [keyword, maps.has(keyword) ? named(value) : inner(value)];
  });
  return change(Object.fromEntries(entries) as Schema);
}
