import type { Evaluation, RowEvaluation } from "../evaluators/index.ts";
import { printable } from "./marked-text.ts";

/** The first few rows that are not kept, with the reason. */
export interface RowExamples {
  add(row: RowEvaluation): void;
  /** For people, none longer than `width`. */
  lines(width: number): readonly string[];
}

const mostShown = 3;

/** Collects examples; `required` are the evaluators that decide, all when undefined. */
export function createRowExamples(required: readonly string[] | undefined): RowExamples {
  const found = { dropped: [] as string[], unscored: [] as string[] };
  const decides = ({ evaluator }: Evaluation): boolean => required?.includes(evaluator) ?? true;
  return {
    add({ row, decision, problem, evaluations }) {
      if (decision !== "dropped" && decision !== "unscored") return;
      const rows = found[decision];
      if (rows.length === mostShown) return;
      const open = evaluations.filter((each) => decides(each) && isWhy(each, decision));
      rows.push(`  line ${row}: ${problem ?? open.map((each) => describe(each)).join("; ")}`);
    },
    lines: (width) =>
      (["dropped", "unscored"] as const).flatMap((decision) => {
        const rows = found[decision];
        return rows.length === 0 ? [] : [`${decision}, first:`, ...rows.map((line) => shortened(line, width))];
      }),
  };
}

function isWhy({ outcome }: Evaluation, decision: "dropped" | "unscored"): boolean {
  return decision === "dropped" ? outcome === "fail" : outcome !== "pass";
}

function describe({ evaluator, outcome, score, reason }: Evaluation): string {
  return `${evaluator} ${outcome === "fail" && score !== null ? score.toFixed(3) : outcome}: ${reason}`;
}

function shortened(line: string, width: number): string {
  const text = printable(line).replaceAll("\n", " ");
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
