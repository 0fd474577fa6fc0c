import { type Alias, createGateway, type Effect, type Gateway } from "../gateway/index.ts";
import { outcomes } from "../evaluators/index.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { checkAccess } from "./doctor-access.ts";
import { checkProviders, type Check, checkTracing } from "./doctor-checks.ts";
import { checkEvaluators } from "./doctor-evaluators.ts";
import { describeModels } from "./doctor-models.ts";
import { openTracing } from "./open-tracing.ts";
import { renderTable } from "./table.ts";

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** One guardrail's row of the truth table: outcome → what the client gets. */
interface TruthRow {
  readonly models: readonly string[];
  readonly evaluator: string;
  readonly stage: string;
  readonly mode: string;
  readonly when: string;
  readonly covers: string;
  readonly effects: Readonly<Record<string, string>>;
}

/** `proctor doctor`: what is configured, whether it is there, and what the client gets for each outcome. */
export const doctor: Subcommand = (program, context, action) => {
  program
    .command("doctor")
    .description("Check the configuration: providers, aliases, guardrails, evaluator cards, span store, collector.")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExits 0 when everything is there, 1 when a check failed, 4 when the configuration is wrong.",
    )
    .action(action((options: DoctorOptions) => runDoctor(options, context)));
};

async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<ExitCode> {
  const loaded = loadConfig({
    path: options.config,
    workingDirectory: context.workingDirectory,
    environment: context.environment,
  });
  const tracing = openTracing(loaded, context, { isolated: true, withoutExport: true });
  const gateway = createGateway({ config: loaded.config, evaluators: loaded.evaluators, tracing, report: context.err });
  try {
    const checks = [
      ...(await checkProviders(loaded.config, gateway)),
      ...(await checkAccess(loaded.config, gateway)),
      ...(await checkTracing(tracing)),
      ...checkEvaluators(loaded, context.workingDirectory),
    ];
    const rows = truthTable(gateway);
    if (options.json)
      context.out(
        JSON.stringify(
          {
            configuration: loaded.file ?? null,
            checks,
            models: describeModels(gateway),
            guardrails: rows,
            config: withoutKeys(loaded),
          },
          null,
          2,
        ),
      );
    else printReport(context, { loaded, gateway, checks, rows });
    return checks.some(({ ok }) => !ok) ? exitCode.no : exitCode.yes;
  } finally {
    await gateway.close(0);
    await tracing.shutdown();
  }
}

interface Report {
  readonly loaded: LoadedConfig;
  readonly gateway: Gateway;
  readonly checks: readonly Check[];
  readonly rows: readonly TruthRow[];
}

function printReport({ out, columns }: CommandContext, { loaded, gateway, checks, rows }: Report): void {
  out(`Configuration: ${loaded.file ?? "embedded defaults (no proctor.yaml here)"}`);
  out("");
  for (const { ok, name, detail } of checks) out(`${ok ? "ok  " : "FAIL"}  ${name}: ${detail}`);
  out("");
  out("Models");
  for (const line of describeModels(gateway)) out(`  ${line}`);
  out("");
  out("Guardrails: what the client gets for each outcome");
  if (rows.length === 0) return out("  none");
  const header = ["model", "evaluator", "mode", "when", ...outcomes].map((title) => ({ title }));
  const body = rows.map((row) => [
    shortList(row.models),
    row.evaluator,
    row.stage === "input" ? `${row.mode} (input)` : row.mode,
    row.when,
    ...outcomes.map((outcome) => row.effects[outcome] ?? ""),
  ]);
  for (const line of renderTable(header, body, Math.max(columns - 2, 150))) out(`  ${line}`);
  out("");
  out("What a pass covers");
  for (const [evaluator, covers] of new Map(rows.map(({ evaluator: name, covers: text }) => [name, text])))
    out(`  ${evaluator}: ${covers}`);
}

/** Models that are guarded alike share their rows. */
function truthTable({ aliases }: Gateway): TruthRow[] {
  const rows = new Map<string, TruthRow>();
  for (const alias of aliases.values()) {
    for (const row of rowsOf(alias)) {
      const key = JSON.stringify(row);
      rows.set(key, { ...row, models: [...(rows.get(key)?.models ?? []), alias.name] });
    }
  }
  return [...rows.values()];
}

function shortList(models: readonly string[]): string {
  const own = models.filter((name) => !name.includes("/"));
  const brought = new Set(
    models.filter((name) => name.includes("/")).map((name) => `${name.slice(0, name.indexOf("/"))}/*`),
  );
  return [...own, ...brought].join(", ");
}

function rowsOf({ guardrails }: Alias): Omit<TruthRow, "models">[] {
  return guardrails.map(({ evaluator, stage, mode, when, effects, onBlock }) => ({
    evaluator: evaluator.name,
    stage,
    mode,
    when,
    covers: evaluator.covers,
    effects: Object.fromEntries(
      outcomes.map((outcome) => [outcome, mode === "observe" ? "recorded" : clientGets[effects[outcome]](onBlock)]),
    ),
  }));
}

const clientGets: Readonly<Record<Effect, (onBlock: "refuse" | "error") => string>> = {
  allow: () => "answer",
  degraded: () => "degraded",
  block: (onBlock) => (onBlock === "error" ? "error 422" : "refusal"),
};

/** The settled configuration, every default visible and every key hidden. */
function withoutKeys({ config }: LoadedConfig): unknown {
  const isSecret = (name: string, value: unknown): boolean =>
    value !== undefined && (name === "api_key" || (name === "redis" && typeof value === "string"));
  return JSON.parse(JSON.stringify(config, (name, value: unknown) => (isSecret(name, value) ? "(set)" : value)));
}
