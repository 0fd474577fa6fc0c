import { allMatches } from "../../text/all-matches.ts";
import { plainView, startView, type View } from "./view.ts";

/** Digits and signs for letters, each one code unit for one. The one is an i or an l, so there are two readings. */
const leet: Readonly<Record<string, string>> = {
  "0": "o",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};
const leetWord = /[\p{L}0134578@$!]+/gu;

/** The text with digits and signs inside words read as letters; undefined when there are none. */
export function withoutLeet(text: string, one: "i" | "l"): View | undefined {
  if (one === "l" && !text.includes("1")) return undefined;
  if (!/\p{L}[0134578@$!]|[0134578@$]\p{L}/u.test(text)) return undefined;
  const read = text.replaceAll(leetWord, (word) =>
    // Digits alone are a number, and a sign at the end of a word is punctuation.
    !/\p{L}/u.test(word)
      ? word
      : word.replaceAll(/[0134578@$]|!(?=[\p{L}\d])/gu, (sign) => (sign === "1" ? one : (leet[sign] ?? sign))),
  );
  return read === text ? undefined : plainView(read);
}

/** Single letters with a gap between them: six or more make a word. */
const spaced = /(?<![\p{L}\p{N}])\p{L}(?:[ \t.*_·|/-]{1,3}\p{L}){5,400}(?![\p{L}\p{N}])/gu;

/** The text with s p e l l e d words written together, gaps of two or more staying gaps; undefined when there are none. */
export function withoutGaps(text: string): View | undefined {
  const view = startView();
  let from = 0;
  for (const { 0: run, index } of allMatches(text, spaced)) {
    copy(view, text, from, index);
    for (const { 0: piece, index: at } of run.matchAll(/\p{L}|[^\p{L}]{2,}/gu)) {
      view.add(/\p{L}/u.test(piece) ? piece : " ", index + at, index + at + piece.length);
    }
    from = index + run.length;
  }
  if (from === 0) return undefined;
  copy(view, text, from, text.length);
  return view.build();
}

/** Marks of Latin letters taken off; undefined when there are none. */
export function withoutAccents(text: string): View | undefined {
  if (!/[\u00c0-\u024f\u1e00-\u1eff]/.test(text)) return undefined;
  const view = startView();
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at);
    const letter = /[\u00c0-\u024f\u1e00-\u1eff]/.test(unit) ? unit.normalize("NFD").charAt(0) : unit;
    view.add(letter, at, at + 1);
  }
  return view.build();
}

/** Words of an attack as ROT13 and as a mirror write them: without one, neither reading is tried. */
const rotated =
  /\b(?:vtaber|qvfertneq|sbetrg|erirny|cerivbhf|vafgehpgvbaf?|cnffjbeq|flfgrz|cebzcg|bireevqr|olcnff|frperg)\b/i;
const mirrored = /(?:erongi|dragersid|tegrof|laever|suoiverp|snoitcurtsni|drowssap|metsys|tpmorp|edirrevo|ssapyb)/i;

/** The text with every Latin letter moved by thirteen; undefined when no word asks for it. */
export function withoutRotation(text: string): View | undefined {
  if (!rotated.test(text)) return undefined;
  return plainView(
    text.replaceAll(/[a-z]/gi, (letter) => {
      const base = letter <= "Z" ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
    }),
  );
}

/** The text from its end to its beginning; undefined when no word asks for it. */
export function withoutMirror(text: string): View | undefined {
  if (!mirrored.test(text)) return undefined;
  const view = startView();
  for (let at = text.length - 1; at >= 0; at -= 1) view.add(text.charAt(at), at, at + 1);
  return view.build();
}

function copy(
  view: { add(text: string, start: number, end: number): void },
  text: string,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at += 1) view.add(text.charAt(at), at, at + 1);
}
