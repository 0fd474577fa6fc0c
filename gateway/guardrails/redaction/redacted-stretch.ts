import type { Replacement } from "../../../evaluators/index.ts";
import { overlapping } from "./overlapping.ts";

/**
 * What the replacements in a text make of the stretch `text` of it, which stands there from `from` to `to`. A placeholder
 * stands where what it replaces begins, so that the stretches of a text, put together, are the redacted text.
 */
export function redactedStretch(
  { from, to, text }: { readonly from: number; readonly to: number; readonly text: string },
  replacements: readonly Replacement[],
): string {
  let said = "";
  let at = from;
  for (const { start, end, placeholder } of overlapping(replacements, from, to)) {
    said += text.slice(at - from, Math.max(at, start) - from) + (start >= from ? placeholder : "");
    at = Math.min(end, to);
  }
  return said + text.slice(at - from);
}
