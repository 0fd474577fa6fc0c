import { fence, finished, goesOn, toBlocks } from "./blocks.ts";
import { closingMark, endMark, endsSentence } from "./sentences.ts";

/** Finds where sentences end in a text that arrives in pieces, cut anywhere. */
export interface SentenceEnds {
  /** The places that became certain, in UTF-16 code units of the whole text: where the next sentence, item or line of code begins. */
  push(piece: string): readonly number[];
}

/** What is read of a text; offsets count in `text`, which begins at `base` of the whole. */
interface Reading {
  text: string;
  base: number;
  /** Up to here nothing is open. */
  at: number;
  /** Where the line begins in which `at` lies; before the text where it is a long one. */
  lineStart: number;
  inCode: boolean;
}

/**
 * Finds the ends that `splitSentences` finds, each as soon as the first letter behind it has come. The places depend on the
 * text and not on the pieces; the work is linear in the text.
 */
export function createSentenceEnds(): SentenceEnds {
  const reading: Reading = { text: "", base: 0, at: 0, lineStart: 0, inCode: false };
  return {
    push(piece) {
      reading.text += piece;
      const ends: number[] = [];
      for (let isEnd = readOn(reading); isEnd !== undefined; isEnd = readOn(reading)) {
        if (isEnd) ends.push(reading.base + reading.at);
      }
      drop(reading);
      return ends;
    },
  };
}

/** Longer runs of marks or space are read in stretches, and a longer line is prose, so that nothing waits without end. */
const longestRun = 64;
const longestGap = 1000;
const longestLine = 2000;
/** So much of a line tells what kind of line it is, and what stands before a mark. */
const lineHead = 100;

const lineBreak = /\r\n|[\n\r\u2028\u2029]/u;
const places = new RegExp(
  `${endMark}{1,${longestRun}}${closingMark}{0,${longestRun}}|\\r\\n|[\\n\\r\\u2028\\u2029]`,
  "gu",
);

/** Reads up to the next place where a sentence may end and says whether it does; undefined when more text must come first. */
function readOn(reading: Reading): boolean | undefined {
  const { text } = reading;
  places.lastIndex = reading.at;
  const found = places.exec(text);
  reading.at = found?.index ?? text.length;
  if (!found) return undefined;
  const to = found.index + found[0].length;
  const next = firstVisible(text, to);
  if (next === undefined) return undefined;
  if (lineBreak.test(found[0])) return endOfLine(reading, to, next);
  if (reading.inCode || lineBreak.test(text.slice(to, next))) {
    reading.at = to;
    return false;
  }
  const start = startOfWords(reading, next);
  const isEnd = start < to && endsSentence(text.slice(start, next + 2), found.index - start, found[0]);
  reading.at = next;
  return isEnd && !isMark(text, next);
}

function endOfLine(reading: Reading, to: number, next: number): boolean {
  const { text, at } = reading;
  const line = at - reading.lineStart > longestLine ? text.slice(at - lineHead, at) : text.slice(reading.lineStart, at);
  const gap = text.slice(to, next);
  const isFence = fence.test(line);
  if (isFence) reading.inCode = !reading.inCode;
  const isOver = isFence || reading.inCode || lineBreak.test(gap) || isWhole(line);
  reading.lineStart = to + Math.max(...["\n", "\r", "\u2028", "\u2029"].map((mark) => gap.lastIndexOf(mark))) + 1;
  reading.at = next;
  return (isOver || !goesOn.test(text.slice(next, next + 2))) && !isMark(text, next);
}

/** Whether a line does not go on in the next one, whatever that is. */
function isWhole(line: string): boolean {
  const shown = line.trimEnd();
  if (shown === "" || finished.test(shown.slice(-1)) || endsUnspaced(shown)) return true;
  return toBlocks(line.slice(0, lineHead))[0]?.kind === "heading";
}

const lastMarks = new RegExp(`${endMark}+${closingMark}*$`, "u");

/** Whether a line ends with a sentence that is over even before a small letter. */
function endsUnspaced(line: string): boolean {
  const marks = lastMarks.exec(line.slice(-longestRun))?.[0];
  return marks !== undefined && endsSentence(`${marks}\na`, 0, marks);
}

/** Where the words of the line begin, behind its marker. */
function startOfWords({ lineStart, at, text }: Reading, next: number): number {
  if (at - lineStart > longestLine) return at - lineHead;
  const [block] = toBlocks(text.slice(lineStart, Math.min(next + 1, lineStart + lineHead)));
  return lineStart + (block?.start ?? 0);
}

/** The first character that can be seen; undefined when it has not come whole. */
function firstVisible(text: string, from: number): number | undefined {
  const gap = text.slice(from, from + longestGap);
  const next = gap.search(/\S/u);
  if (next < 0) return gap.length < longestGap ? undefined : from + longestGap;
  const isHalf = from + next === text.length - 1 && /[\ud800-\udbff]/.test(text.charAt(from + next));
  return isHalf ? undefined : from + next;
}

/** A mark belongs to the character before it. */
function isMark(text: string, at: number): boolean {
  return /^\p{M}/u.test(text.slice(at, at + 2));
}

function drop(reading: Reading): void {
  const keep = Math.max(reading.lineStart, reading.at - longestLine - lineHead);
  if (keep < longestLine * 2) return;
  reading.text = reading.text.slice(keep);
  reading.base += keep;
  reading.at -= keep;
  reading.lineStart -= keep;
}
