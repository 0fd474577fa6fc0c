import { walkWindows, type Window, type WindowReport, type WindowWalker } from "../../linear/window-walker.ts";
import { withoutOverlap } from "../detection.ts";
import type { AllowList } from "../allow.ts";
import { allowedPlaces, blanked, isInside } from "../injection/allowed.ts";
import { asLatin } from "../injection/lookalikes.ts";
import { unmask } from "../injection/unmask.ts";
import { findProfanity } from "./profanity.ts";
import { abusivePlace, toxicityLogit, weigh } from "./toxicity-model.ts";
import { toxicityThreshold } from "./toxicity-weights.ts";

export interface ToxicityOptions extends AllowList {
  readonly threshold: number;
  /** Whether a profane word alone is a fault. */
  readonly profanity: "allow" | "fail";
}

export { toxicityThreshold };

/** How harmless a text's wording is, between 0 and 1, by the fitted model alone; below `toxicityThreshold` it is abusive. */
export function toxicityScore(text: string): number {
  const walker = walkToxicity({ threshold: 0, profanity: "allow", allow: [], allow_patterns: [] });
  walker.push(text);
  return walker.end().score;
}

/** Examines a text as it arrives. */
export function walkToxicity(options: ToxicityOptions): WindowWalker {
  return walkWindows(unmask, (window) => examineWindow(window, options));
}

function examineWindow({ text, border, seenBefore }: Window, options: ToxicityOptions): WindowReport {
  const allowed = allowedPlaces(text, options);
  const window = weigh(blanked(text, allowed));
  const profane =
    options.profanity === "allow"
      ? []
      : (allowed.length === 0 ? window.profanities : findProfanity(text)).filter(
          (hit) => hit.start < border && !isInside(hit, allowed),
        );
  const score = seenBefore || window.words.length === 0 ? 1 : 1 / (1 + Math.exp(toxicityLogit(window)));
  const abuse = score < options.threshold ? [{ kind: "abusive_wording", ...abusivePlace(window) }] : [];
  const findings = withoutOverlap([...abuse, ...profane.map((hit) => ({ kind: "profanity", ...hit }))]);
  const seen = findings.length > 0 || /[a-z]/i.test(asLatin(text));
  return { score: profane.length > 0 ? 0 : score, findings, seen };
}
