/** A demanded number: both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
  /** The range in words, for the question. */
  readonly words: string;
}

const names =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
/** Source of a pattern for a number, in digits or as a word. */
export const amount = `\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,7}|${names.slice(1).join("|")}|a single|thirty|forty|fifty|hundred`;

const relations: readonly (readonly [RegExp, (n: number) => Range])[] = [
  [
    /^(?:at least|no fewer than|no less than|not less than|not fewer than|minimum(?: of)?|min\.?|a minimum of)$/,
    (n) => atLeast(n),
  ],
  [/^(?:more than|over|above|greater than|longer than)$/, (n) => atLeast(n + 1)],
  [
    /^(?:at most|no more than|not more than|up to|maximum(?: of)?|max\.?|a maximum of|not exceed(?:ing)?|not to exceed|no longer than|within|limit(?:ed)? (?:\w+ ){0,3}to)$/,
    (n) => atMost(n),
  ],
  [/^(?:less than|fewer than|under|below|shorter than)$/, (n) => atMost(n - 1)],
  [/^(?:exactly|precisely|only|just)$/, (n) => exactly(n)],
];

/** Source of a pattern for the words before a number. */
export const relation =
  "at least|no fewer than|no less than|not less than|not fewer than|(?:a )?minimum(?: of)?|min\\.?|more than|over|above|greater than|longer than|at most|no more than|not more than|up to|(?:a )?maximum(?: of)?|max\\.?|not exceed(?:ing)?|not to exceed|no longer than|within|limit(?:ed)? (?:\\w+ ){0,3}to|less than|fewer than|under|below|shorter than|exactly|precisely|only|just";

/** Words after a number that say the same. */
export const relationBehind =
  "\\+| or more| or less| or fewer| at least| at most| at minimum| at maximum| max(?:imum)?| min(?:imum)?";

/** Reads a demanded number; null without a relation unless `bare` says that the number alone is meant exactly. */
export function toRange(
  before: string | undefined,
  number: string,
  behind: string | undefined,
  bare: "exact" | "ignore",
): Range | null {
  const n = toNumber(number);
  if (Number.isNaN(n)) return null;
  const word =
    before
      ?.trim()
      .toLowerCase()
      .replace(/ a total of$/, "") ?? "";
  const found = relations.find(([pattern]) => pattern.test(word));
  if (found) return found[1](n);
  const after = behind?.trim().toLowerCase() ?? "";
  if (/^(?:\+|or more|at least|at minimum|min)/.test(after)) return atLeast(n);
  if (after !== "") return atMost(n);
  return bare === "exact" ? exactly(n) : null;
}

/**
 * Source of a pattern for a demanded number with all that belongs to it: "at least 3", "3 or more", "between 3 and 5",
 * "6 or 7", "twice". `readQuantity` reads its groups.
 */
export const quantity = `(?:(?:between |from )?(?<low>${amount})(?: and | or | to |\\s?[-–—]\\s?)(?<high>${amount})(?![\\p{L}\\d])|(?:(?<before>${relation})(?: a total of)? )?(?<number>${amount}|once|twice)(?![\\p{L}\\d])(?<behind>${relationBehind})?)`;

/** What `quantity` matched, as a range; null when it is none, or a bare number that is to be ignored. */
export function readQuantity(
  groups: Readonly<Record<string, string | undefined>>,
  bare: "exact" | "ignore",
): Range | null {
  const { low, high, before, number = "", behind } = groups;
  if (low === undefined || high === undefined) return toRange(before, number, behind, bare);
  const range = between(low, high);
  return range.least <= range.most ? range : null;
}

/** Both ends of "between 3 and 5", "3-5", "3 to 5". */
export function between(low: string, high: string): Range {
  const least = toNumber(low);
  const most = toNumber(high);
  return { least, most, words: `between ${least} and ${most}` };
}

function toNumber(word: string): number {
  const lower = word.trim().toLowerCase();
  if (lower === "a single") return 1;
  const round = ["thirty", "forty", "fifty"].indexOf(lower);
  if (round >= 0) return (round + 3) * 10;
  if (lower === "hundred") return 100;
  if (lower === "once") return 1;
  if (lower === "twice") return 2;
  const named = names.indexOf(lower);
  if (named >= 0) return named;
  return lower === "" ? Number.NaN : Number(lower.replaceAll(",", ""));
}

export function isWithin(value: number, { least, most }: Range): boolean {
  return value >= least && value <= most;
}

/** Where there is more than one honest way to count, one that is within the range is enough. */
export function isWithinEither(values: readonly number[], { least, most }: Range): boolean {
  return Math.max(...values) >= least && Math.min(...values) <= most;
}

export function atLeast(n: number): Range {
  return { least: n, most: Number.POSITIVE_INFINITY, words: `at least ${n}` };
}

function atMost(n: number): Range {
  return { least: 0, most: n, words: `at most ${n}` };
}

function exactly(n: number): Range {
  return { least: n, most: n, words: `exactly ${n}` };
}
