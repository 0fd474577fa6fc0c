import type { EvaluatorStream, Finding, Tools } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { mapInSlices } from "../text/map-in-slices.ts";
import { createSentenceReader } from "../text/sentence-reader.ts";
import { claimsAmong, findClaims } from "./claims.ts";
import { type Comparison, createComparison, type LookUpAll } from "./comparison.ts";
import { differInLanguage } from "./languages.ts";
import { explainClaims } from "./reason.ts";
import type { Support } from "./support.ts";
import { toClaim } from "./verdict.ts";

/** What the local engine reads of a sample. */
export interface Material {
  readonly output: string;
  readonly context: readonly string[];
  readonly input?: string | undefined;
  /** The context and the input, where they have been read already. */
  readonly comparison?: Comparison | undefined;
}

const emptyContext = "The context is empty, so there is nothing to compare with.";
const noClaim = "No claim to compare: only remarks, questions or nothing at all.";
const otherLanguage =
  'The output and the context are in different languages, which words cannot compare. Use the engine "judge" or "cascade".';

/** Compares every claim of an answer with the context, by code. */
export async function examineLocally(material: Material, threshold: number, { signal }: Tools): Promise<Finding> {
  const { output, context, input = "" } = material;
  if (isBlank(context)) return { abstained: emptyContext };
  const claims = findClaims(output);
  if (claims.length === 0) return { abstained: noClaim };
  const lookUpAll = createLookUpAll(signal);
  const { comparison = createComparison(context, input) } = material;
  const supports = await lookUpAll(claims, comparison.lookup);
  if (supports.every(isUnmatched) && differInLanguage(output, context.toSorted().join("\n")))
    return { abstained: otherLanguage };
  const score = await comparison.score(claims, supports, lookUpAll);
  const found = supports.flatMap((support, at) => claims.slice(at, at + 1).map((claim) => toClaim(claim, support)));
  return { score, reason: explainClaims(found, score >= threshold), claims: found };
}

/** The same while the answer arrives. Claims are held back until one of them shows that the languages can be compared. */
export function streamLocally(
  { context, input = "" }: Omit<Material, "output">,
  examine: (output: string, comparison: Comparison | undefined) => Finding | Promise<Finding>,
): EvaluatorStream {
  const reader = createSentenceReader();
  const cannotTell = isBlank(context);
  let comparison: Comparison | undefined;
  let held: Claim[] = [];
  let isComparable = false;
  return {
    push(text) {
      const { sentences, settled } = reader.push(text);
      if (cannotTell) return { settled: 0, claims: [] };
      comparison ??= createComparison(context, input);
      for (const claim of claimsAmong(sentences)) {
        const support = comparison.lookup(claim);
        isComparable ||= !isUnmatched(support);
        held.push(toClaim(claim, support));
      }
      if (!isComparable) return { settled: 0, claims: [] };
      const claims = held;
      held = [];
      return { settled, claims };
    },
    end: () => examine(reader.text(), comparison),
  };
}

function isBlank(context: readonly string[]): boolean {
  return context.every((passage) => passage.trim() === "");
}

/** Below this a claim may as well be in another language. */
const unmatched = 0.4;

function isUnmatched({ overlap, missingNumbers, reversed }: Support): boolean {
  return overlap < unmatched && missingNumbers === 0 && !reversed;
}

/** One after the other, letting others run in between. */
function createLookUpAll(signal: AbortSignal): LookUpAll {
  return (claims, lookup) => mapInSlices(claims, lookup, signal);
}
