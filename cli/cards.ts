import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type EvaluatorCard, parseCard } from "../evaluators/index.ts";

/** The card at a path, which a message calls `name`. Throws `EvaluatorUsageError` when there is none or it is not one. */
export function readCard(path: string, name = path): EvaluatorCard {
  return parseCard(readFileSync(path, "utf8"), name);
}

/**
 * The cards in `.proctor/cards`. One that cannot be read is said and left out: without it results are right, but not
 * calibrated.
 */
export function cardsIn(workingDirectory: string, report: (line: string) => void): readonly EvaluatorCard[] {
  const cards = join(".proctor", "cards");
  const folder = resolve(workingDirectory, cards);
  if (!existsSync(folder)) return [];
  return globSync("*.json", { cwd: folder }).flatMap((name) => {
    try {
      return [readCard(join(folder, name), join(cards, name))];
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}
