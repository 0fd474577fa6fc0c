import type { Claim } from "../evaluation.ts";
import type { StatedClaim } from "./claims.ts";
import { probabilityOf } from "./model.ts";
import type { Support } from "./support.ts";
import { weights } from "./weights.ts";

/** Why a claim is not supported. */
export type Doubt = "number" | "negation" | "data" | "entity" | "no_match";

export interface ClaimVerdict {
  readonly verdict: "supported" | "unsupported" | "contradicted" | "unclear";
  readonly doubt?: Doubt;
}

/**
 * A claim that would fail alone is unsupported, or contradicted where the context says otherwise; one that would pass in
 * spite of a doubt is unclear. A claim that fails alone fails every answer it stands in.
 */
function verdictOn(support: Support): ClaimVerdict {
  const doubt = doubtAbout(support);
  if (probabilityOf([support]) >= weights.threshold)
    return doubt ? { verdict: "unclear", doubt } : { verdict: "supported" };
  const isContradicted = support.rival || support.reversed || support.denials.denied > 0 || support.denials.hours;
  return { verdict: isContradicted ? "contradicted" : "unsupported", doubt: doubt ?? "no_match" };
}

/** Of a claim that is carried by less than this nobody should say that it is supported. */
const faint = 0.25;

/** What speaks loudest against a claim; nothing where only its wording is far from the context. */
function doubtAbout({ missingNumbers, missingNames, denials, reversed, overlap }: Support): Doubt | undefined {
  if (missingNumbers > 0) return "number";
  if (reversed || denials.denied > 0) return "negation";
  if (denials.hours || denials.unknown > 0) return "data";
  if (missingNames > 0) return "entity";
  return overlap < faint ? "no_match" : undefined;
}

/** A claim as it is reported. */
export function toClaim({ text, start, end }: StatedClaim, support: Support): Claim {
  const { verdict, doubt } = verdictOn(support);
  const { evidence } = support;
  return {
    text,
    start,
    end,
    verdict,
    ...(doubt ? { kind: doubt } : {}),
    ...(evidence === undefined ? {} : { evidence }),
  };
}
