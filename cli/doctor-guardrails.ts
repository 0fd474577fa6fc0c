import { outcomes } from "../evaluators/index.ts";
import { type Alias, type Effect, type Gateway, type Guardrail, policiesFor, uncoveredBy } from "../gateway/index.ts";
import { shortList } from "./short-list.ts";
import { renderTable } from "./table.ts";

/** One guardrail's row of the truth table: outcome → what the client gets. */
export interface TruthRow {
  readonly models: readonly string[];
  /** Name and version. */
  readonly policy: string;
  readonly evaluator: string;
  readonly stage: string;
  readonly mode: string;
  readonly when: string;
  /** What a pass says, in the evaluator's words. */
  readonly covers: string;
  readonly examines: readonly string[];
  /** Kinds of text that this guardrail does not look at. */
  readonly uncovered: readonly string[];
  readonly effects: Readonly<Record<string, string>>;
  /** What bounds it: time, money, size. */
  readonly bounds: readonly string[];
}

/** The rows of all aliases. Models that are guarded alike share theirs. */
export function truthTable({ aliases, judges }: Pick<Gateway, "aliases" | "judges">): TruthRow[] {
  const rows = new Map<string, TruthRow>();
  for (const alias of aliases.values()) {
    for (const row of rowsOf(alias, policiesFor(alias.guardrails, judges))) {
      const key = JSON.stringify(row);
      rows.set(key, { ...row, models: [...(rows.get(key)?.models ?? []), alias.name] });
    }
  }
  return [...rows.values()];
}

function rowsOf({ guardrails }: Alias, policies: readonly string[]): Omit<TruthRow, "models">[] {
  return guardrails.map((guardrail) => ({
    policy: policies.find((policy) => policy.startsWith(`${guardrail.policy}@`)) ?? guardrail.policy,
    evaluator: guardrail.evaluator.name,
    stage: guardrail.stage,
    mode: guardrail.mode,
    when: guardrail.when,
    covers: guardrail.evaluator.covers,
    examines: guardrail.covers,
    uncovered: uncoveredBy(guardrail),
    effects: Object.fromEntries(outcomes.map((outcome) => [outcome, clientGets(guardrail, outcome)])),
    bounds: boundsOf(guardrail),
  }));
}

function clientGets(guardrail: Guardrail, outcome: (typeof outcomes)[number]): string {
  if (guardrail.mode === "observe") return "recorded";
  if (outcome === "pass") return "answer";
  const effects = outcome === "fail" ? guardrail.onFail : [guardrail.onUnexamined[outcome]];
  return effects.map((effect) => words[effect](guardrail)).join(", then ");
}

const words: Readonly<Record<Effect, (guardrail: Guardrail) => string>> = {
  allow: () => "answer",
  degraded: () => "degraded",
  flag: () => "answer, flagged",
  redact: () => "redacted",
  regenerate: ({ regenerate }) => `up to ${regenerate.attempts} answers`,
  fallback: ({ fallback }) => `answer of ${fallback}`,
  block: ({ onBlock }) => (onBlock === "error" ? "error 422" : "refusal"),
};

function boundsOf({ mode, hold, budget }: Guardrail): string[] {
  const { judge_ms, judge_usd, judge_ms_per_day, judge_usd_per_day } = budget;
  const budgets = [
    judge_ms === undefined ? "" : `judges ${judge_ms / 1000} s a request`,
    judge_usd === undefined ? "" : `judges ${judge_usd} USD a request`,
    judge_ms_per_day === undefined ? "" : `judges ${judge_ms_per_day / 1000} s a day`,
    judge_usd_per_day === undefined ? "" : `judges ${judge_usd_per_day} USD a day`,
  ].filter((text) => text !== "");
  return [
    ...(mode === "observe" ? [] : [`${hold.max_bytes} bytes held, longer: ${hold.on_exceed}`]),
    ...(budgets.length === 0 ? [] : [`${budgets.join(", ")}, spent: ${budget.on_exceed}`]),
  ];
}

/** The truth table, what is covered and what is not, and what a pass means. */
export function describeGuardrails(rows: readonly TruthRow[], columns: number): string[] {
  const title = "Guardrails: what the client gets for each outcome";
  if (rows.length === 0) return [title, "  none"];
  const header = ["model", "evaluator", "mode", "when", ...outcomes].map((name) => ({ title: name }));
  const body = rows.map((row) => [
    shortList(row.models),
    row.evaluator,
    row.stage === "input" ? `${row.mode} (input)` : row.mode,
    row.when,
    ...outcomes.map((outcome) => row.effects[outcome] ?? ""),
  ]);
  return [
    title,
    ...renderTable(header, body, Math.max(columns - 2, 150)).map((line) => `  ${line}`),
    "",
    "What each of them looks at",
    ...rows.map(
      (row) =>
        `  ${[`${row.policy} ${row.evaluator} (${row.stage}, ${row.mode}): ${looksAt(row)}`, ...row.bounds].join("; ")}`,
    ),
    "",
    "What a pass covers",
    ...[...new Map(rows.map(({ evaluator, covers }) => [evaluator, covers]))].map(
      ([evaluator, covers]) => `  ${evaluator}: ${covers}`,
    ),
  ];
}

function looksAt({ examines, uncovered }: TruthRow): string {
  return [examines.join(", "), ...(uncovered.length === 0 ? [] : [`not at ${uncovered.join(", ")}`])].join("; ");
}
