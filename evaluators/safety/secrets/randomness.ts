import { crc32 } from "node:zlib";

/** What stands where a secret would, in documentation. */
const placeholder =
  /^(?:your|my|the|some|insert|enter|change|replace|example|sample|dummy|fake)[_-]|^<|x{5,}|\*{4,}|\.{4,}|•{3,}|^\$|^%|^\{\{|^process\.|^env[.[]|^os\.|^import\.meta|placeholder|redacted|_here$|-here$|EXAMPLE(?:KEY)?$|^\[[A-Z_]+_\d+\]$/i;
/** Words joined by hyphens, as prose and names of things have them. */
const joined = /^\p{L}\p{Ll}{1,19}(?:[-_.]\p{Ll}{1,20})+\.?$/u;
const mixed = /(?=.*\p{L})(?=.*[\p{N}!@#$%^&*?_+~-])/u;

/** Whether a value has the disorder of a secret and is no placeholder. */
export function isRandom(value: string, bits: number): boolean {
  if (bits === 0 || hasTokenChecksum(value)) return true;
  return mixed.test(value) && !placeholder.test(value) && !joined.test(value) && bitsPerCharacter(value) >= bits;
}

/** Shannon entropy of the characters. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Thirty characters and their CRC-32 in base 62, as repository hosts and package registries write their tokens since 2021. */
function hasTokenChecksum(token: string): boolean {
  const [, body, written] = /^(?:gh[pousr]|npm)_([A-Za-z0-9]{30})([A-Za-z0-9]{6})$/.exec(token) ?? [];
  if (body === undefined || written === undefined) return false;
  return [...written].reduce((value, character) => value * 62 + base62.indexOf(character), 0) === crc32(body);
}
