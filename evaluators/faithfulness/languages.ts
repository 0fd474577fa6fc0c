import { detectAll } from "tinyld";

/** Fewer letters than this say too little about the language. */
const fewest = 60;
/** Least accuracy of the likeliest language. */
const sure = 0.4;
/** Least accuracy, as the detector calls it, of a language that is worth considering. */
const plausible = 0.02;
/** How much of a text is looked at, in characters. */
const looked = 1500;

/** Whether two texts are surely in different languages, so that comparing their words would tell nothing. */
export function differInLanguage(a: string, b: string): boolean {
  const [first, second] = [candidates(a), candidates(b)];
  const [surest] = first;
  const [other] = second;
  return surest !== undefined && other !== undefined && !first.includes(other) && !second.includes(surest);
}

/** The languages that a text may be in, likeliest first; none when it is too short to tell. */
function candidates(text: string): readonly string[] {
  const start = text.slice(0, looked);
  if (
    (start.match(/\p{L}/gu)?.length ?? 0) < fewest &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Thai}]/u.test(start)
  )
    return [];
  const found = detectAll(start);
  if ((found[0]?.accuracy ?? 0) < sure) return [];
  return found.filter(({ accuracy }) => accuracy >= plausible).map(({ lang }) => lang);
}
