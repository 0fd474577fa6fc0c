import type { Command } from "commander";
import type { CommandContext, ExitCode, Subcommand } from "./context.ts";
import { checkCombination } from "./evaluate-combination.ts";
import { type EvaluateCommandOptions, settingsFrom } from "./evaluate-options.ts";
import { compareStudent } from "./evaluate-student.ts";
import { asCommandError, openEvaluation } from "./evaluation-setup.ts";
import { evaluatePairs } from "./evaluate-pairs.ts";
import { evaluateRows } from "./evaluate-rows.ts";
import { explainRow } from "./explain-row.ts";

/** `proctor evaluate`: evaluators over the rows of a file, over one row in full, or over a student's and a teacher's answers. */
export const evaluate: Subcommand = (program, context, action) => {
  withOptions(
    program
      .command("evaluate")
      .description("Run evaluators over the rows of a JSONL file and say which to keep, or explain one row.")
      .argument("[rows]", "JSONL file, one sample a line; - is standard input"),
  )
    .addHelpText("after", help)
    .action(action((rows: string | undefined, options: EvaluateCommandOptions) => runEvaluate(rows, options, context)));
};

function withOptions(command: Command): Command {
  return command
    .option("--evaluators <names>", "separated by commas; see proctor evaluators", "faithfulness,safety")
    .option("--required <names>", "those that decide whether a row is kept (default: all of them)")
    .option("--out <file>", "append each finished row to this file, and go on where it ends; - is standard output")
    .option("--restart", "begin anew and throw away what --out holds")
    .option("--retry-unscored", "examine the unscored rows of --out again, after a judge was down, say")
    .option("--concurrency <number>", "rows at a time", "8")
    .option("--budget-usd <amount>", "stop asking judges when they have cost so much")
    .option("--budget-tokens <number>", "stop asking judges when they have used so many tokens")
    .option("--min-pass-rate <share>", "exit 1 when fewer of the decided rows are kept, such as 0.95 or 95%")
    .option("--max-unscored <rows>", "rows, or a share such as 2%, that may stay undecided", "0")
    .option("--canaries <file>", "labelled rows to mix in: warns when an evaluator drifts from its card")
    .option("--cache <use|bypass>", "verdicts of judges that are kept in .proctor: use them, or ask again", "use")
    .option("--judge <alias>", "ask this model wherever an evaluator asks a judge")
    .option("--gateway <url>", "ask judges and models through this gateway (default: one in this process)")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--trace", "record a span for every evaluation (default: only where judges are asked)")
    .option("--explain", "show one row in full, its claims marked in the text")
    .option("--row <number>", "line of the row that --explain shows (default: the first)")
    .option("--input <text>", "with --explain, instead of a file: what was asked")
    .option("--output <text>", "with --explain, instead of a file: the answer to examine")
    .option("--context <text...>", "with --explain, instead of a file: passages that the answer may rely on")
    .option("--generate <alias>", "answer each row by this model and evaluate the answers")
    .option("--against <alias>", "with --generate: answer by this model too, and compare")
    .option("--min-retention <share>", "with --against: exit 1 when the student surely keeps less of the pass rate")
    .option("--pair", "compare the answers a and b of each row by a judge, in both orders")
    .option("--json", "print one JSON object instead of a table")
    .option("--yes", "do not ask whether the estimated cost is all right")
    .option("--quiet", "print no progress");
}

const help = `
A row is kept when every required evaluator passes, dropped when one fails, and otherwise unscored: what could not be examined
has neither passed nor failed.

Exits 0 when every row is decided or --min-pass-rate is met, 1 when it is missed, 2 when that cannot be said (the budget is
spent, or more rows than --max-unscored are unscored), 3 when nothing could be decided, 4 when the command line, the
configuration or a file is wrong, 130 when it was interrupted; the same command then goes on where --out ends.

Examples:
  proctor evaluate rows.jsonl --evaluators faithfulness,safety --out scored.jsonl
  proctor evaluate rows.jsonl --explain --row 17
  proctor evaluate --explain --evaluators pii --output "Write to ana@example.com"
  proctor evaluate heldout.jsonl --generate student --against teacher --out compared.jsonl`;

async function runEvaluate(
  rows: string | undefined,
  options: EvaluateCommandOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const settings = settingsFrom(options);
  const setup = openEvaluation(options, context);
  try {
    checkCombination(rows, options);
    const job = { rows, options, settings, setup, context };
    if (options.explain) return await explainRow(job);
    if (options.pair) return await evaluatePairs(job);
    if (options.generate !== undefined) return await compareStudent(job);
    return await evaluateRows(job);
  } catch (error) {
    throw asCommandError(error);
  } finally {
    await setup.close();
  }
}
