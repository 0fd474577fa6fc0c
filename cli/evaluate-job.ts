import type { CommandContext } from "./context.ts";
import type { EvaluateCommandOptions, EvaluateSettings } from "./evaluate-options.ts";
import type { EvaluationSetup } from "./evaluation-setup.ts";

/** What every way to evaluate is handed. */
export interface EvaluateJob {
  /** The file, `-`, or undefined where the flags give the row. */
  readonly rows: string | undefined;
  readonly options: EvaluateCommandOptions;
  readonly settings: EvaluateSettings;
  readonly setup: EvaluationSetup;
  readonly context: CommandContext;
}
