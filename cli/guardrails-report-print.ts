import { outcomes } from "../evaluators/index.ts";
import { percent } from "./evaluate-report.ts";
import type { GuardrailSection } from "./guardrails-report.ts";
import type { ReportRow } from "./guardrails-report-rows.ts";
import { type Column, renderTable } from "./table.ts";
import { localTime } from "./trace-listing.ts";

/** One guardrail as lines of text: its rows, what changed meanwhile, examples, and what to do. */
export function sectionLines(section: GuardrailSection, look: string, width: number): readonly string[] {
  const { evaluator, stage, modes, rows, advice } = section;
  const lines = [
    ...tableOf(rows, width - 2),
    ...versionLines(rows),
    ...noteLines(rows),
    ...exampleLines(section, look, width),
  ];
  return [`${evaluator} (${stage}, ${modes.join(" and ")})`, ...[...lines, ...advice].map((line) => `  ${line}`)];
}

/** One table, or where it does not fit two: what was found, and what it took. */
function tableOf(rows: readonly ReportRow[], width: number): readonly string[] {
  const names = nameColumns(rows);
  const whole = render([...names, ...foundColumns, ...tookColumns], rows, Infinity);
  if (whole.every((line) => line.length <= width)) return whole;
  return [...render([...names, ...foundColumns], rows, width), ...render([...names, ...tookColumns], rows, width)];
}

interface ReportColumn extends Column {
  cell(row: ReportRow): string;
}

function render(columns: readonly ReportColumn[], rows: readonly ReportRow[], width: number): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  return renderTable(columns, cells, width);
}

function nameColumns(rows: readonly ReportRow[]): readonly ReportColumn[] {
  const model = { title: "model", cell: (row: ReportRow) => row.model || "(unknown)" };
  const version = { title: "version", whole: true, cell: (row: ReportRow) => row.version || "(unknown)" };
  return versionsIn(rows).length > 1 ? [model, version] : [model];
}

const figure = (title: string, cell: ReportColumn["cell"]): ReportColumn => ({
  title,
  align: "right",
  whole: true,
  cell,
});

const foundColumns: readonly ReportColumn[] = [
  figure("evaluated", ({ evaluated }) => String(evaluated)),
  ...outcomes.map((outcome) => figure(outcome, (row) => String(row.outcomes[outcome]))),
  figure("would change", ({ wouldChange: { count, rate } }) => (rate === null ? "–" : `${count} (${percent(rate)})`)),
  figure("95 %", ({ wouldChange: { rate, interval } }) => (rate === null ? "–" : interval.map(percent).join("–"))),
];

const tookColumns: readonly ReportColumn[] = [
  figure("p50 ms", ({ latencyMs }) => msText(latencyMs?.p50)),
  figure("p95 ms", ({ latencyMs }) => msText(latencyMs?.p95)),
  figure("judge USD", ({ judgeUsd }) => usdText(judgeUsd.total, judgeUsd.unknown)),
  figure("per 1,000", ({ judgeUsd }) => usdText(judgeUsd.perThousand, judgeUsd.unknown)),
];

function msText(ms: number | undefined): string {
  return ms === undefined ? "–" : ms.toFixed(ms < 10 ? 1 : 0);
}

function usdText(usd: number | null, unknown: number): string {
  if (usd === null) return "–";
  if (usd === 0) return unknown > 0 ? "not known" : "0";
  return `${unknown > 0 ? "≥ " : ""}${usd.toFixed(4)}`;
}

function versionsIn(rows: readonly ReportRow[]): readonly string[] {
  return [...new Set(rows.map(({ version }) => version))];
}

/** A changed evaluator is another examiner. */
function versionLines(rows: readonly ReportRow[]): readonly string[] {
  const versions = versionsIn(rows);
  if (versions.length < 2) return [];
  const described = versions.map((version) => {
    const same = rows.filter((row) => row.version === version);
    const last =
      same
        .map(({ lastSeen }) => lastSeen)
        .toSorted()
        .at(-1) ?? "";
    const isConfigured = same.some(({ policy }) => policy.version === version);
    return `${version || "(unknown)"} (last seen ${localTime(last)}${isConfigured ? ", configured now" : ""})`;
  });
  return [`The evaluator changed: ${versions.length} versions are counted apart: ${described.join(", ")}.`];
}

function noteLines(rows: readonly ReportRow[]): readonly string[] {
  const sum = (of: (row: ReportRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const cancelled = sum((row) => row.cancelled);
  const cached = sum((row) => row.cached);
  const unknown = sum(({ judgeUsd }) => judgeUsd.unknown);
  const inParts = sum(({ evaluated, subjects }) => evaluated - subjects);
  return [
    ...(cancelled > 0
      ? [
          `Stopped before they ended, and not counted: ${cancelled} (another guardrail had decided, or the client had left).`,
        ]
      : []),
    ...(inParts > 0 ? ["Some answers were evaluated more than once: what would change counts answers."] : []),
    ...(cached > 0 ? [`Verdicts that were kept from before, which cost nothing: ${cached}.`] : []),
    ...(unknown > 0 ? [`Evaluations that asked a judge and do not say what it cost: ${unknown}.`] : []),
  ];
}

function exampleLines({ examples }: GuardrailSection, look: string, width: number): readonly string[] {
  if (examples.length === 0) return [];
  const columns: readonly Column[] = [
    { title: "newest", whole: true },
    { title: "model" },
    { title: "outcome", whole: true },
    { title: "would be", whole: true },
    { title: "verdict then", whole: true },
    { title: "reason" },
    { title: "trace id", whole: true },
  ];
  const cells = examples.map(({ time, model, outcome, effect, verdict, reason, traceId }) => [
    localTime(time),
    model || "(unknown)",
    outcome,
    effect,
    verdict ?? "–",
    reason ?? "(not kept)",
    traceId,
  ]);
  return ["", ...renderTable(columns, cells, width - 2), `What was said there: ${look}`, ""];
}
