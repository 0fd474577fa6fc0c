/** A mark by which an answer names passages. Offsets are UTF-16 code units. */
export interface Citation {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The passages named, as numbered by the answer. */
  readonly ids: readonly number[];
}

const word = String.raw`(?:doc(?:ument)?|source|passage|ref(?:erence)?|context|chunk)s?\.?\s{0,2}#?`;
const list = String.raw`\d{1,3}(?:\s{0,2}(?:[,;&–-]|and)\s{0,2}\d{1,3}){0,20}`;
const citation = new RegExp(String.raw`[\[【]\^?(?:${word})?(${list})[\]】]|\((?:see\s)?${word}(${list})\)`, "giu");

/** The citations of a line, in order: [2], [1, 3], [1-3], [^2], (doc 3), (sources 1 and 2). */
export function findCitations(line: string): Citation[] {
  return [...line.matchAll(citation)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
    ids: idsOf(match[1] ?? match[2] ?? ""),
  }));
}

/** "1, 3-5": 1, 3, 4, 5. A range that runs backwards names its two ends. */
function idsOf(text: string): number[] {
  return text.split(/[,;&]|and/iu).flatMap((part) => {
    const [first = 0, last = first] = part.split(/[–-]/u).map(Number);
    if (last < first) return [first, last];
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  });
}
