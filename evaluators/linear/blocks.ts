/** Shortest block in UTF-16 code units; longest that ends between sentences, and between words. */
const least = 240;
const mostOfSentences = 1200;
const mostOfWords = 8192;

/**
 * Where the block that starts at `start` ends: after a sentence or a line once it has some length, else at white space, and
 * anywhere only where there is none for thousands of characters. Undefined while more text could still decide it
 * otherwise, so that the blocks of a text do not depend on how it arrived; with `complete` the text's end is an end too.
 */
export function blockEnd(text: string, start: number, complete: boolean): number | undefined {
  const border = borderAfter(text, start);
  if (border !== undefined) return border;
  return complete ? text.length : undefined;
}

function borderAfter(text: string, start: number): number | undefined {
  const sentence = /(?:[.!?。！？…؟।]["')\]»”’]{0,3}\s|[。！？।]|\n)/gu;
  sentence.lastIndex = start + least;
  const found = sentence.exec(text.slice(0, start + mostOfSentences));
  if (found) return found.index + found[0].length;
  if (text.length < start + mostOfSentences) return undefined;
  const space = /\s/gu;
  space.lastIndex = start + mostOfSentences;
  const gap = space.exec(text.slice(0, start + mostOfWords));
  if (gap) return gap.index + 1;
  if (text.length <= start + mostOfWords) return undefined;
  const end = start + mostOfWords;
  return isLowSurrogate(text.charCodeAt(end)) ? end + 1 : end;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
