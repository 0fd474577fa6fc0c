import { resolve } from "node:path";
import {
  type Cache,
  type EvaluatorCard,
  type EvaluatorSet,
  type Evaluator,
  EvaluatorUsageError,
  type Judge,
  judgeThrough,
  openCache,
  type Price,
} from "../evaluators/index.ts";
import { createGateway, type Gateway } from "../gateway/index.ts";
import type { Tracing } from "../tracing/index.ts";
import { cardsIn } from "./cards.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { type CommandContext, CommandError, exitCode } from "./context.ts";
import { openTracing } from "./open-tracing.ts";

export interface EvaluationSetupOptions {
  readonly config?: string | undefined;
  /** Judges and models are asked through this gateway instead of one in this process. */
  readonly gateway?: string | undefined;
  /** Alias of the judge that every evaluator asks, instead of the one that it names. */
  readonly judge?: string | undefined;
  readonly cache?: string | undefined;
}

/** Everything that an evaluation from the command line needs. */
export interface EvaluationSetup {
  readonly loaded: LoadedConfig;
  readonly evaluators: EvaluatorSet;
  readonly judges: (alias: string) => Judge | undefined;
  readonly cache: Cache | "bypass";
  readonly cards: readonly EvaluatorCard[];
  readonly tracing: Tracing;
  /** Answers models in this process, with no guardrails; undefined when a gateway was named. */
  readonly gateway: Gateway | undefined;
  /** Undefined when nobody knows it. */
  priceOf(alias: string): Price | undefined;
  close(): Promise<void>;
}

/** Opens configuration, judges, verdict cache and span store. Throws `CommandError` with one sentence. */
export function openEvaluation(options: EvaluationSetupOptions, context: CommandContext): EvaluationSetup {
  const { workingDirectory, environment } = context;
  const loaded = loadConfig({ path: options.config, workingDirectory, environment });
  const report = (line: string): void => context.err(line);
  const cards = [...loaded.cards, ...cardsIn(workingDirectory, report)];
  const tracing = openTracing(loaded, context, { isolated: true });
  const cache = openCache(resolve(workingDirectory, folder), report);
  // What is examined here anyway must not be withheld before.
  const config = { ...loaded.config, guardrails: [] };
  const gateway = createGateway({ config, evaluators: loaded.evaluators, cards, tracing, cache, report });
  const alias = (named: string): string => options.judge ?? named;
  checkAlias(options, gateway);
  return {
    loaded,
    evaluators: loaded.evaluators,
    cards,
    tracing,
    gateway: options.gateway === undefined ? gateway : undefined,
    cache: options.cache === "bypass" ? "bypass" : cache,
    judges:
      options.gateway === undefined ? (named) => gateway.judges(alias(named)) : remoteJudges(options, environment),
    priceOf: (named) => (options.gateway === undefined ? priceIn(gateway, alias(named)) : undefined),
    async close() {
      await gateway.close();
      cache.close();
      await tracing.shutdown();
    },
  };
}

/** Names of evaluators as evaluators. Throws `CommandError` for one that does not exist. */
export function evaluatorsNamed({ evaluators }: EvaluationSetup, names: readonly string[]): readonly Evaluator[] {
  try {
    return names.map((name) => evaluators.get(name));
  } catch (error) {
    throw asCommandError(error);
  }
}

/** A mistake of the user as a sentence with the exit code for it. */
export function asCommandError(error: unknown): unknown {
  if (!(error instanceof EvaluatorUsageError)) return error;
  const message = error.message.replace("begin anew with restart", "begin anew with --restart");
  return new CommandError(exitCode.usage, message, { cause: error });
}

const folder = ".proctor";

function remoteJudges(
  { gateway = "", judge }: EvaluationSetupOptions,
  environment: CommandContext["environment"],
): (alias: string) => Judge {
  const judges = new Map<string, Judge>();
  return (named) => {
    const alias = judge ?? named;
    const found = judges.get(alias) ?? judgeThrough(gateway, alias, { apiKey: environment["PROCTOR_API_KEY"] });
    judges.set(alias, found);
    return found;
  };
}

function checkAlias({ judge, gateway: url }: EvaluationSetupOptions, gateway: Gateway): void {
  if (url !== undefined && !URL.canParse(url)) {
    throw new CommandError(exitCode.usage, `--gateway takes a URL such as http://localhost:4141, not "${url}".`);
  }
  if (judge === undefined || url !== undefined || gateway.aliases.has(judge)) return;
  const known = [...gateway.aliases.keys()].join(", ");
  throw new CommandError(exitCode.usage, `No model "${judge}" to be the judge. Known: ${known}.`);
}

/** The dearest target of the alias, since nobody knows which one will be asked. */
function priceIn({ aliases }: Gateway, alias: string): Price | undefined {
  const targets = aliases.get(alias)?.targets ?? [];
  const prices = targets.map(({ price }) => price).filter((price) => price !== undefined);
  if (targets.length === 0 || prices.length < targets.length) return undefined;
  return {
    input: Math.max(...prices.map(({ input }) => input)),
    output: Math.max(...prices.map(({ output }) => output)),
  };
}
