import { type Claim, redactJson, repeatsAKey } from "../../../evaluators/index.ts";
import { parseExactly } from "../../wires/parse-exactly.ts";
import { parseObject } from "../../wires/json.ts";

/**
 * What a tool is called with instead. `claims` count in the text that was examined, which has numbers as they are read; in
 * what comes out they keep their digits. Undefined when a claim is not about the arguments, or what is left would be
 * another kind of value.
 */
export function redactArguments(
  given: string,
  examined: string,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
): string | undefined {
  if (claims.some(({ start, end, text }) => end > examined.length || examined.slice(start, end) !== text))
    return undefined;
  const exact = parseExactly(given);
  if (!exact) return redactJson(examined, claims, { placeholders });
  const { json, claims: placed } = withDigits(examined, JSON.stringify(exact), claims);
  const redacted = redactJson(json, placed, { placeholders });
  return parseObject(redacted) && !repeatsAKey(redacted) ? redacted : undefined;
}

/** The examined text with the digits that its numbers were given with, but for those that are replaced anyway. */
function withDigits(examined: string, exact: string, claims: readonly Claim[]): Digits {
  const given = [...exact.matchAll(tokens)].map(([token]) => token);
  const numbers = [...examined.matchAll(tokens)].flatMap(({ 0: token, index: start }, at) => {
    const end = start + token.length;
    const digits = given[at] ?? token;
    const isMarked = () => claims.some((claim) => claim.start < end && claim.end > start);
    return digits === token || isMarked() ? [] : [{ start, end, digits }];
  });
  let [json, at, longer] = ["", 0, 0];
  const shifts: { readonly from: number; readonly by: number }[] = [];
  for (const { start, end, digits } of numbers) {
    json += examined.slice(at, start) + digits;
    at = end;
    longer += digits.length - (end - start);
    shifts.push({ from: end, by: longer });
  }
  const moved = (offset: number) => offset + (shifts.findLast(({ from }) => from <= offset)?.by ?? 0);
  return {
    json: json + examined.slice(at),
    claims: claims.map((claim) => ({ ...claim, start: moved(claim.start), end: moved(claim.end) })),
  };
}

interface Digits {
  readonly json: string;
  readonly claims: readonly Claim[];
}

/** Strings, and what stands between brackets, commas and colons without quotation marks. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"[\]{},:]+/gs;
