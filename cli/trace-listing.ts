import type { EvaluationRow, ExchangeRow } from "../tracing/index.ts";
import type { Column } from "./table.ts";

/** What `proctor traces` prints: rows for `--json`, cells for the table. */
export interface TraceListing {
  readonly rows: readonly object[];
  readonly columns: readonly Column[];
  readonly cells: readonly (readonly string[])[];
}

/** Evaluations as a table; `withOutcome: false` leaves the outcome out where the question has named it. */
export function evaluationListing(rows: readonly EvaluationRow[], withOutcome = true): TraceListing {
  const outcome = <T>(column: T): readonly T[] => (withOutcome ? [column] : []);
  return {
    rows,
    columns: [
      { title: "time", whole: true },
      { title: "model", whole: true },
      { title: "evaluator", whole: true },
      ...outcome({ title: "outcome" }),
      { title: "score", align: "right" },
      { title: "reason" },
      { title: "answer" },
      { title: "trace id", whole: true },
    ],
    cells: rows.map((row) => [
      localTime(row.time),
      row.model ?? "",
      row.evaluator ?? "",
      ...outcome(row.outcome ?? ""),
      row.score === null ? "–" : row.score.toFixed(2),
      row.reason ?? "",
      row.answer ?? "",
      row.traceId,
    ]),
  };
}

export function exchangeListing(rows: readonly ExchangeRow[]): TraceListing {
  return {
    rows,
    columns: [
      { title: "time", whole: true },
      { title: "model" },
      { title: "verdict" },
      { title: "by" },
      { title: "trace id", whole: true },
    ],
    cells: rows.map(({ time, model, verdict, by, traceId }) => [
      localTime(time),
      model ?? "",
      verdict ?? "",
      by ?? "",
      traceId,
    ]),
  };
}

/** `2026-11-23 14:05:09` in the time zone of the reader. */
export function localTime(time: string): string {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
