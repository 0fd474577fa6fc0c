/** A parsed JSON object of which nothing is known yet. */
export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is anything else. For reading what vendors send, tolerantly. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The object that a text holds as JSON; undefined when it is no JSON or something else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The members that count something: numbers from 0 on. A negative one would be paid back to the caller's budget. */
export function countsIn<Name extends string>(values: Readonly<Record<Name, unknown>>): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name in values) {
    const count = numberOf(values[name]);
    if (count !== undefined && count >= 0) counts[name] = count;
  }
  return counts;
}
