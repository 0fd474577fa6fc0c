/** The judge's word that a sentence says nothing to examine is not taken for one with a number, unless it asks. */
export function canBeEmpty(sentence: string): boolean {
  return !/\p{N}/u.test(sentence) || /[?？؟]["'”’»)\]]*$/u.test(sentence);
}
