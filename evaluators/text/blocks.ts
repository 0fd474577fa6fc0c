import { allMatches } from "./all-matches.ts";

/** A stretch of a text in which sentences are looked for. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly kind: "prose" | "item" | "heading" | "code";
}

/** A line that begins or ends code. */
export const fence = /^\s*(?:```|~~~)/;
const heading = /^\s{0,3}#{1,6}\s+/;
const item = /^\s*(?:[-*+•‣▪◦·–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+/iu;
const ruled = /^[\s:|-]*$/;
const quoteMark = /^(?:\s*>)+\s?/;
/** What a line ends with that does not go on in the next. */
export const finished = /[.!?…。！？:：]/u;
/** The beginning of a line that goes on with the unfinished one before it. */
export const goesOn = /^\s*\p{Ll}/u;

/**
 * Cuts a text into blocks by its lines: list items, headings, table rows and lines of fenced code stand alone; a prose
 * line that begins in lower case goes on with the unfinished line before it.
 */
export function toBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let inFence = false;
  let joinable = false;
  for (const line of toLines(text)) {
    const content = text.slice(line.start, line.end);
    if (fence.test(content)) {
      inFence = !inFence;
      joinable = false;
      continue;
    }
    if (inFence) {
      blocks.push({ ...line, kind: "code" });
      continue;
    }
    const last = blocks.at(-1);
    if (joinable && last && goesOn.test(content)) {
      blocks[blocks.length - 1] = { ...last, end: line.end };
    } else if (content.trim() !== "" && !isTableRule(content)) {
      blocks.push(toBlock(line, content));
    }
    joinable =
      content.trim() !== "" && !finished.test(content.trimEnd().slice(-1)) && blocks.at(-1)?.kind !== "heading";
  }
  return blocks;
}

function toBlock({ start, end }: Line, content: string): Block {
  const quoted = quoteMark.exec(content)?.[0].length ?? 0;
  const rest = content.slice(quoted);
  const title = heading.exec(rest);
  if (title) return { start: start + quoted + title[0].length, end, kind: "heading" };
  const marker = item.exec(rest);
  if (marker) return { start: start + quoted + marker[0].length, end, kind: "item" };
  return { start: start + quoted, end, kind: rest.trimStart().startsWith("|") ? "item" : "prose" };
}

/** The line of dashes under the head of a table. */
function isTableRule(content: string): boolean {
  return content.includes("---") && ruled.test(content);
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/g;

interface Line {
  readonly start: number;
  readonly end: number;
}

function* toLines(text: string): Generator<Line> {
  let start = 0;
  for (const match of allMatches(text, lineBreak)) {
    yield { start, end: match.index };
    start = match.index + match[0].length;
  }
  yield { start, end: text.length };
}
