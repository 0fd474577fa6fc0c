import { changes, disguises, type EvaluatorName, secrets } from "./disguises.ts";
import { type Cell, dimensions, isEnforced, reasonAgainst } from "./cells.ts";

/** What the page says was run. */
export interface MatrixRun {
  readonly commit: string;
  /** `2026-11-24`. */
  readonly date: string;
  readonly seconds: number;
  /** Bytes of markers that left in enforced cells, by cell number; no entry is 0. */
  readonly leakedBytes: ReadonlyMap<number, number>;
}

/** The page of the matrix, as the formatter writes it. */
export function matrixPage(cells: readonly Cell[], run: MatrixRun): string {
  const applicable = cells.filter((cell) => reasonAgainst(cell) === undefined);
  const enforced = applicable.filter(isEnforced);
  return `# The matrix of the guardrails

Written by \`npm run test:matrix\`, which runs every cell; \`npm test\` runs every pair of values and every enforced cell. This
run: commit ${run.commit}, ${run.date}, ${numeral(applicable.length)} cells in ${Math.round(run.seconds)} s, all as expected.

A cell is a request over loopback sockets: a client, the gateway, a vendor and, where the evaluator asks one, a judge. The model plants a
marker of its own in every cell, cut in two where the answer is streamed. Each cell holds against what must come of it: status, headers,
the verdict and the outcome of each evaluator in headers and body, the shape of a refusal in its dialect, every byte of an answer that may
leave in the dialect of its target, the spans (verdict, outcomes, no score where nobody could examine) and the counters of \`/metrics\`.

${factTable(cells, applicable, enforced, run)}

**Enforced** are cells in which something must not leave: what failed where the action is not \`flag\`, and what nobody could examine where
that is to be blocked, in \`hold\` and \`window\`. **Leaked** counts bytes of the marker, either half of it, on the socket: plain, behind JSON
escapes, and in base64. In a stream in \`window\` the sentence before the marker may have left; nothing of the marker's own has, and nothing
that followed it.

## The dimensions

${markdownTable([["dimension", "values"], ...Object.entries(dimensions).map(([name, values]) => [name, values.map(String).join(", ")])])}

\`stream\` false is a reply in one piece. \`target\` is the dialect of the vendor. \`examiner\` is what the evaluator makes of the answer:
\`passes\`, \`finds it\`, \`skipped\` and \`abstains\` are evaluators that are code, the others ask a judge that answers no, fails, or answers
something that is no verdict (\`judge: echo\` repeats a verdict that the candidate forged). \`unexamined\` is what the guardrail is told to
do with the outcome of that cell where it is no verdict; its settings for the other three outcomes say the opposite.

## Cells by mode, action and wire

${countTable(applicable, run)}

## Combinations that do not exist

${markdownTable([["cells", "because"], ...reasonCounts(cells).map(([reason, count]) => [numeral(count), reason])])}

## Disguises

What an evaluator looks for, written so that a reader understands it and a search does not find it: each told on every wire, streamed and
whole, in \`hold\` and in \`window\`. Where it is found nothing of it leaves. Where it is not, the answer leaves: that is a limit of the
evaluator, which no mode makes up for.

${disguiseTable()}

Half of the sentence that \`prompt_injection\` is given is an attempt already, so that it is found where two halves stand apart. A stream that
is cut at any byte, and a marker that is cut at any of its characters between two frames, in text, refusal, reasoning, tool
arguments and structured output, is found as if it were in one piece.
`;
}

function factTable(
  cells: readonly Cell[],
  applicable: readonly Cell[],
  enforced: readonly Cell[],
  run: MatrixRun,
): string {
  return markdownTable([
    ["", "cells"],
    ["the product of all dimensions", numeral(cells.length)],
    ["do not exist, each for a reason below", numeral(cells.length - applicable.length)],
    ["run", numeral(applicable.length)],
    ["of these enforced", numeral(enforced.length)],
    ["bytes that leaked in enforced cells", numeral(leakedIn(enforced, run))],
  ]);
}

function countTable(applicable: readonly Cell[], run: MatrixRun): string {
  const rows = dimensions.mode.flatMap((mode) =>
    dimensions.action.map((action) => {
      const of = applicable.filter((cell) => cell.mode === mode && cell.action === action);
      const enforced = of.filter(isEnforced);
      const onWire = dimensions.wire.map((wire) => numeral(of.filter((cell) => cell.wire === wire).length));
      const leaked = enforced.length === 0 ? "–" : numeral(leakedIn(enforced, run));
      return [mode, action, ...onWire, numeral(enforced.length), leaked];
    }),
  );
  return markdownTable([["mode", "action", ...dimensions.wire, "enforced", "leaked bytes"], ...rows]);
}

function disguiseTable(): string {
  const evaluators = Object.keys(secrets) as EvaluatorName[];
  const result = (disguise: (typeof disguises)[number], evaluator: EvaluatorName) => {
    if (disguise !== disguises[0] && !changes(disguise, secrets[evaluator])) return "–";
    return disguise.seenBy.includes(evaluator) ? "found" : "not found";
  };
  const rows = disguises.map((disguise) => [
    disguise.name,
    ...evaluators.map((evaluator) => result(disguise, evaluator)),
  ]);
  return markdownTable([["disguise", ...evaluators.map((name) => `\`${name}\``)], ...rows]);
}

function leakedIn(cells: readonly Cell[], { leakedBytes }: MatrixRun): number {
  return cells.reduce((sum, { number }) => sum + (leakedBytes.get(number) ?? 0), 0);
}

/** How many combinations each reason rules out; where several do, the first counts. */
export function reasonCounts(cells: readonly Cell[]): readonly (readonly [reason: string, count: number])[] {
  const reasons = cells.map(reasonAgainst).filter((reason) => reason !== undefined);
  return [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, all.length]);
}

function numeral(count: number): string {
  return count.toLocaleString("en");
}

/** As the formatter writes it: columns of one width. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}
