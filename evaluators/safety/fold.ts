/** A text as a detector reads it, with the way back to the text as it was written. */
export interface Folded {
  readonly text: string;
  /** Offsets in the text as it was written of a stretch of `text`. */
  readonly place: (start: number, end: number) => readonly [start: number, end: number];
}

const invisible = "\\p{Cf}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u20e3\\u3164\\ufe00-\\ufe0f";
const space = "\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000";
const dash = "\\u2010-\\u2015\\u2212\\ufe58\\ufe63";
/** What is written differently but read the same: what cannot be seen, digits of other scripts, wide letters, kinds of space and dash. */
const foldable = new RegExp(`[${invisible}${space}${dash}\\uff01-\\uff5e]|(?![0-9])\\p{Nd}`, "u");
const unseen = new RegExp(`[${invisible}]`, "u");
const spaces = new RegExp(`[${space}]`);
const dashes = new RegExp(`[${dash}]`);
const otherDigit = /(?![0-9])\p{Nd}/u;

/** Writes a text with plain digits, letters, spaces and hyphens, and without what cannot be seen. */
export function fold(text: string): Folded {
  // oxlint-disable-next-line no-control-regex -- the plain case, in which nothing has to change
  if (!/[^\x00-\x7f]/.test(text) || !foldable.test(text)) return { text, place: (start, end) => [start, end] };
  const folding = new Rewriting();
  let at = 0;
  for (const character of text) {
    folding.add(plainForm(character), at, at + character.length);
    at += character.length;
  }
  return folding;
}

/** Writes the escapes of a JSON text as the characters they stand for: `"\u0040"` as `"@"`. */
export function unescapeJson(text: string): Folded {
  if (!text.includes("\\")) return { text, place: (start, end) => [start, end] };
  const unescaping = new Rewriting();
  for (const { 0: written, index } of text.matchAll(/\\(?:u[0-9a-fA-F]{4}|[^u])|[^\\]+|\\/gs)) {
    if (written.startsWith("\\")) unescaping.add(meaningOf(written), index, index + written.length);
    else unescaping.addUnchanged(written, index);
  }
  return unescaping;
}

const shortEscapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function meaningOf(escape: string): string {
  const letter = escape[1] ?? "\\";
  if (letter === "u" && escape.length === 6) return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return shortEscapes[letter] ?? letter;
}

/** Collects a rewritten text and, for each of its code units, where in the original it was written. */
class Rewriting implements Folded {
  text = "";
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  add(form: string, start: number, end: number): void {
    this.text += form;
    for (let unit = 0; unit < form.length; unit += 1) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  addUnchanged(text: string, start: number): void {
    this.text += text;
    for (let at = start; at < start + text.length; at += 1) {
      this.#starts.push(at);
      this.#ends.push(at + 1);
    }
  }

  readonly place = (start: number, end: number): readonly [number, number] => {
    const from = this.#starts[start] ?? this.#ends.at(-1) ?? 0;
    return [from, end > start ? (this.#ends[end - 1] ?? from) : from];
  };
}

function plainForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  if (unseen.test(character)) return "";
  if (spaces.test(character)) return " ";
  if (dashes.test(character)) return "-";
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return otherDigit.test(character) ? String(digitValue(code)) : character;
}

/** The mathematical digits are five sets in a row; every other set of decimal digits starts on its own. */
function digitValue(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
