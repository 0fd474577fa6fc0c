import { createGateway, type Gateway } from "../gateway/index.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { checkAccess } from "./doctor-access.ts";
import { checkProviders, type Check, checkTracing } from "./doctor-checks.ts";
import { checkEvaluators } from "./doctor-evaluators.ts";
import { describeGuardrails, type TruthRow, truthTable } from "./doctor-guardrails.ts";
import { describeModels } from "./doctor-models.ts";
import { openTracing } from "./open-tracing.ts";

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
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
  for (const line of describeGuardrails(rows, columns)) out(line);
}

/** The settled configuration, every default visible and every key hidden. */
function withoutKeys({ config }: LoadedConfig): unknown {
  const isSecret = (name: string, value: unknown): boolean =>
    value !== undefined && (name === "api_key" || (name === "redis" && typeof value === "string"));
  return JSON.parse(JSON.stringify(config, (name, value: unknown) => (isSecret(name, value) ? "(set)" : value)));
}
