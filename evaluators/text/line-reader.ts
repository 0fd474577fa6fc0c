import { splitLines, type TextLine } from "./lines.ts";

/** Reads a text that arrives in pieces, cut anywhere, into its lines. A line is certain when the next one has begun. */
export function createLineReader() {
  const pieces: string[] = [];
  let open = "";
  let settled = 0;
  return {
    text: () => pieces.join(""),
    push(piece: string): { sentences: readonly TextLine[]; settled: number } {
      pieces.push(piece);
      const end = piece.lastIndexOf("\n");
      if (end < 0) {
        open += piece;
        return { sentences: [], settled };
      }
      const whole = open + piece.slice(0, end);
      const sentences = splitLines(whole).map((line) => ({
        ...line,
        start: line.start + settled,
        end: line.end + settled,
      }));
      settled += whole.length + 1;
      open = piece.slice(end + 1);
      return { sentences, settled };
    },
  };
}
