import { isToken } from "./input/silent.ts";
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

/** Language says something wherever it stands. */
function isSilent(key: string, value: unknown): boolean {
  return silent.has(key) && typeof value === "string" && isToken(value);
}

/** A key that is no name but language. */
function keyText(key: string): string {
  return isToken(key) ? "" : key;
}

/** Every text in a value, however deep, one a line: for places in a reply that have no name of their own here. */
export function stringsIn(value: unknown): string {
  if (typeof value === "string") return value;
  const inner = Array.isArray(value)
    ? value.map(stringsIn)
    : Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, member]) => [
        keyText(key),
        isSilent(key, member) ? "" : stringsIn(member),
      ]);
  return inner.filter((text) => text !== "").join("\n");
}

/** Every text in a value with the place where it stands, `place` being the value's own. */
export function placedTexts(value: unknown, place: string): { readonly part: string; readonly text: string }[] {
  if (typeof value === "string") return value === "" ? [] : [{ part: place, text: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => placedTexts(each, `${place}.${index}`));
  return Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, member]) => [
    ...placedTexts(keyText(key), `${place} key`),
    ...(isSilent(key, member) ? [] : placedTexts(member, `${place}.${key}`)),
  ]);
}

/** The texts of the members that are not in `known`, by member. */
export function otherTexts(
  body: JsonObject,
  known: Pick<ReadonlySet<string>, "has">,
): { readonly part: string; readonly text: string }[] {
  const texts: { part: string; text: string }[] = [];
  for (const [part, value] of Object.entries(body)) {
    const text = known.has(part) || isSilent(part, value) ? "" : stringsIn(value);
    if (text !== "") texts.push({ part, text });
  }
  return texts;
}
