import {
  walkWindows,
  type Window,
  type WindowFinding,
  type WindowReport,
  type WindowWalker,
} from "../../linear/window-walker.ts";
import { type Detect, type KindNames, withoutOverlap } from "../detection.ts";
import type { AllowList } from "../allow.ts";
import { allowedPlaces, blanked, isInside } from "./allowed.ts";
import { injectionThreshold } from "./injection-weights.ts";
import { patternHits, readingsOf, type WindowReading, worstReading } from "./read-window.ts";
import { unmask } from "./unmask.ts";
import type { Place } from "./view.ts";

export const injectionNames = {
  instruction_override: ["override attempt", "override attempts"],
  role_takeover: ["role takeover", "role takeovers"],
  prompt_extraction: ["prompt extraction", "prompt extractions"],
  delimiter_forgery: ["forged delimiter", "forged delimiters"],
  suspicious_wording: ["passage worded like an injection", "passages worded like injections"],
} as const satisfies KindNames;

/** What is looked for, and from which score on a wording is harmless. */
export interface InjectionOptions extends AllowList {
  readonly kinds: readonly string[];
  readonly threshold: number;
}

/** Finds known forms of an injection, also behind invisible characters, look-alike letters and encodings. No model: for answers. */
export const detectInjection: Detect = (text) => {
  const walker = walkWindows(unmask, (window) => ({ score: 1, findings: formsIn(window, readingsOf(window.text)) }));
  walker.push(text);
  return walker.end().findings;
};

/**
 * How harmless a text's wording is, between 0 and 1, by the fitted model alone; below `injectionThreshold` it is worded like
 * an injection. For requests and documents: the model was fitted on what people write to models, not on answers.
 */
export function injectionScore(text: string): number {
  const walker = walkWindows(unmask, (window) => ({
    score: wordingOf(window, readingsOf(window.text)).score,
    findings: [],
  }));
  walker.push(text);
  return walker.end().score;
}

/** Examines a text for forms and wording as it arrives. */
export function walkInjection(options: InjectionOptions): WindowWalker {
  return walkWindows(unmask, (window) => examineWindow(window, options));
}

export { injectionThreshold };

function examineWindow(window: Window, options: InjectionOptions): WindowReport {
  const { kinds, threshold } = options;
  const allowed = allowedPlaces(window.text, options);
  const readings = readingsOf(window.text);
  const forms = formsIn(window, readings).filter((hit) => kinds.includes(hit.kind) && !isInside(hit, allowed));
  if (!kinds.includes("suspicious_wording")) return { score: forms.length > 0 ? 0 : 1, findings: forms };
  const weighed = allowed.length === 0 ? readings : readingsOf(blanked(window.text, allowed));
  const { score, place } = wordingOf(window, weighed);
  const suspects = score < threshold ? [{ kind: "suspicious_wording", ...place() }] : [];
  return { score: forms.length > 0 ? 0 : score, findings: withoutOverlap([...forms, ...suspects]) };
}

function formsIn({ border }: Window, readings: readonly WindowReading[]): WindowFinding[] {
  return withoutOverlap(readings.flatMap(patternHits).filter(({ start }) => start < border));
}

const harmless = { score: 1, place: () => ({ start: 0, end: 0 }) };

function wordingOf({ seenBefore }: Window, readings: readonly WindowReading[]): { score: number; place(): Place } {
  if (seenBefore) return harmless;
  const { logit, place } = worstReading(readings);
  return { score: 1 / (1 + Math.exp(logit)), place };
}
