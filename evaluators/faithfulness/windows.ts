import type { ContextIndex, ContextSentence } from "./passages.ts";
import type { Reading } from "./reading.ts";

/** The place in the context that says most of what a claim says. */
export interface Window {
  /** Index of the sentence in its middle; -1 when the context has none of the claim's words. */
  readonly best: number;
  /** Different words of the claim that stand there. */
  readonly shared: number;
  /** True when a sentence of the context denies what the claim says, or the other way round. */
  readonly reversed: boolean;
}

/**
 * Bounds the work for one claim, whatever the size of the context: words that stand in more places than this together are
 * taken to stand in one.
 */
const mostLookups = 4_000;

const sameStatement = 0.8;
const sameLength = 0.6;
/** In a longer sentence (in words) a negation may belong to any part. */
const longestStatement = 12;

/**
 * Looks at every place in the context. Denials lend a claim without a "not" no words, and a place where a sentence says the
 * opposite lends none at all, so that more context never takes away what another place has lent.
 */
export function widestWindow(claim: Reading, stems: readonly string[], index: ContextIndex): Window {
  const lists = stems.map((stem) => index.where.get(stem) ?? []);
  const lookups = lists.reduce((sum, list) => sum + list.length, 0);
  if (lookups > mostLookups) {
    const filled = lists.filter((list) => list.length > 0);
    return { best: filled[0]?.[0] ?? -1, shared: filled.length, reversed: false };
  }
  const opposites = oppositesOf(claim, stems, lists, index);
  const blocked = new Set(opposites.flatMap((at) => around(at, index)));
  const { best, shared } = mostShared(lists, index, blocked, claim.negated.size === 0);
  const reversed = opposites.length > 0;
  return { best: best < 0 ? (opposites[0] ?? -1) : best, shared, reversed };
}

function around(at: number, { sentences }: ContextIndex): number[] {
  const { first = at, last = at } = sentences[at] ?? {};
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}

/** Counts, for every place, the words of the claim that stand in one of its sentences. */
function mostShared(
  lists: readonly (readonly number[])[],
  { sentences }: ContextIndex,
  blocked: ReadonlySet<number>,
  affirms: boolean,
): { best: number; shared: number } {
  const counts = new Int32Array(sentences.length);
  for (const list of lists) {
    let counted = -1;
    for (const at of list) {
      const sentence = sentences[at];
      if (!sentence || (affirms && sentence.denies)) continue;
      const from = Math.max(sentence.first, counted + 1);
      for (let middle = from; middle <= sentence.last; middle += 1) counts[middle] = (counts[middle] ?? 0) + 1;
      counted = Math.max(counted, sentence.last);
    }
  }
  for (const at of blocked) counts[at] = 0;
  return mostOf(counts);
}

function mostOf(counts: Int32Array): { best: number; shared: number } {
  let [best, shared] = [-1, 0];
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[at] ?? 0;
    if (count > shared) [best, shared] = [at, count];
  }
  return { best, shared };
}

/** Sentences that say the opposite of the claim. */
function oppositesOf(
  claim: Reading,
  stems: readonly string[],
  lists: readonly (readonly number[])[],
  { sentences, where }: ContextIndex,
): number[] {
  if (claim.contrasts) return [];
  const hits = new Map<number, number>();
  for (const list of lists) {
    for (const at of list) {
      const sentence = sentences[at];
      if (sentence && mayOppose(claim, sentence)) hits.set(at, (hits.get(at) ?? 0) + 1);
    }
  }
  if (hits.size === 0) return [];
  const said = saidBy(claim, stems, where);
  return [...hits].flatMap(([at, shared]) => {
    const sentence = sentences[at];
    return sentence && saysOpposite(claim, sentence, shared, said) ? [at] : [];
  });
}

/** How many different words a claim has: all but the names that the context lacks, and those that the context has at all. */
interface Said {
  readonly words: number;
  readonly found: number;
}

function saidBy({ tokens }: Reading, stems: readonly string[], where: ContextIndex["where"]): Said {
  const strange = tokens.filter(({ capital, content, stem }) => capital && content && !where.has(stem));
  return {
    words: stems.length - new Set(strange.map(({ stem }) => stem)).size,
    found: stems.filter((stem) => where.has(stem)).length,
  };
}

/** One of them, and only one, denies something, in a sentence short enough to tell what, and not with an exception that the other is about. */
function mayOppose(claim: Reading, sentence: ContextSentence): boolean {
  if (claim.negated.size > 0 === sentence.negated.size > 0) return false;
  if (sentence.contrasts || sentence.size > longestStatement) return false;
  return !(sentence.excepts && claim.conditional) && !(claim.excepts && sentence.conditional);
}

/** In nearly the same words, or the one within the other. What fills up a claim does not take it out of reach of a denial. */
function saysOpposite(claim: Reading, sentence: ContextSentence, shared: number, said: Said): boolean {
  const whole = shared < leastPart || sentence.negated.size === 0 ? said.words : said.found;
  const covered = !sentence.compares && shared >= sameStatement * whole && shared >= sameLength * sentence.size;
  if (!covered && !isContained(claim, sentence, shared, said) && !isPart(claim, sentence, shared, said)) return false;
  return claim.words.some(
    (stem) => sentence.stems().has(stem) && (claim.negated.has(stem) || sentence.negated.has(stem)),
  );
}

/** A short denial that the claim contains whole, with its numbers: "not more than 3 tablets" is no denial of 1. */
function isContained(
  claim: Reading,
  { negated, numbers, size }: ContextSentence,
  shared: number,
  { words }: Said,
): boolean {
  const isWhole = negated.size > 0 && shared > 1 && shared === size && 2 * shared >= words;
  return isWhole && numbers.every(({ value }) => claim.numbers.some((number) => number.value === value));
}

/** Fewer words than this stand in many sentences by chance. */
const leastPart = 3;

/** A claim that stands whole in a sentence of one part, with what is denied there or here. */
function isPart(
  claim: Reading,
  { stems, negated, turns, compares }: ContextSentence,
  shared: number,
  { words }: Said,
): boolean {
  if (turns || compares || shared < leastPart || shared < words) return false;
  const [denied, there] = negated.size > 0 ? [negated, new Set(claim.words)] : [claim.negated, stems()];
  return [...denied].every((stem) => there.has(stem));
}
