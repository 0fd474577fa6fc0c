/** A text reduced to what counts in a comparison, with the place where each of its code units came from. */
export interface FoldedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Folds letter case, white space, the form of quotation marks, composed letters and compatibility forms. */
export function foldText(text: string): FoldedText {
  const folded: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let index = 0;
  for (const character of text) {
    const start = index;
    index += character.length;
    const kept = foldCharacter(character);
    if (kept === " " && (folded.length === 0 || folded.at(-1) === " ")) continue;
    for (const unit of kept.split("")) {
      folded.push(unit);
      starts.push(start);
      ends.push(index);
    }
  }
  if (folded.at(-1) === " ") folded.pop();
  return { text: folded.join(""), starts, ends };
}

function foldCharacter(character: string): string {
  if (character >= "a" && character <= "z") return character;
  if (/\s/u.test(character)) return " ";
  if (/[“”„«»]/u.test(character)) return '"';
  if (/[‘’‚]/u.test(character)) return "'";
  if (/[\p{Cf}\p{Variation_Selector}]/u.test(character)) return "";
  // 5² is not 52.
  if (/[²³¹⁰-ₜ]/u.test(character)) return character;
  // Each character by itself, fully taken apart: so composed and decomposed letters compare equal, and places are kept.
  return character.normalize("NFKD").toLowerCase();
}
