import { isJsonObject } from "../json.ts";
import { addFileIds } from "./attachments.ts";
import { addFixed, addText, isExactNumber, type InputSpot, type InputTurn, valueAt } from "./input-spot.ts";
import { isToken } from "./silent.ts";

/** Members whose keys are names that the model reads. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/** Members with values as the tool has them, whose keys are no words of a schema. */
const ownValues = new Set(["default", "example", "examples", "input_examples", "const", "enum"]);

/** What the service needs to reach a server of tools, and no model is told. */
const credentials = new Set(["authorization", "authorization_token", "headers"]);

/** Every text of a tool's definition or of a schema: names and descriptions, and those of the parameters, however deep. */
export function addDefinition(turn: InputTurn, spot: InputSpot): void {
  const value = valueAt(spot);
  if (spot.name === "file_id" || spot.name === "file_ids") return addFileIds(turn, spot);
  if (ownValues.has(spot.name)) return addValue(turn, spot);
  if (typeof value === "string") return addWord(turn, spot, value);
  if (Array.isArray(value)) {
    for (const key of value.keys()) addDefinition(turn, { holder: value, key, name: spot.name });
  } else if (isJsonObject(value)) addMembers(turn, value, named.has(spot.name));
}

function addValue(turn: InputTurn, spot: InputSpot): void {
  const value = valueAt(spot);
  if (typeof value === "string") return addText(turn, spot, value);
  if (Array.isArray(value)) {
    for (const key of value.keys()) addValue(turn, { holder: value, key, name: "" });
  } else if (isJsonObject(value) && !isExactNumber(value)) {
    for (const key of Object.keys(value)) {
      addFixed(turn, key);
      addValue(turn, { holder: value, key, name: "" });
    }
  }
}

function addMembers(turn: InputTurn, holder: object, areNames: boolean): void {
  if (isExactNumber(holder)) return;
  const isServer = "server_url" in holder || "connector_id" in holder || Reflect.get(holder, "type") === "url";
  for (const key of Object.keys(holder)) {
    if (areNames) addFixed(turn, key);
    if (!isServer || !credentials.has(key)) addDefinition(turn, { holder, key, name: areNames ? "" : key });
  }
}

function addWord(turn: InputTurn, spot: InputSpot, text: string): void {
  const { name } = spot;
  const isName = name === "type" || name === "ttl" || /_ids?$/.test(name);
  if (isName && isToken(text)) return;
  if (isName || name === "name" || name === "required" || name.startsWith("$")) return addFixed(turn, text);
  addText(turn, spot, text);
}
