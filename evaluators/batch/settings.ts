import type { Evaluator } from "../define-evaluator.ts";
import { type EvaluateOptions, judgeIdentity } from "../evaluate.ts";
import type { JournalSettings } from "./journal-lines.ts";

/** What must be the same for rows of one file to belong together: the evaluators' versions, and the judges where they are known. */
export function settingsOf(evaluators: readonly Evaluator[], options: EvaluateOptions = {}): JournalSettings {
  return Object.fromEntries(
    evaluators.map((evaluator) => {
      const identity = judgeIdentity(evaluator, options);
      return [evaluator.name, identity === undefined ? evaluator.version : `${evaluator.version} by ${identity}`];
    }),
  );
}
