import type { ContextIndex, ContextSentence } from "./passages.ts";
import { type CountedNumber, measures, type Reading } from "./reading.ts";

/** Why a claim is not supported. */
export type Doubt = "number" | "negation" | "entity" | "no_match";

/** How far the context carries one claim. */
export interface Support {
  /** 0 to 1. Supported claims have 0.7 or more, all others 0.55 or less. */
  readonly degree: number;
  readonly verdict: "supported" | "unsupported" | "contradicted";
  readonly doubt?: Doubt;
  /** The sentence of the context that is nearest to the claim. */
  readonly evidence?: string;
}

/** Everything that decides a verdict by number. */
export const weights = {
  /** Shares of the words found in the best passage, of the words found anywhere, and of the word pairs found anywhere. */
  passage: 0.5,
  anywhere: 0.25,
  pairs: 0.25,
  /** Below this the context does not carry the claim. */
  supported: 0.4,
  /** From this share of words on, a differing number, a negation, or a number without a unit speaks of the same thing. */
  sameMatter: 0.5,
  sameStatement: 0.8,
  sameLength: 0.6,
  /** In a longer sentence (in words) a negation may belong to any part. */
  longestStatement: 12,
  sameYear: 0.7,
  /** Of a language that capitalises this share of its words, capitals are no names. */
  capitals: 0.25,
  /** An approximate number may differ by this share. */
  tolerance: 0.05,
} as const;

/** Compares one claim with the context. `known` are stems that need no support, such as names in the question. */
export function supportOf(claim: Reading, index: ContextIndex, known: ReadonlySet<string>): Support {
  const { window, around } = nearest(claim, index);
  const overlap = overlapOf(claim, index, window);
  const wrong = findDoubt(claim, index, around, known);
  const evidence = window.best && window.share > 0 ? { evidence: window.best.text } : {};
  if (wrong) {
    const ceiling = wrong.verdict === "contradicted" ? 0.2 : 0.4;
    return { ...wrong, degree: Math.min(ceiling, overlap * ceiling), ...evidence };
  }
  if (overlap < weights.supported) {
    return { degree: overlap * 1.1, verdict: "unsupported", doubt: "no_match", ...evidence };
  }
  return {
    degree: 0.7 + 0.3 * ((overlap - weights.supported) / (1 - weights.supported)),
    verdict: "supported",
    ...evidence,
  };
}

/** Sentences of the context that are near to a claim. */
interface Window {
  readonly best: ContextSentence | null;
  readonly sentences: readonly ContextSentence[];
  readonly stems: ReadonlySet<string>;
  /** Weighted share of the claim's words that occur in it. */
  readonly share: number;
}

/** Bounds the work for one claim, whatever the size of the context. */
const mostLookups = 4000;
const candidates = 3;

/** The best few neighbouring sentences, and everything around the best few places: what contradicts may stand elsewhere. */
function nearest(claim: Reading, index: ContextIndex): { window: Window; around: Window } {
  const windows = bestPlaces(claim, index).map((at) => windowAt(at, claim, index));
  const window = windows.reduce((widest, next) => (next.share > widest.share ? next : widest), emptyWindow);
  const sentences = [...new Set(windows.flatMap((next) => next.sentences))];
  return { window, around: { ...windowOf(sentences, claim, index), best: window.best } };
}

function bestPlaces(claim: Reading, index: ContextIndex): number[] {
  const scores = new Map<number, number>();
  const stems = [...new Set(claim.words)].filter((stem) => index.where.has(stem));
  const rarestFirst = stems.toSorted((a, b) => (index.where.get(a)?.length ?? 0) - (index.where.get(b)?.length ?? 0));
  let lookups = 0;
  for (const stem of rarestFirst) {
    const found = index.where.get(stem) ?? [];
    if (lookups > 0 && lookups + found.length > mostLookups) break;
    lookups += found.length;
    for (const at of found) scores.set(at, (scores.get(at) ?? 0) + index.weight(stem));
  }
  return [...scores]
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, candidates)
    .map(([at]) => at);
}

const emptyWindow: Window = { best: null, sentences: [], stems: new Set(), share: 0 };

function windowAt(at: number, claim: Reading, index: ContextIndex): Window {
  const best = index.sentences[at] ?? null;
  const sentences = index.sentences
    .slice(Math.max(0, at - 1), at + 2)
    .filter((sentence) => sentence.passage === best?.passage);
  return { ...windowOf(sentences, claim, index), best };
}

function windowOf(sentences: readonly ContextSentence[], claim: Reading, index: ContextIndex): Window {
  const stems = new Set(sentences.flatMap((sentence) => [...sentence.stems]));
  return { best: null, sentences, stems, share: shareOf(claim.words, (stem) => stems.has(stem), index) };
}

function overlapOf(claim: Reading, index: ContextIndex, window: Window): number {
  const parts: [number, number][] = [];
  if (claim.words.length > 0) {
    parts.push([weights.passage, window.share]);
    parts.push([weights.anywhere, shareOf(claim.words, (stem) => index.where.has(stem), index)]);
  }
  if (claim.pairs.length > 1) parts.push([weights.pairs, countOf(claim.pairs, (pair) => index.pairs.has(pair))]);
  const total = parts.reduce((sum, [weight]) => sum + weight, 0);
  return total === 0 ? 1 : parts.reduce((sum, [weight, value]) => sum + weight * value, 0) / total;
}

