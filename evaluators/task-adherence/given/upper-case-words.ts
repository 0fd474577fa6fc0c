/** What divides words besides space, as the tokenizer of the Penn Treebank has it. */
const dividers = /[\s;@#$%&?!*[\](){}<>«“‘„`»”’"]+|--+|\.{2,}|''+|[:,](?!\p{Nd})/u;
/** A contraction is two words: "I'LL", "DON'T", "CEO's". */
const contraction = /^(?<stem>.*[^'])(?<ending>'(?:[sSmMdD]|ll|LL|re|RE|ve|VE)|n't|N'T)$/su;

/** Words without a small letter and with at least one capital; "I" is one, "DON'T" is two. */
export function countUpperCaseWords(text: string): number {
  let count = 0;
  for (const word of text.split(dividers)) {
    const { stem, ending } = contraction.exec(word)?.groups ?? {};
    for (const part of stem === undefined ? [word] : [stem, ending ?? ""]) if (isUpperCase(part)) count += 1;
  }
  return count;
}

/** At least one capital and no small letter. */
export function isUpperCase(text: string): boolean {
  return /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text);
}

/** At least one small letter and no capital. */
export function isLowerCase(text: string): boolean {
  return /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text);
}
