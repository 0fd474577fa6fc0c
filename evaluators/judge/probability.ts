import type { JudgeReply, TokenProbability } from "../judge.ts";
import { type ValuePlace, placesOfValues } from "./verdict-places.ts";

/** Tells how likely the judge was to give a verdict: the probability of `wanted` where it wrote one of `allowed`. */
export type VerdictProbability = (path: string, wanted: string, allowed: readonly string[]) => number | undefined;

/**
 * Reads verdict probabilities off the answer's tokens: at the token with which the verdict begins, the share of those
 * likeliest tokens that begin `wanted` among those that begin any allowed verdict (the token-weighted verdict of G-Eval,
 * arXiv 2303.16634, for one token). Undefined where the provider gave no probabilities, or none that belong to the text.
 */
export function verdictProbabilities({ text, logprobs }: JudgeReply): VerdictProbability {
  if (!logprobs || logprobs.map(({ token }) => token).join("") !== text) return () => undefined;
  const places = placesOfValues(text);
  const starts = startsOf(logprobs);
  return (path, wanted, allowed) => {
    const place = places.get(path);
    return place && shareOf(logprobs, starts, place, { wanted, allowed });
  };
}

function startsOf(tokens: readonly TokenProbability[]): readonly number[] {
  let at = 0;
  return tokens.map(({ token }) => {
    at += token.length;
    return at - token.length;
  });
}

function shareOf(
  tokens: readonly TokenProbability[],
  starts: readonly number[],
  { start }: ValuePlace,
  { wanted, allowed }: { readonly wanted: string; readonly allowed: readonly string[] },
): number | undefined {
  const index = starts.findLastIndex((at) => at <= start);
  const said = tokens[index];
  if (!said) return undefined;
  // What stands in the token before the verdict, usually the quotation mark, stands before the alternatives as well.
  const before = said.token.slice(0, start - (starts[index] ?? 0));
  let yes = 0;
  let all = 0;
  for (const { token, logprob } of alternativesOf(said)) {
    if (!token.startsWith(before)) continue;
    const begun = token.slice(before.length).replace(/".*$/s, "");
    if (begun === "" || !allowed.some((verdict) => verdict.startsWith(begun))) continue;
    // Rounding lifts some a little above 0, and no probability is above 1.
    const probability = Math.exp(Math.min(0, logprob));
    all += probability;
    if (wanted.startsWith(begun)) yes += probability;
  }
  return all > 0 ? Math.min(1, yes / all) : undefined;
}

/** The likeliest tokens, the one that was said among them. */
function alternativesOf({ token, logprob, top }: TokenProbability): TokenProbability["top"] {
  return top.some((other) => other.token === token) ? top : [...top, { token, logprob }];
}
