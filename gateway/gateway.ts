import type { Hono } from "hono";
import { type Cache, createMemoryCache, type EvaluatorCard, type EvaluatorSet } from "../evaluators/index.ts";
import type { Tracing } from "../tracing/index.ts";
import { type Access, openAccess } from "./access/access.ts";
import { createApp } from "./app.ts";
import { createBackgroundWork } from "./background-work.ts";
import type { WrapProvider } from "./cassettes/wrap-provider.ts";
import type { GatewayConfig, ProviderConfig } from "./config.ts";
import { type AnswerStore, createMemoryAnswers } from "./exchange/answer-cache/answer-store.ts";
import type { ExchangeRecord, Said } from "./exchange/exchange-record.ts";
import { guardrailsOf } from "./guardrails/guardrail.ts";
import { createMemoryLedger, type JudgeLedger } from "./guardrails/judge-budget.ts";
import { warmUp } from "./guardrails/warm-up.ts";
import { judgeOf } from "./judges.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import type { Provider, ProviderKind } from "./providers/provider.ts";
import { providerKinds } from "./providers/registry.ts";
import { type AnswerDirectly, answerExchanges } from "./routes/exchanges.ts";
import type { Alias } from "./routing/alias.ts";
import { fallbacksOf } from "./routing/fallbacks.ts";
import { createRoutingState, routingLevels, type RoutingState } from "./routing/routing-state.ts";
import { type AliasParts, settleAlias } from "./routing/settle-alias.ts";
import type { Runtime } from "./runtime.ts";

export interface CreateGatewayOptions {
  /** Checked by `checkGatewayConfig` beforehand. */
  readonly config: GatewayConfig;
  readonly evaluators: EvaluatorSet;
  /** Stays the caller's to shut down. */
  readonly tracing: Tracing;
  /** Verdicts of the evaluators for which these speak are calibrated. */
  readonly cards?: readonly EvaluatorCard[] | undefined;
  /** Where verdicts of judges are kept; in memory when absent. Stays the caller's to close. */
  readonly cache?: Cache | undefined;
  /** Where answers of aliases with a `cache` are kept; in memory, each alias its own, when absent. */
  readonly answers?: AnswerStore | undefined;
  /** Who may call; everyone when absent. */
  readonly access?: Access | undefined;
  /** Told of every exchange when it has ended. */
  readonly onExchangeEnd?: ((record: ExchangeRecord, said: Said) => void) | undefined;
  /** Counts go on here, so that they outlive a gateway; new ones when absent. */
  readonly metrics?: Metrics | undefined;
  /** What routing remembers, so that it outlives a gateway; new when absent. */
  readonly routing?: RoutingState | undefined;
  /** What judges have taken today, so that it outlives a gateway; new when absent. */
  readonly ledger?: JudgeLedger | undefined;
  /** Stands between the gateway and every provider, such as a recorder. */
  readonly wrapProvider?: WrapProvider | undefined;
  /** Told, in one line, what a person who runs the gateway should know. */
  readonly report: (line: string) => void;
}

/** A gateway: `app` serves every request, `aliases` says which models, `judges` finds the one behind an alias. */
export interface Gateway {
  readonly app: Hono;
  /** Asked first for what comes through a port: exchanges need not go through `app`. */
  readonly answerDirectly: AnswerDirectly;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly judges: Runtime["judges"];
  /** Makes the first request as fast as the next ones. */
  warmUp(): Promise<void>;
  /** New requests are refused from now on; those under way go on. */
  refuse(): void;
  /** Ends the exchanges that are still under way, each with an error in its dialect. */
  cutOff(): void;
  /** For when no request is under way any more: resolves when background work is done or `limitMs` have passed. */
  close(limitMs?: number): Promise<void>;
}

/** Makes a gateway of a configuration. Opens no port. */
export function createGateway(options: CreateGatewayOptions): Gateway {
  const { config, evaluators, cards = [], tracing, report, cache = createMemoryCache() } = options;
  const {
    access = openAccess,
    onExchangeEnd = () => {},
    metrics = createMetrics(),
    routing = createRoutingState(),
    ledger = createMemoryLedger(),
  } = options;
  const providers = providersOf(options);
  const aliases = aliasesOf({ config, evaluators, providers, routing, answers: options.answers });
  const background = createBackgroundWork(report);
  metrics.watch(() => ({ background: background.size, ...routingLevels(routing) }));
  let closing = false;
  const judges: Runtime["judges"] = (name) => {
    const alias = aliases.get(name);
    return alias && judgeOf(alias, tracing, fallbacksOf(alias, aliases, allTargets));
  };
  const { listen } = config;
  const shared = {
    aliases,
    evaluators,
    cards,
    judges,
    ledger,
    cache,
    access,
    metrics,
    routing,
    onExchangeEnd,
    tracing,
    background,
    report,
  };
  const runtime: Runtime = { listen, hasKeys: config.keys.length > 0, ...shared, isClosing: () => closing };
  return {
    app: createApp(runtime),
    answerDirectly: answerExchanges(runtime),
    aliases,
    judges,
    warmUp: () => warmUp([...aliases.values()].flatMap(({ guardrails }) => guardrails)),
    refuse() {
      closing = true;
    },
    cutOff: () => background.cutOff(),
    async close(limitMs = 10_000) {
      closing = true;
      const left = await background.drain(limitMs);
      metrics.backgroundLost(left);
      if (left > 0) report(`${left} evaluations that only watch were still running after ${limitMs} ms and are lost.`);
      await Promise.all([...providers.values()].map((provider) => provider.close()));
    },
  };
}

const allTargets = ({ targets }: Alias) => targets;

function providersOf({ config, wrapProvider = (provider) => provider }: CreateGatewayOptions): Map<string, Provider> {
  const secrets = Object.values(config.providers).flatMap((settings) =>
    "api_key" in settings ? [settings.api_key ?? ""] : [],
  );
  return new Map(
    Object.entries(config.providers).map(([name, settings]) => [
      name,
      wrapProvider(createProvider(name, settings), secrets),
    ]),
  );
}

interface AliasSources extends AliasParts {
  readonly answers: AnswerStore | undefined;
  readonly config: GatewayConfig;
  readonly evaluators: EvaluatorSet;
}

function aliasesOf({ config, evaluators, answers, ...parts }: AliasSources): Map<string, Alias> {
  return new Map(
    Object.entries(config.models).map(([name, model]): [string, Alias] => [
      name,
      {
        ...settleAlias(model, { config, ...parts }),
        name,
        guardrails: guardrailsOf(name, config.guardrails, evaluators),
        cache: model.cache && {
          ttlMs: model.cache.ttl,
          store: answers ?? createMemoryAnswers(model.cache.max_entries),
        },
      },
    ]),
  );
}

function createProvider(name: string, options: ProviderConfig): Provider {
  const kinds: readonly ProviderKind[] = providerKinds;
  const kind = kinds.find((candidate) => candidate.kind === options.kind);
  if (!kind) throw new TypeError(`No provider kind "${options.kind}".`);
  return kind.create(name, options);
}
