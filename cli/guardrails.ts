import { createGateway, type Gateway } from "../gateway/index.ts";
import { type SpanSource, startTracing } from "../tracing/index.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { readEvaluations, type GuardrailSection, type ReadEvaluations, sectionsOf } from "./guardrails-report.ts";
import { notesOn, nothingFound } from "./guardrails-report-notes.ts";
import { policyIn } from "./guardrails-report-policy.ts";
import { sectionLines } from "./guardrails-report-print.ts";
import { type Unseen, unseenIn } from "./guardrails-report-unseen.ts";
import { shortList } from "./short-list.ts";
import { printable } from "./marked-text.ts";
import { localTime } from "./trace-listing.ts";
import { askSomewhere, checkPlace, sinceTime, type SpanPlaceOptions } from "./traces.ts";
import { version } from "./version.ts";

/** `proctor guardrails report`: what enforcing the guardrails would have meant for what they have seen. */
export const guardrails: Subcommand = (program, context, action) => {
  program
    .command("guardrails")
    .description("What guardrails have found, so that one can be enforced with open eyes.")
    .addHelpText(
      "after",
      "\nBy itself it reads no configuration; what its subcommand reads: proctor guardrails report --help.",
    )
    .command("report")
    .description(
      "Sum up the evaluations of guardrails: what would have been blocked, how often by model, what judges cost and how long it took.",
    )
    .option("--since <time>", "how far back: a duration such as 30m, 1h or 7d, or an ISO time", "7d")
    .option("--model <alias>", "only of this model, by the name that the client asked for")
    .option("--evaluator <name>", "only of this evaluator")
    .option("--json", "one JSON object instead of text")
    .option("--config <file>", "configuration that says what outcomes do (default: proctor.yaml if it is there)")
    .option("--gateway <url>", "ask this gateway, with the admin key in PROCTOR_API_KEY if it has keys")
    .option("--jaeger <url>", "ask this Jaeger, 2.19 or newer")
    .option(
      "--store <path>",
      "read this span store (default: the gateway that is configured and, when none answers, its store)",
    )
    .addHelpText("after", help)
    .action(action((options: ReportOptions) => runReport(options, context)));
};

const help = `
Exits 0 when it could report, 3 when the spans cannot be read, 4 when the command line or the configuration is wrong.

Examples:
  proctor guardrails report --since 7d
  proctor guardrails report --model student --evaluator safety --json
  proctor guardrails report --jaeger http://localhost:16686`;

interface ReportOptions extends SpanPlaceOptions {
  readonly since: string;
  readonly model?: string;
  readonly evaluator?: string;
  readonly json?: boolean;
}

async function runReport(options: ReportOptions, context: CommandContext): Promise<ExitCode> {
  checkPlace(options);
  const now = Date.now();
  const since = sinceTime(options.since, now);
  // What ended a moment ago on a machine whose clock is a little ahead belongs to it.
  const until = new Date(now + 5000);
  const { model, evaluator, config: path } = options;
  const { workingDirectory, environment, signal } = context;
  const loaded = loadConfig({ path, workingDirectory, environment });
  const aliases = await aliasesOf(loaded);
  const ask = async (source: SpanSource) => ({
    asked: "url" in source ? source.url : "the span store",
    read: await readEvaluations(source, { since, until, model, evaluator, signal }),
  });
  const { asked, read } = await askSomewhere(ask, options, context);
  // How long a Jaeger keeps spans is its own affair.
  const retentionMs = options.jaeger === undefined ? loaded.config.tracing.retention : undefined;
  const guardrailSections = sectionsOf(read.evaluations, policyIn(aliases));
  const report: Report = {
    since: since.toISOString(),
    until: until.toISOString(),
    asked,
    configuration: loaded.file ?? null,
    isExact: read.incomplete.length === 0,
    notes: notesOn(read, { since, now, retentionMs }),
    leftOut: read.leftOut,
    guardrails: guardrailSections,
    unseen: unseenIn(aliases, guardrailSections, options),
  };
  if (guardrailSections.length === 0) context.err(nothingFound(options, aliases, loaded));
  if (options.json) context.out(JSON.stringify(report, null, 2));
  else print(report, options, context);
  return exitCode.yes;
}

/** What `--json` prints. */
interface Report {
  readonly since: string;
  readonly until: string;
  /** Who was asked. */
  readonly asked: string;
  /** The configuration that says what outcomes do; null for the embedded defaults. */
  readonly configuration: string | null;
  /** False where a server had more than it lists. */
  readonly isExact: boolean;
  /** What keeps the figures from being whole. */
  readonly notes: readonly string[];
  readonly leftOut: ReadEvaluations["leftOut"];
  readonly guardrails: readonly GuardrailSection[];
  /** Guardrails that are configured and have evaluated nothing. */
  readonly unseen: readonly Unseen[];
}

/** The models with their guardrails as the configuration has them. Nothing is opened, kept or sent. */
async function aliasesOf({ config, evaluators }: LoadedConfig): Promise<Gateway["aliases"]> {
  const report = (): void => {};
  const { otlp: _otlp, ...settings } = config.tracing;
  const tracing = startTracing({
    config: { ...settings, store: false },
    environment: {},
    version: version(),
    report,
    isolated: true,
    withoutExport: true,
  });
  const gateway = createGateway({ config, evaluators, tracing, report });
  await gateway.close(0);
  await tracing.shutdown();
  return gateway.aliases;
}

function print(report: Report, options: ReportOptions, { out: write, columns }: CommandContext): void {
  // Names come from spans, and so from outside.
  const out = (line: string) => write(printable(line).replaceAll("\n", " ").trimEnd());
  for (const note of report.notes) out(note);
  const actions = report.configuration ?? "the embedded defaults";
  out(
    `Guardrails since ${localTime(report.since)}, from ${report.asked}. What outcomes do is from ${actions} as it is now.`,
  );
  const { requested, shadow } = report.leftOut;
  if (requested + shadow > 0)
    out(
      `Not the guardrails', and not counted: ${requested} asked for over /v1/evaluations, ${shadow} of copies (shadow).`,
    );
  for (const section of report.guardrails) {
    out("");
    for (const line of sectionLines(section, lookAt(section, options), columns)) out(line);
  }
  if (report.unseen.length > 0) out("");
  for (const { evaluator, stage, mode, models } of report.unseen)
    out(`Nothing evaluated by ${evaluator} (${stage}, ${mode}) on ${shortList(models)}.`);
}

/** A command that shows the answers behind the examples. */
function lookAt({ evaluator, examples }: GuardrailSection, { since, ...options }: ReportOptions): string {
  const places = (["model", "config", "gateway", "jaeger", "store"] as const).flatMap((name) =>
    options[name] === undefined ? [] : [`--${name} ${quoted(options[name])}`],
  );
  const outcome = examples[0]?.outcome ?? "fail";
  return [
    "proctor traces",
    `--evaluator ${quoted(evaluator)}`,
    `--outcome ${outcome}`,
    `--since ${quoted(since)}`,
    ...places,
    "--json",
  ].join(" ");
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w:./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
