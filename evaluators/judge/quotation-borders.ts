import { negations } from "../text/stop-words.ts";
import type { FoldedText } from "./folded-text.ts";

/** Negations of other languages that stand before what they negate. */
const otherNegations: ReadonlySet<string> = new Set(
  "nicht kein keine keinen keinem keiner não niet geen не нет".split(" "),
);

/** Words over which a negation reaches what follows. */
const smallWords: ReadonlySet<string> = new Set(
  "a an the any be been being yet ever longer always fully ein eine einen mehr noch immer un une plus encore".split(
    " ",
  ),
);

/** Longest stretch before a quotation that is looked at for a negation, in UTF-16 code units. */
const longestLook = 32;

/**
 * True when what stands between the two places is cut from the text where it may be cut: at the ends of words and numbers, and
 * not at a negation. So "legal" does not stand in "illegal", "0 days" not in "30 days", "you can" not in "you can't",
 * "refundable" not in "not yet refundable" and "refunds are" not in "refunds are not possible".
 */
export function isFairlyCut(folded: FoldedText, start: number, end: number): boolean {
  const { text, starts, ends } = folded;
  const isWhole = starts[start - 1] !== starts[start] && ends[end - 1] !== ends[end];
  if (!isWhole || isInsideWord(text, start) || isInsideWord(text, end)) return false;
  if (isInsideNumber(text, start) || isInsideNumber(text, end)) return false;
  return !isDenied(text, end) && !isNegated(text, start);
}

/** Letters of scripts that put space between words, and digits. Korean puts it there, too, but hangs particles on its words. */
const joining =
  /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}])[\p{L}\p{M}\p{N}]/u;

function isInsideWord(text: string, at: number): boolean {
  const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? "";
  const behind = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
  return joining.test(before) && joining.test(behind);
}

/** Between digits, or between a digit and its sign: behind "1," in "1,000", before the "5" of "-5". */
function isInsideNumber(text: string, at: number): boolean {
  const around = text.slice(Math.max(0, at - 2), at + 2);
  const place = Math.min(at, 2);
  const [before, behind] = [around.slice(0, place), around.slice(place)];
  if (/\p{N}[.,:⁄/]$/u.test(before) && /^\p{N}/u.test(behind)) return true;
  if (/\p{N}$/u.test(before) && /^[.,:⁄/]\p{N}/u.test(behind)) return true;
  return /(?:^|[\s("'])[-−]$/u.test(before) && /^\p{N}/u.test(behind);
}

/** Words that deny what stands before them. "Without" and its like only limit it. */
const denials =
  /^(?:'t| (?:not|never|no|cannot|nicht|nie|niemals|kein\p{L}*|niet|geen|pas|jamais|не|нет))(?![\p{L}\p{M}])/u;

function isDenied(text: string, at: number): boolean {
  return denials.test(text.slice(at, at + 12));
}

/** True when a negation reaches the place: it stands directly before it, or small words such as "yet been" between them. */
function isNegated(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - longestLook), at);
  if (/(?:^|[^\p{L}])(?:non|not|un|anti)-$/u.test(before)) return true;
  const words =
    /(?<![\p{L}\p{M}'])(?:[\p{L}\p{M}']+ ){1,4}$/u.exec(before)?.[0].normalize("NFC").trimEnd().split(" ") ?? [];
  for (const word of words.toReversed()) {
    if (negations.has(word) || otherNegations.has(word)) return true;
    if (!smallWords.has(word)) return false;
  }
  return false;
}
