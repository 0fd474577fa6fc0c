import { type EvaluateCommandOptions, usage } from "./evaluate-options.ts";

type Mistake = readonly [isMistake: boolean, sentence: string];

/** Throws `CommandError` for options that do not go together: an option that would do nothing is never ignored. */
export function checkCombination(rows: string | undefined, options: EvaluateCommandOptions): void {
  const mistakes = [...mistakesInRows(rows, options), ...mistakesInMode(options), ...mistakesInFile(options)];
  const mistake = mistakes.find(([isMistake]) => isMistake);
  if (mistake) throw usage(mistake[1]);
}

function mistakesInRows(
  rows: string | undefined,
  { explain = false, row, input, output, context }: EvaluateCommandOptions,
): readonly Mistake[] {
  const inFlags = [input, output, context].some((flag) => flag !== undefined);
  return [
    [inFlags && !explain, "--input, --output and --context give one row: use them with --explain."],
    [inFlags && rows !== undefined, "A row comes from a file or from flags. Give one of them."],
    [rows === undefined && !inFlags, "Name a file of rows, or - for standard input: proctor evaluate rows.jsonl"],
    [row !== undefined && !explain, "--row names the row that --explain shows. Add --explain."],
  ];
}

function mistakesInMode(options: EvaluateCommandOptions): readonly Mistake[] {
  const { explain = false, pair = false, generate, against, canaries, minPassRate, minRetention } = options;
  const modes = [explain, pair, generate !== undefined].filter(Boolean).length;
  const onlyForRows = [canaries, minPassRate].some((flag) => flag !== undefined);
  return [
    [against !== undefined && generate === undefined, "--against needs --generate: the model to compare."],
    [modes > 1, "--explain, --pair and --generate are three different things to do. Use one."],
    [
      minRetention !== undefined && against === undefined,
      "--min-retention needs --against: the model to compare with.",
    ],
    [modes > 0 && onlyForRows, "--min-pass-rate and --canaries do not go with --explain, --pair and --generate."],
  ];
}

function mistakesInFile({ out, explain, restart, retryUnscored }: EvaluateCommandOptions): readonly Mistake[] {
  const hasFile = out !== undefined && out !== "-";
  const retry = retryUnscored ?? false;
  return [
    [(restart ?? false) && !hasFile, "--restart begins a file anew: name it with --out."],
    [retry && !hasFile, "--retry-unscored examines rows of a file again: name it with --out."],
    [retry && (restart ?? false), "--restart does the unscored rows again too. Leave --retry-unscored out."],
    [(explain ?? false) && out !== undefined, "--explain shows one row and writes none. Leave --out out."],
  ];
}
