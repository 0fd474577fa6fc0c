/** A quoted passage without its marks. Offsets are UTF-16 code units. */
export interface Quote {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const closing: Readonly<Record<string, string>> = {
  "“": "”",
  "„": "“”",
  "«": "»",
  "»": "«",
  "「": "」",
  "『": "』",
  "‹": "›",
};

/** The quoted passages of a line, in order. A mark that is never closed on the line opens nothing; inches are no quotes. */
export function findQuotes(line: string): Quote[] {
  const quotes: Quote[] = [];
  let at = 0;
  while (at < line.length) {
    const mark = line.charAt(at);
    const end = mark === '"' ? straightEnd(line, at) : curlyEnd(line, at, closing[mark]);
    if (end < 0) {
      at += 1;
      continue;
    }
    if (line.slice(at + 1, end).trim() !== "") quotes.push({ text: line.slice(at + 1, end), start: at + 1, end });
    at = end + 1;
  }
  return quotes;
}

/** Where a straight mark that opens is closed; -1 where it does not open. */
function straightEnd(line: string, at: number): number {
  if (/[\p{L}\p{N}]/u.test(line.charAt(at - 1)) || /^\s?$/u.test(line.charAt(at + 1))) return -1;
  return line.indexOf('"', at + 1);
}

/** Every mark looks for its partner within this many characters, so that unclosed ones cost no more. */
const longest = 5000;

function curlyEnd(line: string, at: number, marks: string | undefined): number {
  if (marks === undefined) return -1;
  const rest = line.slice(at + 1, at + 1 + longest);
  const found = [...marks].map((mark) => rest.indexOf(mark)).filter((place) => place >= 0);
  return found.length === 0 ? -1 : at + 1 + Math.min(...found);
}
