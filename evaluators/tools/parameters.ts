import { isObject } from "./json-text.ts";
import { mapSchemas, type Schema } from "./schema-walk.ts";

/** Names of types as catalogues of tools write them, and as JSON Schema does; "any" demands nothing. */
const types: ReadonlyMap<string, string> = new Map([
  ...["str", "string", "char"].map((name) => [name, "string"] as const),
  ...["int", "integer", "long", "short"].map((name) => [name, "integer"] as const),
  ...["float", "double", "number"].map((name) => [name, "number"] as const),
  ...["bool", "boolean"].map((name) => [name, "boolean"] as const),
  ...["list", "tuple", "array", "arraylist"].map((name) => [name, "array"] as const),
  ...["dict", "object", "hashmap", "map"].map((name) => [name, "object"] as const),
  ...["none", "null"].map((name) => [name, "null"] as const),
]);
const combining = ["allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if"];

/**
 * The JSON Schema of a tool's arguments. Reads the types that are common in catalogues (`dict`, `float`, `tuple`, `any`,
 * `String`, …) and `required: true` on an argument. With `refuseUnknown`, arguments that are not declared are refused
 * unless the schema says something else about them; a tool without `parameters` takes none.
 */
export function argumentsSchema(parameters: Schema | undefined, refuseUnknown: boolean): Schema {
  const schema = mapSchemas(parameters ?? { properties: {} }, withKnownTypes);
  const { type = "object", ...rest } = schema;
  const declares = isObject(schema["properties"]) || combining.some((keyword) => keyword in schema);
  const says = "additionalProperties" in schema || "unevaluatedProperties" in schema;
  const closed = refuseUnknown && declares && !says;
  return { type, ...rest, ...(closed ? { unevaluatedProperties: false } : {}) };
}

/** Names of the arguments that a tool cannot do without. */
export function requiredBy(parameters: Schema | undefined): readonly string[] {
  const { required } = argumentsSchema(parameters, false);
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function withKnownTypes(schema: Schema): Schema {
  const { type, required, ...rest } = schema;
  const known = toKnownType(type);
  const listed: readonly unknown[] | undefined = Array.isArray(required) ? required : undefined;
  const demanded = [...(listed ?? []), ...requiredIn(schema["properties"])];
  return {
    ...rest,
    ...(known === undefined ? {} : { type: known }),
    ...(demanded.length === 0 && !listed ? {} : { required: [...new Set(demanded)] }),
    ...(typeof required === "boolean" ? { [requiredMark]: required } : {}),
  };
}

function toKnownType(type: unknown): unknown {
  if (typeof type === "string")
    return type.toLowerCase() === "any" ? undefined : (types.get(type.toLowerCase()) ?? type);
  if (!Array.isArray(type)) return type;
  const known = type.map(toKnownType);
  return known.includes(undefined) ? undefined : [...new Set(known)];
}

/** Keeps `required: true` until the object around it has seen it; a validator does not know the word. */
const requiredMark = "x-required";

function requiredIn(properties: unknown): string[] {
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, one]) =>
    isObject(one) && one[requiredMark] === true ? [name] : [],
  );
}
