import { wilsonInterval } from "../evaluators/index.ts";
import { percent } from "./evaluate-report.ts";
import { type Change, changes, effectsText, type Policy } from "./guardrails-report-policy.ts";
import type { ReportRow } from "./guardrails-report-rows.ts";

/** A guardrail's rows, of one stage. */
interface Advised {
  readonly evaluator: string;
  readonly stage: "input" | "output";
  readonly rows: readonly ReportRow[];
}

/**
 * How to enforce a guardrail and what that would have meant, once for all models that are guarded alike. Counts the version that is
 * configured now or, where that has not been seen, the one that was seen last.
 */
export function adviceOn({ evaluator, stage, rows }: Advised): readonly string[] {
  const alike = Map.groupBy(rows, ({ policy, model }) =>
    JSON.stringify([policy, policy.origin === "no_model" && model]),
  );
  return [...alike.values()].flatMap((group) => {
    const policy = group[0]?.policy;
    if (!policy) return [];
    const version = versionIn(group, policy);
    const counted = group.filter((row) => row.version === version);
    const models = [...new Set(group.map(({ model }) => model || "(unknown)"))].join(", ");
    const sentence = `${wayTo(policy, evaluator, stage, models)}; ${meaningOf(counted, stage, policy)}.`;
    return [[sentence, ...versionNote(policy, group, version)].join(" ")];
  });
}

function versionIn(rows: readonly ReportRow[], { version: configured }: Policy): string {
  if (configured !== null && rows.some(({ version }) => version === configured)) return configured;
  return rows.toSorted((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1))[0]?.version ?? "";
}

function wayTo({ origin, mode, effects }: Policy, evaluator: string, stage: string, models: string): string {
  const actions = effectsText(effects);
  if (origin === "no_model") return `The configuration has no model "${models}": with the defaults (${actions})`;
  if (origin === "not_named")
    return `No guardrail of ${models} names ${evaluator}. To enforce: add { evaluator: ${evaluator}, mode: hold } to ${stage}: of its guardrails (${actions})`;
  if (mode === "observe") return `To enforce on ${models}: mode: hold (${actions})`;
  return `Enforced on ${models}: mode: ${mode ?? ""} (${actions})`;
}

function meaningOf(rows: readonly ReportRow[], stage: Advised["stage"], policy: Policy): string {
  const things = stage === "input" ? "requests" : "answers";
  const sum = (of: (row: ReportRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const subjects = sum((row) => row.subjects);
  if (subjects === 0) return `nothing is known of it, because none of its evaluations ended`;
  const by = changes
    .map((change) => [change, sum((row) => row.wouldChange.by[change] ?? 0)] as const)
    .filter(([, number]) => number > 0);
  const changed = by.reduce((total, [, number]) => total + number, 0);
  const [low, high] = wilsonInterval(changed, subjects);
  const share = `${changed} of ${subjects} ${things} (${percent(changed / subjects)}, 95 %: ${percent(low)} to ${percent(high)})`;
  const sampled = policy.mode === "observe" && policy.sample < 1 ? `, of a sample of ${percent(policy.sample)}` : "";
  const rest = [
    [sum((row) => row.unexamined), "let through unexamined (degraded)"],
    [sum((row) => row.flagged), "only flagged"],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} more ${what}`]));
  const wouldBe = policy.mode === "hold" || policy.mode === "window" ? "are, as configured now," : "would have been";
  return [`${share}${sampled} ${wouldBe} ${changeText(by, policy)}`, ...rest].join(", ");
}

const changeWords = {
  block: "blocked",
  fallback: "answered by another model",
  regenerate: "answered anew",
  redact: "redacted",
} as const satisfies Readonly<Record<Change, string>>;

/** One word where there is one kind of change; otherwise how many of each. */
function changeText(by: readonly (readonly [Change, number])[], { effects }: Policy): string {
  const [only] = by;
  if (by.length > 1) return `changed: ${by.map(([change, number]) => `${number} ${changeWords[change]}`).join(", ")}`;
  const ofFail = changes.find((change) => change === effects.fail);
  const change = only?.[0] ?? ofFail;
  return change === undefined ? "changed" : changeWords[change];
}

function versionNote({ version: configured }: Policy, rows: readonly ReportRow[], counted: string): readonly string[] {
  const version = counted || "(unknown)";
  if (configured !== null && counted !== configured)
    return [`This is of version ${version}: the version that is configured now, ${configured}, has not been seen.`];
  return new Set(rows.map(({ version }) => version)).size > 1 ? [`This is of version ${version} alone.`] : [];
}
