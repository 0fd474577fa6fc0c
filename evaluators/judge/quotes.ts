import type { Sample } from "../sample.ts";
import { type FoldedText, foldText } from "./folded-text.ts";
import { occurrences } from "./occurrences.ts";
import type { QuotableField, Rubric } from "./protocol.ts";
import { isFairlyCut } from "./quotation-borders.ts";
import { isTelling } from "./telling.ts";

/** Where a quotation stands, word for word; offsets are UTF-16 code units of that text. */
export interface QuotedPassage {
  readonly field: QuotableField;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Looks quotations up in some fields of a sample. Keep one for all quotations: the fields are prepared once. */
export interface QuoteFinder {
  /**
   * The first place where the quotation stands; case, white space, form of quotation marks and compatibility forms aside.
   * Undefined also for one that says too little to show anything, and for one that was cut out of a word or a negation.
   */
  find(quote: string): QuotedPassage | undefined;
}

export function createQuoteFinder(sample: Sample, fields: NonNullable<Rubric["quoteFrom"]>): QuoteFinder {
  const sources = fields.flatMap((field) =>
    [sample[field] ?? []].flat().map((text) => ({ field, text, folded: foldText(text) })),
  );
  return {
    find(quote) {
      for (const wanted of readingsOf(quote)) {
        for (const { field, text, folded } of sources) {
          const place = placeIn(folded, wanted);
          if (place) return { field, ...place, text: text.slice(place.start, place.end) };
        }
      }
      return undefined;
    },
  };
}

/** The quotation as it stands, without quotation marks around it, and with escapes that a judge copied from the JSON undone. */
function readingsOf(quote: string): readonly string[] {
  const plain = foldText(quote).text;
  const bare = plain.replace(/^["']+|["']+$/g, "").trim();
  const unescaped = foldText(
    quote
      .replace(/\\u([0-9a-f]{4})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\[nrt]/g, " ")
      .replace(/\\(["\\/])/g, "$1"),
  ).text;
  return [...new Set([plain, bare, unescaped])].filter((wanted) => wanted !== "");
}

function placeIn(folded: FoldedText, wanted: string): { start: number; end: number } | undefined {
  const { text, starts, ends } = folded;
  if (!isTelling(wanted) && (wanted !== text || !/[\p{L}\p{N}]/u.test(wanted))) return undefined;
  for (const at of occurrences(text, wanted)) {
    const last = at + wanted.length;
    if (isFairlyCut(folded, at, last)) return { start: starts[at] ?? 0, end: ends[last - 1] ?? 0 };
  }
  return undefined;
}
