import { median } from "../support/measurement.ts";

/** One line of the table that a run ends with. */
export interface Figure {
  readonly name: string;
  /** What each round came to; their median counts. */
  readonly values: readonly number[];
  readonly unit: "ms" | "×";
  readonly floor: number;
  /** Absent where the floor is all that is wanted. */
  readonly aim?: number;
  readonly better: "lower" | "higher";
}

/** What one measurement found: its figures, a table of what they were made from, and everything for the raw file. */
export interface Report {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly table: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly raw: unknown;
  readonly errors: number;
}

/** Figures as rows: what was measured beside what was wanted. */
export function rowsOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  return [
    ["", "measured", "least", "most", "floor", "aim", ""],
    ...figures.map((figure) => {
      const value = median(figure.values);
      const said = (number: number): string => (Number.isNaN(value) ? "-" : number.toFixed(2));
      return [
        figure.name,
        `${said(value)} ${figure.unit}`,
        said(Math.min(...figure.values)),
        said(Math.max(...figure.values)),
        `${figure.floor} ${figure.unit}`,
        figure.aim === undefined ? "-" : `${figure.aim} ${figure.unit}`,
        reached(figure, value),
      ];
    }),
  ];
}

function reached({ floor, aim, better }: Figure, value: number): string {
  const isReached = (wanted: number): boolean => (better === "lower" ? value <= wanted : value >= wanted);
  if (Number.isNaN(value)) return "not measured";
  if (aim !== undefined && isReached(aim)) return "aim reached";
  return isReached(floor) ? "floor reached" : "MISSED";
}

/** Rows as text in columns, the first to the left and the others to the right. */
export function layOut(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const lay = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((cells) => cells.map(lay).join("  ").trimEnd()).join("\n");
}
