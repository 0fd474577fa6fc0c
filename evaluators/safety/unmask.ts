/** A text as a model reads it, with the way back to the text as it was written. */
export interface Unmasked {
  readonly text: string;
  /** For every UTF-16 code unit of `text`, its offset in the original; one more entry for the end. */
  readonly offsets: Uint32Array;
}

/** Letters of other scripts that look like Latin ones. */
const lookalikes: Readonly<Record<string, string>> = {
  а: "a",
  в: "b",
  е: "e",
  ё: "e",
  к: "k",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  с: "c",
  т: "t",
  у: "y",
  х: "x",
  і: "i",
  ї: "i",
  ј: "j",
  ѕ: "s",
  ԁ: "d",
  ԛ: "q",
  ԝ: "w",
  А: "A",
  В: "B",
  Е: "E",
  К: "K",
  М: "M",
  Н: "H",
  О: "O",
  Р: "P",
  С: "C",
  Т: "T",
  У: "Y",
  Х: "X",
  І: "I",
  Ј: "J",
  Ѕ: "S",
  α: "a",
  ε: "e",
  ι: "i",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  Α: "A",
  Β: "B",
  Ε: "E",
  Ζ: "Z",
  Η: "H",
  Ι: "I",
  Κ: "K",
  Μ: "M",
  Ν: "N",
  Ο: "O",
  Ρ: "P",
  Τ: "T",
  Υ: "Y",
  Χ: "X",
  ı: "i",
  ɡ: "g",
  ɩ: "i",
  ʀ: "r",
  ѡ: "w",
  ӏ: "l",
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"',
};

/** Takes out what cannot be seen, and writes what looks like a Latin letter as one. */
export function unmask(text: string): Unmasked {
  // oxlint-disable-next-line no-control-regex -- the plain case, in which nothing has to change
  if (/^[\x00-\x7f]*$/.test(text))
    return { text, offsets: Uint32Array.from({ length: text.length + 1 }, (_, index) => index) };
  let plain = "";
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    const visible = visibleForm(character);
    for (let index = 0; index < visible.length; index += 1) offsets.push(at);
    plain += visible;
    at += character.length;
  }
  offsets.push(at);
  return { text: plain, offsets: Uint32Array.from(offsets) };
}

function visibleForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  if (code >= 0xe0020 && code <= 0xe007e) return String.fromCharCode(code - 0xe0000);
  if (/[\p{Cf}\p{Mn}\u115f\u1160\u3164]/u.test(character)) return "";
  const known = lookalikes[character];
  return known ?? character.normalize("NFKC");
}
