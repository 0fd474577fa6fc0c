import { type Detection, matchesOf } from "../detection.ts";

/** Letters of the scripts in which an address and the words around it are told apart by a space. */
const letter = "A-Za-z\\u00c0-\\u024f\\u0370-\\u03ff\\u0400-\\u052f";
const label = `[${letter}\\d](?:[${letter}\\d-]{0,61}[${letter}\\d])?`;
const border = `(?<![${letter}\\d._%+-])`;
/** Bounded on both sides of the @, so that a long run of letters costs no more than its length. */
const plain = new RegExp(
  `${border}[${letter}\\d_%+-][${letter}\\d._%+'-]{0,63}(?:@|%40)(?:${label}\\.){1,8}(?:[${letter}]{2,24}|xn--[a-z\\d-]{2,59})(?![${letter}\\d])`,
  "g",
);
const [at, dot] = ["at", "dot"].map(
  (word) => `[ ]{0,2}(?:\\[ ?${word} ?\\]|\\( ?${word} ?\\)|\\{ ?${word} ?\\})[ ]{0,2}`,
);
const spelled = new RegExp(
  `${border}[${letter}\\d_%+-][${letter}\\d._%+-]{0,63}(?:${at}|@)(?:${label}(?:${dot}|\\.)){1,4}[${letter}]{2,24}(?![${letter}\\d])`,
  "gi",
);
/** What stands for an address in explanations. */
const example =
  /@(?:your-?(?:domain|company|site|website|organi[sz]ation)|domain)\.[a-z]{2,3}$|^(?:your[._-]?(?:name|email)|user(?:name)?|name)@(?:company|email|mail|host|site)\.[a-z]{2,3}$/i;
const image = /\.(?:png|jpe?g|gif|svg|webp|avif|ico)$/i;

/** Finds e-mail addresses, also with "[at]" and "(dot)". The user of an address such as `ssh://git@host` is none. */
export function findEmails(text: string): Detection[] {
  const found = text.includes("@") || text.includes("%40") ? matchesOf(text, plain, "email") : [];
  const hidden = /[[({] ?(?:at|dot) ?[\])}]/i.test(text) ? matchesOf(text, spelled, "email") : [];
  return [...found, ...hidden].filter(({ start, end }) => !isOther(text, start, end));
}

function isOther(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  if (image.test(value) || example.test(value)) return true;
  if (value.startsWith("git@") && text[end] === ":") return true;
  return /:\/\/[^\s/@]*$/.test(text.slice(Math.max(0, start - 100), start));
}
