import type { Fault, Mode } from "./fault.ts";
import type { Guard } from "./gateway-with-faults.ts";
import { errorTypeOf, modesOf, type Result } from "./run-fault.ts";

/** What clients of every dialect get for one fault, in words; throws where they do not all get the same. */
function outcomeFor(results: readonly Result[], mode: Mode, guard: Guard): string {
  const found = results.filter((result) => result.mode === mode && result.guard === guard);
  const words = [...new Set(found.map(({ outcome }) => wordsFor(outcome)))];
  if (words.length !== 1) throw new Error(`Clients get ${words.join(" or ")}: ${mode}, ${guard}.`);
  return words[0] ?? "";
}

function wordsFor(outcome: Result["outcome"]): string {
  if (outcome.type === "served") return "the answer";
  if (outcome.type === "refused") return String(outcome.status);
  return outcome.type === "broken" ? "error event" : outcome.because;
}

/** One row of the table, by cells. */
export function rowFor(fault: Fault, results: readonly Result[]): readonly string[] {
  const has = (mode: Mode) => modesOf(fault).includes(mode);
  const cell = (mode: Mode, guard: Guard) => (has(mode) ? outcomeFor(results, mode, guard) : "");
  const types = [...new Set(results.flatMap((result) => errorTypeOf(result) ?? []))].map((type) => `\`${type}\``);
  return [
    fault.does,
    cell("whole", "open"),
    cell("stream", "open"),
    cell("stream", "held"),
    types.join(", "),
    askedAgain(results),
  ];
}

function askedAgain(results: readonly Result[]): string {
  const again = results.filter(({ guard, outcome }) => guard === "again" && outcome.type !== "served");
  if (again.length === 0) return "";
  const modes = again.filter(({ tries }) => tries.length > 1).map(({ mode }) => mode);
  if (modes.length === 0) return "no";
  return modes.length === again.length ? "yes" : `${modes.join("")} only`;
}

/** The table, in the form that the formatter gives it. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill = " ") =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const rule = columns.map(() => "");
  return [line(columns), line(rule, "-"), ...rows.map((row) => line(row))].join("\n");
}

const columns = [
  "the provider …",
  "a whole reply",
  "a stream",
  "a stream that is held",
  "`error.type`",
  "asked again",
] as const;
