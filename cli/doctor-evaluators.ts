import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type EvaluatorCard, openCache } from "../evaluators/index.ts";
import { cardsIn } from "./cards.ts";
import type { LoadedConfig } from "./config.ts";
import type { Check } from "./doctor-checks.ts";

/** Where verdicts of judges are kept, and which evaluator cards speak for what is configured. */
export function checkEvaluators(loaded: LoadedConfig, workingDirectory: string): Check[] {
  return [checkCache(workingDirectory), ...checkCards(loaded, workingDirectory)];
}

function checkCache(workingDirectory: string): Check {
  const folder = resolve(workingDirectory, ".proctor");
  const problems: string[] = [];
  openCache(folder, (line) => problems.push(line)).close();
  const kept = existsSync(folder) ? join(folder, "verdicts.db") : "in memory: there is no folder .proctor here";
  return { ok: problems.length === 0, name: "verdict cache", detail: problems[0] ?? kept };
}

function checkCards({ cards, evaluators }: LoadedConfig, workingDirectory: string): Check[] {
  const unreadable: Check[] = [];
  const found = cardsIn(workingDirectory, (detail) => unreadable.push({ ok: false, name: "evaluator card", detail }));
  const versions = new Map(evaluators.names.map((name) => [evaluators.get(name).version, name]));
  const all = new Map([...cards, ...found].map((card) => [card.version, card]));
  if (all.size + unreadable.length === 0)
    return [
      { ok: true, name: "evaluator cards", detail: 'none: no result is calibrated ("proctor calibrate" makes one)' },
    ];
  return [...[...all.values()].map((card) => describeCard(card, versions.get(card.version))), ...unreadable];
}

function describeCard({ evaluator, version, engine, threshold }: EvaluatorCard, speaksFor: string | undefined): Check {
  const what = `version ${version}, ${engine}, threshold ${threshold}`;
  return {
    ok: true,
    name: `card of ${evaluator}`,
    detail:
      speaksFor === undefined
        ? `${what}: speaks for nothing that is configured. Name it under "card:", or calibrate again`
        : `${what}: speaks for ${speaksFor}`,
  };
}
