import type { Token } from "../text/token.ts";
import type { Facts, Flag } from "./facts.ts";
import { contradictsHours } from "./opening-hours.ts";
import type { Reading } from "./reading.ts";

/** How JSON speaks against a claim. */
export interface Denials {
  /** Things said of the claim that the data has otherwise. */
  readonly denied: number;
  /** Things said of the claim on which the data has null. */
  readonly unknown: number;
  readonly hours: boolean;
}

/** Compares what a claim says with flags and hours. `isKnown` says whether the context speaks of something beyond its flags. */
export function denialsOf(claim: Reading, facts: Facts, isKnown: (stem: string) => boolean): Denials {
  const hours = facts.hours !== null && contradictsHours(claim, facts.hours);
  if (facts.flags.length === 0 || claim.tokens.some(({ lower }) => silent.has(lower)))
    return { denied: 0, unknown: 0, hours };
  const tokens = claim.tokens.filter((token) => !isForeign(token, facts, isKnown));
  const stems = new Set(tokens.map((token) => token.stem));
  const places = placesOf(tokens);
  const isNamePart = (at: number) => partOfName(tokens, at, isKnown);
  let denied = 0;
  let unknown = 0;
  for (const flag of facts.flags) {
    const at = placeOf(flag, places, stems);
    if (at === undefined || isNamePart(at)) continue;
    if (flag.value === null) unknown += isTold(flag, isKnown) ? 0 : 1;
    else if (flag.value === isDenied(tokens, at)) denied += 1;
  }
  return { denied, unknown, hours };
}

/** A sentence about what the data has or lacks says nothing of the matter itself. */
const silent = new Set(
  "mention mentions mentioned mentioning specify specified specifies information unclear unknown listed".split(" "),
);

/** Where each stem, and each word made of two neighbours ("take-out"), stands. */
function placesOf(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  tokens.forEach((token, at) => {
    if (token.kind !== "word") return;
    places.set(token.stem, at);
    places.set(token.lower, at);
    const before = tokens[at - 1];
    if (before?.kind === "word") places.set(before.lower + token.lower, at);
  });
  return places;
}

/** Numbers, and names that are in neither the context nor a flag: putting one into a sentence must not change what it says of flags. */
function isForeign(
  { number, capital, content, stem, lower }: Token,
  { flags }: Facts,
  isKnown: (stem: string) => boolean,
): boolean {
  if (number) return true;
  return (
    capital &&
    content &&
    !isKnown(stem) &&
    !introductions.has(lower) &&
    !flags.some(({ joined, stems }) => joined.includes(lower) || stems.includes(stem))
  );
}

function placeOf(flag: Flag, places: ReadonlyMap<string, number>, stems: ReadonlySet<string>): number | undefined {
  if (flag.about.length > 0 && !flag.about.some((stem) => stems.has(stem))) return undefined;
  const joined = places.get(flag.joined);
  if (joined !== undefined) return joined;
  const [first = ""] = flag.stems;
  return flag.stems.every((stem) => stems.has(stem)) ? places.get(first) : undefined;
}

/** Words behind which a denial has ended. */
const turns = new Set("but while however although though yet whereas also".split(" "));

/** Whether a place in a sentence is denied: by a "not" anywhere before it, or by "is not available" behind. */
function isDenied(tokens: readonly Token[], at: number): boolean {
  return isDeniedBefore(tokens, at) || isDeniedBehind(tokens, at);
}

/** Words with which a new statement begins or goes on. */
const verbs = new Set(
  "is are was were has have had offers offer offered provides provide features feature accepts accept takes take includes include does do can they it there".split(
    " ",
  ),
);
/** Words behind which the first comma ends what they introduce. */
const introductions = new Set("while although though despite whereas".split(" "));

function isDeniedBefore(tokens: readonly Token[], at: number): boolean {
  const introduced = tokens.slice(0, 2).some(({ lower }) => introductions.has(lower));
  let sawVerb = false;
  for (let index = at - 1; index >= 0; index -= 1) {
    const token = tokens[index];
    if (!token) break;
    if (isNegation(tokens, index)) return true;
    if (token.kind === "break" && (sawVerb || introduced)) return false;
    if (turns.has(token.lower)) return false;
    sawVerb ||= verbs.has(token.lower);
  }
  return false;
}

function isDeniedBehind(tokens: readonly Token[], at: number): boolean {
  for (let index = at + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token || turns.has(token.lower)) return false;
    if (isNegation(tokens, index)) return isOffered(tokens, index);
    if (verbs.has(token.lower) && !isNegation(tokens, index + 1)) return false;
  }
  return false;
}

function isNegation(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return (
    token !== undefined &&
    (token.negation || token.lower === "lacks" || token.lower === "lacking" || token.lower === "lack") &&
    tokens[at + 1]?.lower !== "only"
  );
}

const offered = new Set(
  "available offered provided allowed accepted included possible present supported an a".split(" "),
);

/** "is not currently available". */
function isOffered(tokens: readonly Token[], negation: number): boolean {
  return tokens.slice(negation + 1, negation + 4).some(({ lower }) => offered.has(lower));
}

function isTold({ stems, joined }: Flag, isKnown: (stem: string) => boolean): boolean {
  return isKnown(joined) || stems.every(isKnown);
}

/** "Soho Music Club" plays no music. */
function partOfName(tokens: readonly Token[], at: number, isKnown: (stem: string) => boolean): boolean {
  if (tokens[at]?.capital !== true || at === 0) return false;
  return [tokens[at - 1], tokens[at + 1]].some((near) => near?.capital === true && isKnown(near.stem));
}
