import { arrayOf, isJsonObject, type JsonObject, objectOf } from "../../wires/json.ts";

const unsupported = ["allOf", "oneOf", "not", "if", "patternProperties", "dependentSchemas", "dependentRequired"];

/**
 * True when a JSON schema may be enforced with `strict: true` in chat completions: every object is closed and requires all
 * of its properties. Messages clients may leave properties optional, and a strict target refuses such a schema.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (!isJsonObject(schema)) return true;
  return (
    !unsupported.some((keyword) => keyword in schema) && isClosed(schema) && innerSchemas(schema).every(isStrictSchema)
  );
}

function isClosed(schema: JsonObject): boolean {
  const isObject = schema["type"] === "object" || arrayOf(schema["type"]).includes("object") || "properties" in schema;
  if (!isObject) return true;
  const required = arrayOf(schema["required"]);
  return (
    schema["additionalProperties"] === false &&
    Object.keys(objectOf(schema["properties"])).every((name) => required.includes(name))
  );
}

function innerSchemas(schema: JsonObject): readonly unknown[] {
  return [
    ...["properties", "$defs", "definitions"].flatMap((keyword) => Object.values(objectOf(schema[keyword]))),
    ...arrayOf(schema["anyOf"]),
    ...arrayOf(schema["prefixItems"]),
    schema["items"],
  ];
}
