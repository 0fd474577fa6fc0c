type Schema = Readonly<Record<string, unknown>>;

/** How deep nested schemas are followed; recursive ones end here. */
const deepest = 8;

/** A value that the JSON Schema allows, always the same one. `pattern` and the like are not looked at. */
export function exampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  const resolved = resolve(asSchema(schema), asSchema(root), depth);
  const given = givenValue(resolved);
  if (given) return given.value;
  const alternatives = [resolved["anyOf"], resolved["oneOf"]].find(Array.isArray) as readonly unknown[] | undefined;
  if (alternatives)
    return exampleOf(
      alternatives.find((each) => typeOf(asSchema(each)) !== "null"),
      root,
      depth + 1,
    );
  switch (typeOf(resolved)) {
    case "object":
      return exampleObject(resolved, root, depth);
    case "array":
      return exampleArray(resolved, root, depth);
    case "integer":
    case "number":
      return exampleNumber(resolved);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return exampleString(resolved);
  }
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

/** Follows `$ref` inside the document and joins `allOf`. */
function resolve(schema: Schema, root: Schema, depth: number): Schema {
  if (depth > deepest) return {};
  const reference = schema["$ref"];
  if (typeof reference === "string") return resolve(atPointer(root, reference), root, depth + 1);
  const parts = schema["allOf"];
  if (!Array.isArray(parts)) return schema;
  return parts.map((part) => resolve(asSchema(part), root, depth + 1)).reduce(join, { ...schema, allOf: undefined });
}

function atPointer(root: Schema, reference: string): Schema {
  const steps = reference.replace(/^#\/?/, "").split("/").filter(Boolean);
  return steps.reduce<Schema>((at, step) => asSchema(at[step.replaceAll("~1", "/").replaceAll("~0", "~")]), root);
}

function join(left: Schema, right: Schema): Schema {
  const properties = { ...asSchema(left["properties"]), ...asSchema(right["properties"]) };
  return { ...left, ...right, properties, required: [...listOf(left["required"]), ...listOf(right["required"])] };
}

function givenValue(schema: Schema): { readonly value: unknown } | undefined {
  if ("const" in schema) return { value: schema["const"] };
  if ("default" in schema) return { value: schema["default"] };
  for (const key of ["enum", "examples"]) {
    const values = listOf(schema[key]);
    if (values.length > 0) return { value: values[0] };
  }
  return undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function typeOf(schema: Schema): string {
  const { type } = schema as { type?: unknown };
  const named: unknown = Array.isArray(type) ? type.find((each) => each !== "null") : type;
  if (typeof named === "string") return named;
  if ("properties" in schema || Object.keys(schema).length === 0) return "object";
  return "items" in schema ? "array" : "string";
}

/** The required properties; all of them when none is required. */
function exampleObject(schema: Schema, root: unknown, depth: number): unknown {
  if (depth > deepest) return {};
  const properties = asSchema(schema["properties"]);
  const required = listOf(schema["required"]).filter((name) => typeof name === "string");
  const names = required.length > 0 ? required : Object.keys(properties);
  return Object.fromEntries(
    names.map((name) => [name, exampleOf(properties[name] ?? { type: "string" }, root, depth + 1)]),
  );
}

function exampleArray(schema: Schema, root: unknown, depth: number): unknown {
  if (depth > deepest) return [];
  const length = Math.min(Math.max(numberIn(schema, "minItems") ?? 1, 1), numberIn(schema, "maxItems") ?? 16, 16);
  return Array.from({ length }, () => exampleOf(schema["items"] ?? { type: "string" }, root, depth + 1));
}

function exampleNumber(schema: Schema): number {
  const above = numberIn(schema, "exclusiveMinimum");
  const low = numberIn(schema, "minimum") ?? (above === undefined ? undefined : above + 1);
  const high = numberIn(schema, "maximum") ?? Number.POSITIVE_INFINITY;
  const step = numberIn(schema, "multipleOf") ?? 1;
  const value = Math.ceil((low ?? Math.min(1, high)) / step) * step;
  return value <= high ? value : (low ?? high);
}

function exampleString(schema: Schema): string {
  const formats: Readonly<Record<string, string>> = {
    date: "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    time: "12:00:00Z",
    email: "someone@example.com",
    uri: "https://example.com/",
    uuid: "00000000-0000-4000-8000-000000000000",
  };
  const format = schema["format"];
  const text = (typeof format === "string" ? formats[format] : undefined) ?? "example";
  return text.padEnd(numberIn(schema, "minLength") ?? 0, "x").slice(0, numberIn(schema, "maxLength"));
}

function numberIn(schema: Schema, key: string): number | undefined {
  const value = schema[key];
  return typeof value === "number" ? value : undefined;
}
