/** Counts and cuts by the o200k_base encoding. */
export interface Tokens {
  count(text: string): number;
  /** The beginning of the text that `limit` tokens can say, or all of it; never half a character. */
  first(limit: number, text: string): string;
}

/** Loads the encoding when it is needed first: it is two megabytes of tables. */
export async function loadTokens(): Promise<Tokens> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  const options = { disallowedSpecial: new Set<string>() };
  const count = (text: string) => withoutLongRuns(text).reduce((sum, part) => sum + countTokens(part, options), 0);
  return { count, first: (limit, text) => (count(text) <= limit ? text : longestWithin(limit, text, count)) };
}

/** By halves, on characters: the library's own `decode` keeps half a character of one call for the next. */
function longestWithin(limit: number, text: string, count: (text: string) => number): string {
  const characters = Array.from(text);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (count(characters.slice(0, middle).join("")) <= limit) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join("");
}

/** The encoding needs quadratic time for a run without a border (200 KB: half a minute), so such runs are counted in parts. */
function withoutLongRuns(text: string): readonly string[] {
  return text
    .split(/(\S{128,}|\s{128,})/)
    .flatMap((part, index) => (index % 2 === 1 ? (part.match(/[\s\S]{1,64}/gu) ?? []) : [part]));
}
