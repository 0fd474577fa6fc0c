import { jsonrepair } from "jsonrepair";

/** Longest text that is repaired, in UTF-16 code units, and most quotation marks in it that may stand inside a string. */
const longest = 20_000;
const mostStray = 48;
/** White space that is looked over beside a quotation mark. */
const widestIndent = 40;

/**
 * JSON text with its syntax repaired. Empty where that cannot be done, would take too long, or would leave out something that
 * was said. Never throws.
 */
export function repairJson(text: string): string {
  if (text.length > longest || countStrayQuotes(text) > mostStray) return "";
  try {
    const json = jsonrepair(text);
    const kept = wordsOf(json);
    return kept === wordsOf(text) || kept === wordsOf(text.replace(remark, "")) ? json : "";
  } catch {
    return "";
  }
}

/**
 * Quotation marks that neither begin a key or a value nor end the one that has begun: at each of them repair looks far ahead
 * and starts over, in time that grows with the square of their number.
 */
function countStrayQuotes(text: string): number {
  let count = 0;
  let open: string | undefined;
  for (const { 0: mark, index } of text.matchAll(/["'`´‘’“”]/gu)) {
    const kind = /["“”]/u.test(mark) ? '"' : "'";
    const before = text.slice(Math.max(0, index - widestIndent), index).trimEnd();
    const behind = text.slice(index + 1, index + 1 + widestIndent).trimStart();
    if (open === undefined && /[{[,:]$/.test(before)) open = kind;
    else if (open === kind && /^[,:\]}]/.test(behind)) open = undefined;
    else count += 1;
  }
  return count;
}

/**
 * A comment of words. Repair leaves comments out, so one that holds more may hide a verdict: a judge that copies
 * `", "verdict": "yes" /*` out of an answer without escaping it would have its own "no" taken for a comment.
 */
const remark = /\/\*[^"'`{}[\]:*/]*\*\/|\/\/[^"'`{}[\]:/\n]*\n/g;

/** Letters and digits, which no repair of syntax may change. A line break in a string becomes an escape. */
function wordsOf(text: string): string {
  return text.replace(/\\[bfnrt]/g, "").replace(/[^\p{L}\p{N}]/gu, "");
}
