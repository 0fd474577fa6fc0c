import type { GatewayConfig, ModelConfig } from "../config.ts";
import { unknownName } from "../unknown-name.ts";
import { fallbackNames } from "./fallbacks.ts";

interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Models = Pick<GatewayConfig, "models" | "providers">;

/** Mistakes in whom aliases send the caller's key, and in what they fall back to and are shadowed by. */
export function checkRouting(config: Models): Mistake[] {
  return Object.keys(config.models).flatMap((alias) => [
    ...checkTargetsKeys(alias, config),
    ...checkFallback(alias, config),
    ...checkShadow(alias, config),
  ]);
}

/** What an alias names as its fallback, in order; an unknown alias has none. */
function fallbackOf(models: GatewayConfig["models"], alias: string): readonly string[] {
  const { fallback = [] }: Pick<ModelConfig, "fallback"> = models[alias] ?? {};
  return typeof fallback === "string" ? [fallback] : fallback;
}

/** Everything that may answer for an alias: itself and what it falls back to. */
export function answeringFor(models: GatewayConfig["models"], alias: string): string[] {
  return [alias, ...fallbackNames(alias, (name) => fallbackOf(models, name))];
}

function checkFallback(alias: string, config: Models): Mistake[] {
  const { models } = config;
  const path = ["models", alias, "fallback"];
  const named = fallbackOf(models, alias);
  const unknown = named.filter((name) => !Object.hasOwn(models, name));
  if (unknown.length > 0)
    return unknown.map((name) => ({ path, message: unknownName("model", name, Object.keys(models)) }));
  const back = named.find((name) => name === alias || answeringFor(models, name).includes(alias));
  if (back === undefined) return checkKeysOnTheWay(alias, config).map((message) => ({ path, message }));
  const round = back === alias ? "itself" : `"${back}", which leads back to "${alias}"`;
  return [
    { path, message: `"${alias}" falls back to ${round}. A fallback is another alias, and the last one has none.` },
  ];
}

/** A caller's key for one vendor would reach the other by chance, or with the next try. */
function checkTargetsKeys(alias: string, { models, providers }: Models): Mistake[] {
  const [first, ...others] = callersKeyGoesTo(models[alias], providers);
  const kindOf = (name = "") => providers[name]?.kind;
  const other = others.find((name) => kindOf(name) !== kindOf(first));
  if (other === undefined) return [];
  const message = `"${alias}" sends the caller's own key (pass_through_auth) to "${first}" and to "${other}", which are of different kinds, so that a key for one reaches the other. Give one of them an api_key, or make two aliases.`;
  return [{ path: ["models", alias, "targets"], message }];
}

/** A caller's key is for the provider that it was made for. */
function checkKeysOnTheWay(alias: string, { models, providers }: Models): string[] {
  const own = new Set(models[alias]?.targets.map(({ provider }) => provider));
  const [, ...standIns] = answeringFor(models, alias);
  return standIns.flatMap((name) =>
    callersKeyGoesTo(models[name], providers)
      .filter((provider) => !own.has(provider))
      .map(
        (provider) =>
          `"${alias}" falls back to "${name}", whose provider "${provider}" gets the caller's own key (pass_through_auth), which was sent for another. Give that provider an api_key.`,
      ),
  );
}

function callersKeyGoesTo(model: ModelConfig | undefined, providers: Models["providers"]): string[] {
  return (model?.targets ?? []).flatMap(({ provider }) => {
    const settings = providers[provider];
    return settings && "pass_through_auth" in settings && settings.pass_through_auth ? [provider] : [];
  });
}

function checkShadow(alias: string, { models, providers }: Models): Mistake[] {
  const { shadow } = models[alias] ?? {};
  if (!shadow) return [];
  const path = ["models", alias, "shadow", "model"];
  const candidate = models[shadow.model];
  if (!candidate) return [{ path, message: unknownName("model", shadow.model, Object.keys(models)) }];
  if (shadow.model === alias) return [{ path, message: `"${alias}" is shadowed by itself. Name another alias.` }];
  return callersKeyGoesTo(candidate, providers).map((provider) => ({
    path,
    message: `"${shadow.model}" calls the provider "${provider}" with the caller's own key (pass_through_auth), which a copy of a request never carries. Give that provider an api_key, or name another alias.`,
  }));
}
