import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  findEvaluations,
  findExchanges,
  openSpanStore,
  parseDuration,
  SpanQueryError,
  type SpanSource,
  SpanStoreError,
} from "../tracing/index.ts";
import { outcomes } from "../evaluators/index.ts";
import { loadConfig } from "./config.ts";
import { CommandError, type CommandContext, exitCode, type Subcommand } from "./context.ts";
import { type TraceListing, evaluationListing, exchangeListing } from "./trace-listing.ts";
import { renderTable } from "./table.ts";

const defaultGateway = "http://127.0.0.1:4141";
const defaultStore = ".proctor/spans.db";

/** `proctor traces`: which answers an evaluator rejected, or which exchanges ended in a verdict. */
export const traces: Subcommand = (program, context, action) => {
  program
    .command("traces")
    .description(
      "List evaluations or exchanges from the spans of a gateway, of Jaeger 2.19 or newer, or of a span store.",
    )
    .option("--failed <evaluator>", "evaluations that this evaluator failed")
    .option("--evaluator <name>", "evaluations of this evaluator")
    .option("--outcome <outcome>", `evaluations with this outcome: ${outcomes.join(", ")}`)
    .option("--verdict <verdict>", `exchanges with this verdict: ${verdicts.join(", ")}`)
    .option("--model <alias>", "only of this model, by the name that the client asked for")
    .option("--session <id>", "only of this session")
    .option("--since <time>", "how far back: a duration such as 30m, 1h or 7d, or an ISO time", "1h")
    .option("--limit <number>", "most rows, the newest", "50")
    .option("--json", "one JSON array instead of a table")
    .option(
      "--config <file>",
      "configuration that says where gateway and store are (default: proctor.yaml if it is there)",
    )
    .option(
      "--gateway <url>",
      `ask this gateway (default: PROCTOR_GATEWAY, or ${defaultGateway}), with the admin key in PROCTOR_API_KEY if it has keys`,
    )
    .option("--jaeger <url>", "ask this Jaeger, 2.19 or newer")
    .option("--store <path>", `read this span store (default, when no gateway answers: ${defaultStore})`)
    .addHelpText("after", examples)
    .action(action((options: TracesOptions) => run(options, context)));
};

/** Options that say where spans are asked for. */
export interface SpanPlaceOptions {
  readonly gateway?: string;
  readonly jaeger?: string;
  readonly store?: string;
  readonly config?: string;
}

interface TracesOptions extends SpanPlaceOptions {
  readonly failed?: string;
  readonly evaluator?: string;
  readonly outcome?: string;
  readonly verdict?: string;
  readonly model?: string;
  readonly session?: string;
  readonly since: string;
  readonly limit: string;
  readonly json?: boolean;
}

const verdicts = ["allow", "redact", "block", "degraded"];
const examples = `
Examples:
  proctor traces --failed faithfulness --since 1h
  proctor traces --evaluator safety --outcome error --json
  proctor traces --verdict block --session s-42 --jaeger http://localhost:16686`;

async function run(options: TracesOptions, context: CommandContext): Promise<typeof exitCode.yes> {
  checkOptions(options);
  const find = questionFor(options, context.signal);
  print(await askSomewhere(find, options, context), options, context);
  return exitCode.yes;
}

type Find<Answer> = (source: SpanSource) => Promise<Answer>;

function questionFor(options: TracesOptions, signal: AbortSignal): Find<TraceListing> {
  const { failed, evaluator = failed, outcome = failed === undefined ? undefined : "fail", verdict } = options;
  const now = Date.now();
  const common = {
    alias: options.model,
    session: options.session,
    since: sinceTime(options.since, now),
    // What ended a moment ago on a machine whose clock is a little ahead belongs to it.
    until: new Date(now + 5000),
    limit: Number(options.limit),
    signal,
  };
  if (verdict !== undefined)
    return async (source) => exchangeListing(await findExchanges({ ...source, ...common, verdict }));
  return async (source) =>
    evaluationListing(await findEvaluations({ ...source, ...common, evaluator, outcome }), failed === undefined);
}

/**
 * Asks what was named; otherwise the gateway at its default address and, when none answers there, the store's file. Rejects with
 * `CommandError` when the spans cannot be read.
 */
export async function askSomewhere<Answer>(
  find: Find<Answer>,
  options: SpanPlaceOptions,
  context: CommandContext,
): Promise<Answer> {
  try {
    return await askInOrder(find, options, context);
  } catch (error) {
    if (!(error instanceof SpanQueryError) && !(error instanceof SpanStoreError)) throw error;
    const isMalformed = error instanceof SpanQueryError && error.code === "malformed_address";
    throw new CommandError(isMalformed ? exitCode.usage : exitCode.invalid, error.message, { cause: error });
  }
}

