import { z } from "zod";
import { type Evaluator, type EvaluatorCard, findCard, judgeIdentity, registry } from "../evaluators/index.ts";
import { type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { asCommandError, type EvaluationSetup, openEvaluation } from "./evaluation-setup.ts";
import { percent } from "./evaluate-report.ts";
import { renderTable } from "./table.ts";

interface EvaluatorsOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `proctor evaluators`: which there are, or everything about one. */
export const evaluators: Subcommand = (program, context, action) => {
  program
    .command("evaluators")
    .description("List the evaluators with engine, needs, options and card, or describe one of them.")
    .argument("[name]", "one evaluator, in full")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", "\nExamples:\n  proctor evaluators\n  proctor evaluators faithfulness")
    .action(action((name: string | undefined, options: EvaluatorsOptions) => runEvaluators(name, options, context)));
};

/** An evaluator as `--json` prints it. */
interface EvaluatorEntry {
  readonly name: string;
  readonly description: string;
  readonly covers: string;
  readonly version: string;
  readonly engine: string;
  /** What a verdict waits for. */
  readonly latency: string;
  readonly needs: readonly string[];
  readonly options: readonly OptionEntry[];
  readonly card: EvaluatorCard | null;
}

interface OptionEntry {
  readonly name: string;
  readonly type: string;
  /** Undefined where the option has none. */
  readonly default?: unknown;
  /** As it is configured. */
  readonly value?: unknown;
}

async function runEvaluators(
  name: string | undefined,
  options: EvaluatorsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const setup = openEvaluation(options, context);
  try {
    if (name === undefined) {
      const entries = setup.evaluators.names.map((each) => entryOf(setup.evaluators.get(each), setup));
      if (options.json) context.out(JSON.stringify(entries, null, 2));
      else list(entries, context);
    } else {
      const entry = entryOf(setup.evaluators.get(name), setup);
      if (options.json) context.out(JSON.stringify(entry, null, 2));
      else describe(entry, context);
    }
    return exitCode.yes;
  } catch (error) {
    throw asCommandError(error);
  } finally {
    await setup.close();
  }
}

const latencies: Readonly<Record<string, string>> = {
  local: "code alone",
  judge: "a judge",
  cascade: "code, a judge where code is unsure",
};

function entryOf(evaluator: Evaluator, { cards, judges }: EvaluationSetup): EvaluatorEntry {
  const { name, description, covers, version, options } = evaluator;
  const judge = judgeIdentity(evaluator, { judges });
  return {
    name,
    description,
    covers,
    version,
    engine: options.engine,
    latency: latencies[options.engine] ?? options.engine,
    needs: evaluator.missing({}),
    options: optionsOf(evaluator),
    card: findCard(cards, { version, judge }) ?? null,
  };
}

/** The options of a built-in evaluator from its schema; of a rubric, those that it settled. */
function optionsOf({ name, options }: Evaluator): readonly OptionEntry[] {
  const values = new Map<string, unknown>(Object.entries(options));
  const factory = registry.find((candidate) => candidate.name === name);
  if (!factory) return [...values].map(([option, value]) => ({ name: option, type: typeof value, value }));
  const schema = z.toJSONSchema(factory.options, { io: "input", unrepresentable: "any" });
  return Object.entries(schema.properties ?? {}).map(([option, property]) => ({
    name: option,
    type: typeOf(property),
    ...(typeof property === "object" && property.default !== undefined ? { default: property.default } : {}),
    ...(values.get(option) === undefined ? {} : { value: values.get(option) }),
  }));
}

function typeOf(property: unknown): string {
  if (typeof property !== "object" || property === null) return "any";
  const { type, enum: choices, const: constant, items, anyOf } = property as Readonly<Record<string, unknown>>;
  if (Array.isArray(choices)) return choices.map(String).join(" | ");
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(anyOf)) return anyOf.map(typeOf).join(" | ");
  if (type === "array") return items === undefined ? "list" : `list of ${typeOf(items)}`;
  return typeof type === "string" ? type : "any";
}

function list(entries: readonly EvaluatorEntry[], { out, columns }: CommandContext): void {
  const titles = [
    { title: "evaluator", whole: true },
    { title: "engine" },
    { title: "needs" },
    { title: "card" },
    { title: "a pass promises" },
  ];
  const cells = entries.map(({ name, engine, needs, card, description }) => [
    name,
    engine,
    needs.join(", "),
    card ? `${percent(card.measured.balancedAccuracy)} balanced` : "–",
    description,
  ]);
  for (const line of renderTable(titles, cells, columns)) out(line);
  out("");
  out(
    'local: code alone. judge: asks a model. cascade: code first. Everything about one: "proctor evaluators <name>".',
  );
}

function describe(entry: EvaluatorEntry, { out, columns }: CommandContext): void {
  out(`${entry.name} (version ${entry.version})`);
  out(`  promises  ${entry.description}`);
  out(`  covers    ${entry.covers}`);
  out(`  engine    ${entry.engine}: a verdict waits for ${entry.latency}`);
  out(`  needs     ${entry.needs.length === 0 ? "nothing by itself" : entry.needs.join(", ")}`);
  for (const line of cardLines(entry.card)) out(`  card      ${line}`);
  out("");
  const titles = [{ title: "option", whole: true }, { title: "type" }, { title: "default" }, { title: "configured" }];
  const shown = (value: unknown) => (value === undefined ? "–" : JSON.stringify(value));
  const cells = entry.options.map(({ name, type, default: preset, value }) => [
    name,
    type,
    shown(preset),
    shown(value),
  ]);
  for (const line of renderTable(titles, cells, columns - 2)) out(`  ${line}`);
}

function cardLines(card: EvaluatorCard | null): readonly string[] {
  if (!card) return ['none for this version: "proctor calibrate" makes one'];
  const { measured, rows, madeAt, because } = card;
  const rate = ({ value, interval: [low, high] }: typeof measured.truePassRate) =>
    `${value === null ? "–" : percent(value)} (${percent(low)}–${percent(high)})`;
  return [
    `${rows.scored} gold rows, ${madeAt.slice(0, 10)}: good ones passed ${rate(measured.truePassRate)}, bad ones failed ${rate(measured.trueFailRate)}`,
    because,
  ];
}
