import { isJsonObject, type JsonObject, stringOf } from "../../wires/json.ts";
import { parseExactly } from "../../wires/parse-exactly.ts";

/**
 * A call's arguments as the object that the messages dialect demands. A model does not always write valid JSON, and a
 * conversation in which it once did not must be able to go on: such arguments are kept as text under `INVALID_JSON`, the key
 * that the vendor's documentation suggests.
 */
export function toolInput(given: unknown): JsonObject {
  // Not as documented, and still what some programs send.
  if (isJsonObject(given)) return given;
  const text = stringOf(given);
  if (text.trim() === "") return {};
  return parseExactly(text) ?? { INVALID_JSON: text };
}

/** The member that carries the text of a custom tool, which takes text and not JSON. */
const textMember = "input";

/** A custom tool's text as an input object. */
export function wrappedText(text: string): JsonObject {
  return { [textMember]: text };
}

/** The text in such an object; the object itself as JSON where a model did not keep to the schema. */
export function unwrappedText(input: JsonObject): string {
  const text = input[textMember];
  return typeof text === "string" && Object.keys(input).length === 1 ? text : JSON.stringify(input);
}

/** The schema of such an object. */
export const wrappedTextSchema: JsonObject = {
  type: "object",
  properties: { [textMember]: { type: "string" } },
  required: [textMember],
  additionalProperties: false,
};
