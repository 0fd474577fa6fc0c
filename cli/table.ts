import { stripVTControlCharacters } from "node:util";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Never cut, however narrow the terminal is: an id, which is only good when it is whole. */
  readonly whole?: boolean;
  readonly align?: "left" | "right";
}

/**
 * A table as lines of text, title first, two spaces between columns, fitted into `width` columns of a terminal: while it is too
 * wide the widest column that may be cut gets narrower, and what does not fit ends in an ellipsis. Control characters in cells
 * become spaces, so that a text from outside cannot steer the terminal.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? "")));
  const titles = columns.map(({ title }) => title);
  const widths = fit(columns, [titles, ...cells], width);
  return [titles, ...cells].map((row) =>
    row
      .map((cell, index) => pad(cut(cell, widths[index] ?? 0), widths[index] ?? 0, columns[index]?.align))
      .join("  ")
      .trimEnd(),
  );
}

const narrowest = 4;

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = columns.map((_, index) => Math.max(0, ...rows.map((row) => widthOf(row[index] ?? ""))));
  const space = width - 2 * (columns.length - 1);
  let excess = widths.reduce((sum, each) => sum + each, 0) - space;
  while (excess > 0) {
    const widest = Math.max(...widths.filter((_, index) => !columns[index]?.whole));
    if (widest <= narrowest) break;
    widths[widths.findLastIndex((each, index) => each === widest && !columns[index]?.whole)] = widest - 1;
    excess -= 1;
  }
  return widths;
}

function cut(cell: string, width: number): string {
  if (widthOf(cell) <= width) return cell;
  let text = "";
  let used = 1;
  for (const { segment } of graphemes.segment(cell)) {
    used += widthOf(segment);
    if (used > width) break;
    text += segment;
  }
  return `${text.trimEnd()}…`;
}

function pad(cell: string, width: number, align: Column["align"]): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return align === "right" ? space + cell : cell + space;
}

function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Columns of a terminal that a text takes: ideographs, kana, hangul and emoji take two. */
function widthOf(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
