import { parseExactly } from "../parse-exactly.ts";
import { isJsonObject } from "../json.ts";
import { withoutEscapes } from "../without-escapes.ts";
import { addText, addWritten, type InputSpot, type InputTurn, valueAt } from "./input-spot.ts";

/** What a tool was called with, as JSON in which no escape hides a letter. */
export function addArguments(turn: InputTurn, spot: InputSpot): void {
  const given = valueAt(spot);
  if (typeof given === "string") return addText(turn, spot, isEscaped(given) ? withoutEscapes(given) : given);
  if (!isJsonObject(given) || Object.keys(given).length === 0) return;
  addWritten(turn, spot, { text: JSON.stringify(given), write: parseExactly });
}

/** True for JSON in which a letter or a slash is written otherwise than it is read. */
function isEscaped(text: string): boolean {
  if (!text.includes("\\u") && !text.includes("\\/")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
