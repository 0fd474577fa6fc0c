import type { Hono } from "hono";
import { type Cache, createMemoryCache, type EvaluatorCard, type EvaluatorSet } from "../evaluators/index.ts";
import type { Tracing } from "../tracing/index.ts";
import { createApp } from "./app.ts";
import { createBackgroundWork } from "./background-work.ts";
import type { GatewayConfig, ModelConfig, ProviderConfig } from "./config.ts";
import { guardrailsOf } from "./guardrails/guardrail.ts";
import { warmUp } from "./guardrails/warm-up.ts";
import { judgeOf } from "./judges.ts";
import type { Provider, ProviderKind } from "./providers/provider.ts";
import { providerKinds } from "./providers/registry.ts";
import type { Alias } from "./routing/alias.ts";
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
  /** Told, in one line, what a person who runs the gateway should know. */
  readonly report: (line: string) => void;
}

/** A gateway: `app` serves requests, `aliases` says which models, `judges` finds the one behind an alias. */
export interface Gateway {
  readonly app: Hono;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly judges: Runtime["judges"];
  /** Makes the first request as fast as the next ones. */
  warmUp(): Promise<void>;
  /** New requests are refused from now on; those under way go on. */
  refuse(): void;
  /** For when no request is under way any more: resolves when background work is done or `limitMs` have passed. */
  close(limitMs?: number): Promise<void>;
}

/** Makes a gateway of a configuration. Opens no port. */
export function createGateway(options: CreateGatewayOptions): Gateway {
  const { config, evaluators, cards = [], tracing, report, cache = createMemoryCache() } = options;
  const providers = new Map(
    Object.entries(config.providers).map(([name, settings]) => [name, createProvider(name, settings)]),
  );
  const aliases = new Map(
    Object.entries(config.models).map(([name, model]): [string, Alias] => [
      name,
      { ...settledModel(model, providers), name, guardrails: guardrailsOf(name, config.guardrails, evaluators) },
    ]),
  );
  const background = createBackgroundWork(report);
  let closing = false;
  const judges: Runtime["judges"] = (name) => {
    const alias = aliases.get(name);
    return alias && judgeOf(alias, tracing);
  };
  const { listen } = config;
  const shared = { aliases, evaluators, cards, judges, cache, tracing, background, report };
  const app = createApp({ listen, ...shared, isClosing: () => closing });
  return {
    app,
    aliases,
    judges,
    warmUp: () => warmUp([...aliases.values()].flatMap(({ guardrails }) => guardrails)),
    refuse() {
      closing = true;
    },
    async close(limitMs = 10_000) {
      closing = true;
      const left = await background.drain(limitMs);
      if (left > 0) report(`${left} evaluations that only watch were still running after ${limitMs} ms and are lost.`);
      await Promise.all([...providers.values()].map((provider) => provider.close()));
    },
  };
}

function createProvider(name: string, options: ProviderConfig): Provider {
  const kinds: readonly ProviderKind[] = providerKinds;
  const kind = kinds.find((candidate) => candidate.kind === options.kind);
  if (!kind) throw new TypeError(`No provider kind "${options.kind}".`);
  return kind.create(name, options);
}

function settledModel(
  { role, targets, retry, price }: ModelConfig,
  providers: ReadonlyMap<string, Provider>,
): Omit<Alias, "name" | "guardrails"> {
  return {
    role,
    retry: retry ?? { attempts: 1, on: [] },
    targets: targets.map((target) => {
      const provider = providers.get(target.provider);
      if (!provider) throw new TypeError(`No provider "${target.provider}".`);
      return {
        provider,
        model: target.model,
        weight: target.weight,
        price: target.price ?? price,
        label: `${target.provider}/${target.model}`,
      };
    }),
  };
}
