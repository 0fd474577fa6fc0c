import type { Sample } from "../sample.ts";
import type { Rubric } from "./protocol.ts";

/** True when the quote stands in one of the fields, word for word; case, white space and the form of quotation marks aside. */
export function isQuoted(quote: string, sample: Sample, fields: NonNullable<Rubric["quoteFrom"]>): boolean {
  const wanted = normalise(quote).replace(/^"(.*)"$/, "$1");
  if (!/[\p{L}\p{N}]/u.test(wanted)) return false;
  return fields.flatMap((field) => sample[field] ?? []).some((text) => normalise(text).includes(wanted));
}

function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
