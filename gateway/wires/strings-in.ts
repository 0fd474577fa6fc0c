import { isJsonObject, type JsonObject } from "./json.ts";

/** Members that name or seal things and say nothing to a reader. */
const silent = new Set([
  "id",
  "type",
  "index",
  "role",
  "signature",
  "data",
  "encrypted_content",
  "encrypted_index",
  "call_id",
  "tool_use_id",
]);

/** Every text in a value, however deep, one a line: for places in a reply that have no name of their own here. */
export function stringsIn(value: unknown): string {
  if (typeof value === "string") return value;
  const inner = Array.isArray(value)
    ? value.map(stringsIn)
    : Object.entries(isJsonObject(value) ? value : {}).map(([key, member]) =>
        silent.has(key) ? "" : stringsIn(member),
      );
  return inner.filter((text) => text !== "").join("\n");
}

/** The texts of the members that are not in `known`, by member. */
export function otherTexts(
  body: JsonObject,
  known: ReadonlySet<string>,
): { readonly part: string; readonly text: string }[] {
  return Object.entries(body)
    .filter(([key]) => !known.has(key) && !silent.has(key))
    .map(([part, value]) => ({ part, text: stringsIn(value) }))
    .filter(({ text }) => text !== "");
}
