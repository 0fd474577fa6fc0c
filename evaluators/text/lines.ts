/** A line of a text. Offsets are UTF-16 code units; the line break belongs to none. */
export interface TextLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The lines of a text, blank ones left out. */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== "") lines.push({ text: line, start, end });
    start = end + 1;
  }
  return lines;
}
