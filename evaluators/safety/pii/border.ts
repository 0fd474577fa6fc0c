/** Letters of the scripts that put spaces between words, digits and the underscore: what a number must not be glued to. */
const wordCharacter = /[\w\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0590-\u05ff\u0620-\u064a]/;

/** Whether a stretch begins and ends where a word could. */
export function standsAlone(text: string, start: number, end: number): boolean {
  return !isWordCharacter(text[start - 1]) && !isWordCharacter(text[end]);
}

export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && wordCharacter.test(character);
}

/** Whether the stretch is a part of a longer number: `1.`, `1,` or `1-` before it or `.1`, `,1` or `-1` behind it. */
export function isPartOfNumber(text: string, start: number, end: number): boolean {
  return (
    (isDigit(text[start - 2]) && ".,-".includes(text[start - 1] ?? " ")) ||
    (isDigit(text[end + 1]) && ".,-".includes(text[end] ?? " "))
  );
}

export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

/** How far before a value a word may stand that says what it is. */
const reach = 60;

/**
 * What stands before an offset and may say what follows: up to 60 characters, no other number between, on the same line or a line
 * that ends in a colon.
 */
export function leadTo(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - reach), at).replace(/:[^\S\n]*\n\s*$/, ": ");
  return before.slice(Math.max(before.lastIndexOf("\n"), lastDigit(before)) + 1);
}

function lastDigit(text: string): number {
  for (let at = text.length - 1; at >= 0; at -= 1) if (isDigit(text[at])) return at;
  return -1;
}
