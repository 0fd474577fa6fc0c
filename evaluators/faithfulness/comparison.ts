import { readTokens } from "../text/tokens.ts";
import type { StatedClaim } from "./claims.ts";
import type { Denials } from "./denials.ts";
import { probabilityOf } from "./model.ts";
import { indexContext } from "./passages.ts";
import { type Known, type Support, supportOf } from "./support.ts";

/** What a context has and lacks of one claim; what is said twice is looked up once. */
export type Lookup = (claim: StatedClaim) => Support;

/** Looks up claims one after the other; may let others run in between. */
export type LookUpAll = (claims: readonly StatedClaim[], lookup: Lookup) => Promise<readonly Support[]>;

/** A context, read once, with which claims are compared. */
export interface Comparison {
  readonly lookup: Lookup;
  /** Probability that the claims together are faithful, 0 to 1. `supports` are those of `lookup`. */
  score(claims: readonly StatedClaim[], supports: readonly Support[], lookUpAll: LookUpAll): Promise<number>;
}

/** Reads a context and the question, whose words and numbers need no support. The order of the passages changes nothing. */
export function createComparison(context: readonly string[], input: string): Comparison {
  const passages = [...new Set(context)].filter((passage) => passage.trim() !== "").toSorted();
  const known = knownFrom(input);
  const lookup = createLookup(passages, known);
  return {
    lookup,
    async score(claims, supports, lookUpAll) {
      const isOpposed = passages.length > 1 && supports.some(isContradicted);
      const opponents = isOpposed
        ? passages.filter((passage) => opposes(createLookup([passage], nothingKnown), claims))
        : [];
      if (opponents.length > mostOpponents) return probabilityOf(supports.map(withoutContradictions));
      const scores = [probabilityOf(supports)];
      for (const left of someOf(opponents)) {
        const kept = passages.filter((passage) => !left.includes(passage));
        if (kept.length > 0) scores.push(probabilityOf(await lookUpAll(claims, createLookup(kept, known))));
      }
      return Math.max(...scores);
    },
  };
}

function createLookup(passages: readonly string[], known: Known): Lookup {
  const index = indexContext(passages);
  const found = new Map<string, Support>();
  return ({ text, reading }) => {
    const support = found.get(text) ?? supportOf(reading, index, known);
    found.set(text, support);
    return support;
  };
}

function knownFrom(input: string): Known {
  const tokens = readTokens(input);
  return {
    stems: new Set(tokens.map(({ stem }) => stem)),
    numbers: new Set(tokens.flatMap(({ number }) => (number ? [number.value] : []))),
  };
}

/**
 * A passage that contradicts a claim must not make an answer worse than no passage at all, or leaving it out would raise the
 * score: so the score is the best over all ways of leaving such passages out, and over this many of them, without what they
 * contradict.
 */
const mostOpponents = 3;

const nothingKnown: Known = { stems: new Set(), numbers: new Set() };

function opposes(lookup: Lookup, claims: readonly StatedClaim[]): boolean {
  return claims.some((claim) => isContradicted(lookup(claim)));
}

function isContradicted({ reversed, denials }: Support): boolean {
  return reversed || denials.denied > 0 || denials.unknown > 0 || denials.hours;
}

/** Every way to take one or more. */
function someOf(passages: readonly string[]): readonly (readonly string[])[] {
  return passages
    .reduce<readonly (readonly string[])[]>((sets, passage) => [...sets, ...sets.map((set) => [...set, passage])], [[]])
    .filter((set) => set.length > 0);
}

const nothing: Denials = { denied: 0, unknown: 0, hours: false };

function withoutContradictions(support: Support): Support {
  return { ...support, reversed: false, denials: nothing };
}