function shareOf(stems: readonly string[], isFound: (stem: string) => boolean, index: ContextIndex): number {
  let found = 0;
  let total = 0;
  for (const stem of stems) {
    const weight = index.weight(stem);
    total += weight;
    if (isFound(stem)) found += weight;
  }
  return total === 0 ? 0 : found / total;
}

function countOf(items: readonly string[], isFound: (item: string) => boolean): number {
  return items.filter(isFound).length / items.length;
}

type Wrong = Pick<Support, "verdict" | "doubt">;

function findDoubt(claim: Reading, index: ContextIndex, window: Window, known: ReadonlySet<string>): Wrong | null {
  const numbers = claim.numbers.map((number) => numberDoubt(number, index, window)).filter((wrong) => wrong !== null);
  const worst = numbers.find((wrong) => wrong.verdict === "contradicted") ?? numbers[0];
  if (worst) return worst;
  if (window.sentences.some((sentence) => isReversed(claim, sentence)))
    return { verdict: "contradicted", doubt: "negation" };
  if (claim.capitals >= weights.capitals && claim.words.length > 4) return null;
  const strange = claim.names.some((name) => !isKnownName(name, index, known));
  return strange ? { verdict: "unsupported", doubt: "entity" } : null;
}

function numberDoubt(number: CountedNumber, index: ContextIndex, window: Window): Wrong | null {
  if (isIncidental(number)) return null;
  const matches = matchesOf(number, index);
  const rivals = window.sentences.some((sentence) =>
    sentence.numbers.some((other) => isRival(number, other, window.share)),
  );
  if (matches.length === 0) return { verdict: rivals ? "contradicted" : "unsupported", doubt: "number" };
  if (!matches.every((match) => measuresAnother(number, match))) return null;
  return { verdict: rivals ? "contradicted" : "unsupported", doubt: "number" };
}

/** "Two friends" may count what the context lists; "two days" measures. */
function isIncidental(number: CountedNumber): boolean {
  return number.spelled && number.value <= 4 && !number.units.some((unit) => measures.has(unit));
}

function matchesOf(number: CountedNumber, index: ContextIndex): readonly CountedNumber[] {
  const values =
    number.kind === "time" && number.eitherHalf && !index.uses24Hours
      ? [number.value, (number.value + 720) % 1440]
      : [number.value];
  const exact = values.flatMap((value) => index.numbers.get(value) ?? []).filter((match) => match.kind === number.kind);
  if (exact.length > 0) return exact;
  if (number.kind === "time") return timesOf(number, index);
  if (!number.approximate) return [];
  const reach = Math.abs(number.value) * weights.tolerance;
  return [...index.numbers].flatMap(([value, found]) => (Math.abs(value - number.value) <= reach ? found : []));
}

/** "7 am" is supported by 7:00, by 7 (as in "7 to 9 pm"), and by a 7:00 that does not say which half it means. */
function timesOf(time: CountedNumber, index: ContextIndex): readonly CountedNumber[] {
  const twin = index.uses24Hours ? [] : (index.numbers.get((time.value + 720) % 1440) ?? []);
  const hour = time.value % 60 === 0 ? (index.numbers.get(((time.value / 60 + 11) % 12) + 1) ?? []) : [];
  return [
    ...twin.filter((match) => match.kind === "time" && match.eitherHalf),
    ...hour.filter((match) => match.units.length === 0),
  ];
}

/** Another number for the same thing. */
function isRival(number: CountedNumber, other: CountedNumber, share: number): boolean {
  if (number.kind !== other.kind || number.value === other.value) return false;
  if (number.units.length === 0 && other.units.length === 0) return share >= weights.sameYear;
  return share >= weights.sameMatter && sharesUnit(number, other);
}

function sharesUnit(a: CountedNumber, b: CountedNumber): boolean {
  return a.units.some((unit) => b.units.includes(unit));
}

/** 30 days are not supported by 30 dollars, while 30 guests may be by 30 people. */
function measuresAnother(a: CountedNumber, b: CountedNumber): boolean {
  return !sharesUnit(a, b) && a.units.some((unit) => measures.has(unit)) && b.units.some((unit) => measures.has(unit));
}

/** One of them denies what the other says: in nearly the same words, or a short denial that the claim contains whole. */
function isReversed(claim: Reading, sentence: ContextSentence): boolean {
  if (claim.negated.size > 0 === sentence.negated.size > 0 || claim.contrasts || sentence.contrasts) return false;
  if (sentence.stems.size > weights.longestStatement) return false;
  const said = new Set(claim.words);
  const shared = [...said].filter((stem) => sentence.stems.has(stem));
  const covered =
    shared.length >= weights.sameStatement * said.size && shared.length >= weights.sameLength * sentence.stems.size;
  const contained = sentence.negated.size > 0 && shared.length > 1 && shared.length === sentence.stems.size;
  return (covered || contained) && shared.some((stem) => claim.negated.has(stem) || sentence.negated.has(stem));
}

/** Longest beginning by which "American" is known from "America". */
const rootLength = 5;

function isKnownName(name: string, index: ContextIndex, known: ReadonlySet<string>): boolean {
  if (index.where.has(name) || known.has(name) || index.initials.has(name)) return true;
  if (months.has(name) && index.numbers.has(months.get(name) ?? 0)) return true;
  if (name.length < rootLength) return false;
  const root = name.slice(0, rootLength);
  return index.roots.has(root);
}

const months: ReadonlyMap<string, number> = new Map(
  "januari februari march april mai june juli august september october november december"
    .split(" ")
    .map((month, position) => [month, position + 1] as const),
);
