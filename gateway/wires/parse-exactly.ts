import { isJsonObject, type JsonObject } from "./json.ts";

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** What the language has and the library's types do not know yet. */
const json = JSON as unknown as { parse(text: string, reviver: Reviver): unknown; rawJSON(text: string): unknown };

const longNumber = /[\d.]{17}|\de[+-]?\d{3}/i;

/**
 * The object that a text holds as JSON, such that `JSON.stringify` writes every number as it stood there: an id of twenty
 * digits in a tool's arguments is not rounded on its way. Undefined when the text is no JSON or something else.
 */
export function parseExactly(text: string): JsonObject | undefined {
  try {
    const value: unknown = longNumber.test(text) ? json.parse(text, keepSource) : JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const keepSource: Reviver = (_key, value, { source }) =>
  typeof value === "number" && source !== undefined && longNumber.test(source) && String(value) !== source
    ? json.rawJSON(source)
    : value;
