import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  calibrate as calibrateEvaluator,
  CalibrationError,
  cardLines,
  cardMarkdown,
  type EvaluatorCard,
  formatCard,
  formatTarget,
  parseTarget,
  reliabilityPlot,
  type Target,
} from "../evaluators/index.ts";
import { openCalibratable } from "./calibrate-evaluator.ts";
import { readGold } from "./calibrate-gold.ts";
import { CommandError, type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { renderTable } from "./table.ts";

export interface CalibrateCommandOptions {
  readonly gold?: string;
  readonly target?: string;
  readonly engine?: string;
  readonly folds: string;
  readonly seed: string;
  readonly out: string;
  readonly config?: string;
  readonly gateway?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `proctor calibrate`: what an evaluator is worth on labelled rows, and the threshold that makes it worth most. */
export const calibrate: Subcommand = (program, context, action) => {
  program
    .command("calibrate")
    .description("Choose an evaluator's threshold on labelled rows and write the card that says what it is worth.")
    .argument("<evaluator>", "its name: a built-in one, or one of proctor.yaml")
    .option("--gold <file>", 'required; labelled rows, one JSON object a line: a sample with "label": "pass" or "fail"')
    .option("--target <target>", "required; precision=0.95, fpr=0.01, youden or f1")
    .option("--engine <engine>", "local, judge or cascade (default: as configured)")
    .option("--folds <number>", "parts of the rows, each judged by a fit to the others", "5")
    .option("--out <folder>", "where the card goes", ".proctor/cards")
    .option("--seed <number>", "decides how rows are divided and resampled", "1")
    .option("--json", "print the card as JSON instead of a table")
    .option("--quiet", "print nothing but errors")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--gateway <url>", "ask the judge through this gateway (default: one in this process)")
    .addHelpText("after", help)
    .action(action((name: string, options: CalibrateCommandOptions) => run(name, options, context)));
};

const help = `
Exits 0 when the target is reached (shown at 95 % confidence), 1 when no threshold reaches it, 2 when the rows are too few to
say, 3 when no row came to a score, 4 when the command line, the configuration or a gold row is wrong. A card is written for
0, and for 1 and 2 where the rows carry one.

Examples:
  proctor calibrate faithfulness --gold gold.jsonl --target precision=0.95
  proctor calibrate faithfulness --gold gold.jsonl --target youden --engine cascade --gateway http://localhost:4141
  proctor calibrate refund_policy --gold refunds.jsonl --target fpr=0.01 --folds 10 --json`;

async function run(name: string, options: CalibrateCommandOptions, context: CommandContext): Promise<ExitCode> {
  const calibratable = openCalibratable(name, options, context);
  try {
    const gold = required("--gold <file>", options.gold);
    const target = usable(() => parseTarget(required("--target <target>", options.target)));
    const folds = wholeNumber("--folds", options.folds, [2, 100]);
    const seed = wholeNumber("--seed", options.seed, [0, 1_000_000]);
    const { rows, sha256 } = readGold(resolve(context.workingDirectory, gold), gold);
    const card = await calibrateEvaluator(calibratable.evaluator, rows, {
      target,
      folds,
      seed,
      sha256,
      configure: calibratable.configure,
      evaluate: { ...calibratable.evaluate, signal: context.signal },
    });
    if (context.signal.aborted) return exitCode.interrupted;
    report(card, write(card, options, context), { target, options, context });
    return codes[card.reached];
  } catch (thrown) {
    if (context.signal.aborted) return exitCode.interrupted;
    if (!(thrown instanceof CalibrationError)) throw thrown;
    context.err(thrown.message);
    return thrown.code === "nothing_scored" ? exitCode.invalid : exitCode.inconclusive;
  } finally {
    await calibratable.close();
  }
}

const codes: Readonly<Record<EvaluatorCard["reached"], ExitCode>> = {
  yes: exitCode.yes,
  no: exitCode.no,
  unsure: exitCode.inconclusive,
};

/** Runs what throws a sentence about what the user wrote. */
function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw new CommandError(exitCode.usage, thrown instanceof Error ? thrown.message : String(thrown), {
      cause: thrown,
    });
  }
}

function required(option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new CommandError(exitCode.usage, `proctor calibrate needs ${option}.`);
}

function wholeNumber(option: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new CommandError(
    exitCode.usage,
    `${option} ${text} is no whole number from ${least} to ${most.toLocaleString("en-US")}.`,
  );
}

/** Writes the three files of a card and says where they are. */
function write(card: EvaluatorCard, { out }: CalibrateCommandOptions, context: CommandContext): readonly string[] {
  const folder = resolve(context.workingDirectory, out);
  const plot = `${card.evaluator}.svg`;
  const files = {
    [`${card.evaluator}.json`]: formatCard(card),
    [`${card.evaluator}.md`]: cardMarkdown(card, plot),
    [plot]: reliabilityPlot(card),
  };
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new CommandError(exitCode.usage, `Cannot write to ${out}: ${message}.`, { cause: error });
  }
  return Object.keys(files).map((name) => relative(context.workingDirectory, join(folder, name)));
}

interface Printing {
  readonly target: Target;
  readonly options: CalibrateCommandOptions;
  readonly context: CommandContext;
}

function report(card: EvaluatorCard, files: readonly string[], { target, options, context }: Printing): void {
  if (options.quiet) return;
  if (options.json) return context.out(formatCard(card).trimEnd());
  context.out(`${card.evaluator}, version ${card.version}, engine ${card.engine}, target ${formatTarget(target)}`);
  context.out("");
  const columns = [{ title: "measure", whole: true }, { title: "value", whole: true }, { title: "what it says" }];
  for (const line of renderTable(columns, cardLines(card), context.columns)) context.out(line);
  context.out("");
  context.out(card.because);
  context.out(`Written: ${files.join(", ")}`);
  context.out(nextStep(card, files, options));
}

/** A card speaks for the evaluator with its threshold and its band, so nothing is calibrated before the configuration names it. */
function nextStep(
  { evaluator, reached }: EvaluatorCard,
  [path]: readonly string[],
  { engine }: CalibrateCommandOptions,
): string {
  const lines = [...(engine === undefined ? [] : [`"engine: ${engine}"`]), `"card: ${path}"`].join(" and ");
  const place = `put ${lines} under evaluators.${evaluator} in proctor.yaml.`;
  if (reached === "yes") return `To use it, ${place}`;
  if (reached === "unsure") {
    return `The target is not shown: label more rows and calibrate again. To use it as it is, ${place}`;
  }
  return `The target is out of reach: ask for less, or try another engine. To use it as it is, ${place}`;
}
