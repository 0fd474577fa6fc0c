import { plainView, startView, type View } from "./view.ts";

/** Takes out what cannot be seen and writes every character in its plain form. Character by character: what follows changes nothing. */
export function unmask(text: string): View {
  const forms = new Map<string, string>();
  if (isPlain(text, forms)) return plainView(text);
  const view = startView();
  let at = 0;
  for (const character of text) {
    const visible = formOf(character, forms);
    if (visible !== "") view.add(visible, at, at + character.length);
    at += character.length;
  }
  return view.build();
}

/** Whether nothing has to change: the usual case, also of a text with a few accents or signs of currency. */
function isPlain(text: string, forms: Map<string, string>): boolean {
  // oxlint-disable-next-line no-control-regex -- all but ASCII
  for (const [character] of text.matchAll(/[^\x00-\x7f]/gu)) if (formOf(character, forms) !== character) return false;
  return true;
}

function formOf(character: string, forms: Map<string, string>): string {
  const known = forms.get(character);
  if (known !== undefined) return known;
  const form = visibleForm(character);
  forms.set(character, form);
  return form;
}

/** Format characters, combining marks, and the fillers and blanks that fonts draw as nothing. */
const invisible = /[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0\u2800]/u;
const tags = { first: 0xe0020, last: 0xe007e, shift: 0xe0000 };
const regional = { first: 0x1f1e6, last: 0x1f1ff };
const quotes: Readonly<Record<string, string>> = { "’": "'", "‘": "'", "“": '"', "”": '"' };

function visibleForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  if (code >= tags.first && code <= tags.last) return String.fromCharCode(code - tags.shift);
  if (code >= regional.first && code <= regional.last) return String.fromCharCode(code - regional.first + 0x61);
  if (invisible.test(character)) return "";
  return quotes[character] ?? character.normalize("NFKC");
}
