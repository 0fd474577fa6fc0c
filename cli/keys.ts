import { commaSeparated, createKey, hashKey, type KeyConfig, keysConfig } from "../gateway/index.ts";
import { type CommandContext, CommandError, type ExitCode, exitCode, type Subcommand } from "./context.ts";

/** `proctor keys`: makes keys for callers, and hashes of keys that are there already. */
export const keys: Subcommand = (program, context, action) => {
  const command = program
    .command("keys")
    .description("Make keys for callers, of which the configuration keeps only the hashes.")
    .addHelpText("after", "\nIt reads no configuration and writes none: it prints what to paste.");
  const create = command
    .command("create")
    .description("Make a key, show it once, and print the line for proctor.yaml.")
    .requiredOption("--name <name>", "name of the key, for limits, spans and logs");
  withLimits(create)
    .addHelpText(
      "after",
      "\nExamples:\n  proctor keys create --name support-bot --models student,teacher --rpm 600 --usd-per-day 20" +
        "\n  proctor keys create --name ops --admin --json",
    )
    .action(action((options: KeyOptions) => show(options, createKey(), context)));
  const hash = command
    .command("hash")
    .description("Read a key that is there already from standard input, and print the line for proctor.yaml.")
    .requiredOption("--name <name>", "name of the key, for limits, spans and logs");
  withLimits(hash).action(
    action(async (options: KeyOptions) => show(options, await readKey(context), context, { isKnown: true })),
  );
};

function withLimits<T extends Parameters<Subcommand>[0]>(command: T): T {
  command
    .option("--models <aliases>", "models that it may use, with commas (default: all)")
    .option("--rpm <number>", "requests a minute")
    .option("--tokens-per-minute <number>", "input and output tokens a minute")
    .option("--concurrent <number>", "requests under way at a time")
    .option("--usd-per-day <number>", "USD a day (UTC)")
    .option("--usd-per-month <number>", "USD a month (UTC)")
    .option("--admin", "may read traces and metrics")
    .option("--on-limiter-error <choice>", "allow or refuse (default) while Redis is away")
    .option("--json", "print one JSON object");
  return command;
}

interface KeyOptions {
  readonly name: string;
  readonly models?: string;
  readonly rpm?: string;
  readonly tokensPerMinute?: string;
  readonly concurrent?: string;
  readonly usdPerDay?: string;
  readonly usdPerMonth?: string;
  readonly admin?: boolean;
  readonly onLimiterError?: string;
  readonly json?: boolean;
}

function show(
  options: KeyOptions,
  key: string,
  { out }: CommandContext,
  { isKnown = false }: { readonly isKnown?: boolean } = {},
): ExitCode {
  const entry = entryFor(options, key);
  if (options.json) {
    out(JSON.stringify(isKnown ? { entry } : { key, entry }));
    return exitCode.yes;
  }
  if (!isKnown) {
    out("The key. It is shown this once and kept nowhere:");
    out("");
    out(`  ${key}`);
    out("");
  }
  out('For "keys:" in proctor.yaml; a running gateway takes it up on SIGHUP:');
  out("");
  out("keys:");
  out(`  - ${yamlOf(entry)}`);
  return exitCode.yes;
}

/** One line of YAML, as people write it. */
function yamlOf(entry: Readonly<Record<string, unknown>>): string {
  return `{ ${Object.entries(entry)
    .map(
      ([name, value]) => `${name}: ${Array.isArray(value) ? `[${value.map(scalarOf).join(", ")}]` : scalarOf(value)}`,
    )
    .join(", ")} }`;
}

/** Quoted where YAML could read something else than what is meant. */
function scalarOf(value: unknown): string {
  const isPlain = typeof value !== "string" || /^(?:sha256:[0-9a-f]{64}|[A-Za-z][A-Za-z-]*)$/.test(value);
  const isWord = typeof value === "string" && /^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value);
  return isPlain && !isWord ? String(value) : JSON.stringify(value);
}

/** The entry as the configuration takes it, checked as it will be there. Throws `CommandError`. */
function entryFor(options: KeyOptions, key: string): Readonly<Record<string, unknown>> {
  const given = {
    name: options.name,
    hash: hashKey(key),
    models: options.models === undefined ? undefined : commaSeparated(options.models),
    rpm: numberOf(options.rpm),
    tokens_per_minute: numberOf(options.tokensPerMinute),
    concurrent: numberOf(options.concurrent),
    usd_per_day: numberOf(options.usdPerDay),
    usd_per_month: numberOf(options.usdPerMonth),
    admin: options.admin,
    on_limiter_error: options.onLimiterError,
  } satisfies { readonly [Name in keyof KeyConfig]: unknown };
  const entry = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = keysConfig.safeParse([entry]);
  if (parsed.success) return entry;
  const [issue] = parsed.error.issues;
  const [, field = "name"] = issue?.path ?? [];
  const option = `--${String(field).replaceAll("_", "-")}`;
  throw new CommandError(exitCode.usage, `${option} is not right: ${issue?.message ?? "unreadable"}.`);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.trim() === "" ? Number.NaN : Number(text);
}

/** One that can be guessed would be found from its hash. */
const shortestKey = 32;

async function readKey({ input }: CommandContext): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input ?? []) chunks.push(chunk);
  const key = Buffer.concat(chunks).toString("utf8").trim();
  if (/^[\x21-\x7e]+$/.test(key) && key.length >= shortestKey) return key;
  throw new CommandError(
    exitCode.usage,
    `Standard input holds no key: at least ${shortestKey} characters without spaces, made by chance, on one line. For example: printf %s "$KEY" | proctor keys hash --name old-bot`,
  );
}