async function askInOrder<Answer>(
  find: Find<Answer>,
  options: SpanPlaceOptions,
  context: CommandContext,
): Promise<Answer> {
  if (options.store !== undefined) return askFile(find, resolve(context.workingDirectory, options.store));
  const url = options.gateway ?? options.jaeger;
  const key = context.environment["PROCTOR_API_KEY"];
  if (url !== undefined) return find(options.gateway === undefined ? { url } : { url, key });
  const configured = configuredPlaces(options, context);
  const gateway = context.environment["PROCTOR_GATEWAY"] ?? configured.gateway;
  try {
    return await find({ url: gateway, key });
  } catch (error) {
    if (!(error instanceof SpanQueryError) || error.code !== "unreachable") throw error;
    const path = resolve(context.workingDirectory, configured.store);
    if (!existsSync(path)) {
      throw new CommandError(
        exitCode.invalid,
        `No gateway answers at ${gateway}, and there is no span store at ${path}. Start one with "proctor serve", or name one with --gateway, --jaeger or --store.`,
        { cause: error },
      );
    }
    context.err(`No gateway answers at ${gateway}: reading the span store ${path}.`);
    return askFile(find, path);
  }
}

/** Where the configuration says that the gateway listens and keeps its spans. */
function configuredPlaces(
  { config: path }: SpanPlaceOptions,
  context: CommandContext,
): { gateway: string; store: string } {
  const { workingDirectory, environment } = context;
  try {
    const { listen, tracing } = loadConfig({ path, workingDirectory, environment }).config;
    const gateway = `http://127.0.0.1:${listen.port}`;
    return { gateway, store: tracing.store === false ? defaultStore : tracing.store };
  } catch (error) {
    // A configuration that cannot be read here (a key that only the gateway's environment has) keeps nobody from asking.
    if (path !== undefined || !(error instanceof CommandError)) throw error;
    return { gateway: defaultGateway, store: defaultStore };
  }
}

async function askFile<Answer>(find: Find<Answer>, path: string): Promise<Answer> {
  if (!existsSync(path))
    throw new CommandError(exitCode.invalid, `There is no span store at ${path}. Check the path of --store.`);
  const store = openSpanStore({ path, retentionMs: Infinity, readOnly: true });
  try {
    return await find({ store });
  } finally {
    store.close();
  }
}

function print({ rows, columns, cells }: TraceListing, { json, since }: TracesOptions, context: CommandContext): void {
  if (rows.length === 0) context.err(`Nothing found since ${since}. A longer time may show more: --since 7d.`);
  if (json) context.out(JSON.stringify(rows, null, 2));
  else if (rows.length > 0) for (const line of renderTable(columns, cells, context.columns)) context.out(line);
}

function checkOptions({ failed, evaluator, outcome, verdict, limit, ...options }: TracesOptions): void {
  if (failed !== undefined && (evaluator !== undefined || outcome !== undefined)) {
    throw usage("--failed already names evaluator and outcome. Use either --failed, or --evaluator with --outcome.");
  }
  if (verdict !== undefined && (failed ?? evaluator ?? outcome) !== undefined) {
    throw usage("--verdict lists exchanges, --failed, --evaluator and --outcome list evaluations. Ask one at a time.");
  }
  checkWord("--outcome", outcome, outcomes);
  checkWord("--verdict", verdict, verdicts);
  if (!/^[1-9]\d{0,8}$/.test(limit)) throw usage(`--limit takes a whole number from 1, not "${limit}".`);
  checkPlace(options);
}

/** Throws `CommandError` when more than one place is named. */
export function checkPlace(options: SpanPlaceOptions): void {
  const sources = (["gateway", "jaeger", "store"] as const).filter((name) => options[name] !== undefined);
  if (sources.length > 1)
    throw usage(`Only one source can be asked: choose one of ${sources.map((name) => `--${name}`).join(", ")}.`);
}

function checkWord(option: string, word: string | undefined, known: readonly string[]): void {
  if (word !== undefined && !known.includes(word))
    throw usage(`${option} takes one of ${known.join(", ")}, not "${word}".`);
}

/** The time that `--since` names. Throws `CommandError`. */
export function sinceTime(text: string, now: number): Date {
  const durationMs = parseDuration(text);
  const time = durationMs === undefined ? Date.parse(/^\d{4}-\d{2}/.test(text) ? text : "") : now - durationMs;
  const date = new Date(time);
  if (Number.isNaN(date.getTime()) || date.getTime() < 0) {
    throw usage(`--since takes a duration such as 30m, 1h or 7d, or an ISO time, not "${text}".`);
  }
  if (date.getTime() > now) throw usage(`--since ${text} is in the future.`);
  return date;
}

function usage(message: string): CommandError {
  return new CommandError(exitCode.usage, message);
}
