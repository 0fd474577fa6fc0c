import { z } from "zod";
import type { EvaluatorCard } from "./calibration/card.ts";
import { applyCard } from "./calibration/cards.ts";
import type { Evaluator, EvaluatorFactory } from "./define-evaluator.ts";
import { customJudge, rubricOptions } from "./judge/custom-judge.ts";
import { createEvaluatorSet, type EvaluatorSet, registry } from "./registry.ts";

/** Path of an evaluator card: its threshold and its band count. */
const card = { card: z.string().min(1).optional() };

type Entry = z.ZodObject<typeof card>;
type OwnEntry = z.ZodObject<typeof card & { kind: z.ZodLiteral<string> }>;

/** An evaluator under a name of the user's own: a rubric, or a built-in one with other options. */
const ownEvaluator = z.discriminatedUnion("kind", [rubricOptions.safeExtend(card), ...registry.map(underOwnName)]);

/** The `evaluators:` section of `proctor.yaml`: options of built-in evaluators by name, and evaluators of the user's own. */
export const evaluatorsConfig = z
  .object(Object.fromEntries(registry.map((factory) => [factory.name, entryOf(factory).optional()])))
  .catchall(ownEvaluator)
  .default({});

/**
 * Builds the set of evaluators that a configuration names, the built-in ones always among them. `readCard` reads the card at
 * a path. Throws `EvaluatorUsageError` for a name that cannot be one and for a card of another evaluator or version.
 */
export function evaluatorSetFrom(
  config: Readonly<Record<string, object | undefined>>,
  readCard: (path: string) => EvaluatorCard = refuseCard,
): EvaluatorSet {
  const builtIn = new Set(registry.map(({ name }) => name));
  const own = Object.entries(config).filter(([name]) => !builtIn.has(name));
  return createEvaluatorSet([
    ...registry.map((factory) => withCard(config[factory.name] ?? {}, (options) => factory.configure(options))),
    ...own.map(([name, entry]) => {
      const { kind, ...options } = ownEvaluator.parse(entry);
      return withCard(options, (settled) => toEvaluator(name, kind, settled));
    }),
  ]);

  function withCard(entry: object, configure: (options: object) => Evaluator): Evaluator {
    const { card: path, ...options } = z.looseObject(card).parse(entry);
    const evaluator = configure(options);
    if (path === undefined) return evaluator;
    return applyCard(evaluator, readCard(path), (fitted) => configure({ ...options, ...fitted }));
  }
}

function entryOf({ name, options }: EvaluatorFactory): Entry {
  if (options instanceof z.ZodObject) return options.safeExtend(card);
  throw new Error(`The options of the evaluator "${name}" are no object.`);
}

function underOwnName(factory: EvaluatorFactory): OwnEntry {
  return entryOf(factory).safeExtend({ kind: z.literal(factory.name) });
}

function toEvaluator(name: string, kind: string, options: object): Evaluator {
  if (kind === "rubric") return customJudge({ ...rubricOptions.parse({ kind, ...options }), name });
  const factory = registry.find((candidate) => candidate.name === kind);
  if (!factory) throw new Error(`No evaluator of the kind "${kind}".`);
  return factory.configure(options, name);
}

function refuseCard(path: string): never {
  throw new Error(`Nobody reads cards here: "${path}".`);
}
