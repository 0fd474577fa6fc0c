/** Whether a text may be cut at a place: not inside a surrogate pair, nor between a character and the marks that belong to it. */
export function isBorder(text: string, at: number): boolean {
  if (isInsidePair(text, at) || text.charAt(at - 1) === joiner) return false;
  return !/^[\p{M}\p{EMod}\u200d]/u.test(text.slice(at, at + 2));
}

/** The last border of a character behind `start` and up to `limit`; where there is none the limit itself, off a surrogate pair. */
export function characterBorder(text: string, start: number, limit: number): number {
  for (let at = limit; at > start; at -= 1) if (isBorder(text, at)) return at;
  if (!isInsidePair(text, limit)) return limit;
  return limit - 1 > start ? limit - 1 : limit + 1;
}

/** Whether the code unit at a place is white space. */
export function isSpace(text: string, at: number): boolean {
  return /^\s/u.test(text.charAt(at));
}

const joiner = "\u200d";

function isInsidePair(text: string, at: number): boolean {
  return isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
