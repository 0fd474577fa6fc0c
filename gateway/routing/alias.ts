import type { Usage } from "../../evaluators/index.ts";
import type { ModelConfig } from "../config.ts";
import type { AnswerStore } from "../exchange/answer-cache/answer-store.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import type { Price } from "../providers/prices.ts";
import type { Provider } from "../providers/provider.ts";
import type { ReplyUsage } from "../wires/wire.ts";
import type { CallQueue } from "./call-queue.ts";
import type { Breaker } from "./routing-state.ts";
import { stickyTarget } from "./sticky.ts";

/** A provider with that provider's model name. */
export interface Target {
  readonly provider: Provider;
  readonly model: string;
  readonly weight: number;
  /** USD per million tokens; undefined when nobody said and no list does. */
  readonly price: Price | undefined;
  /** Who said the price. */
  readonly priceFrom?: PriceSource | undefined;
  /** Most tokens of an answer where the client sets no limit and the target's dialect demands one. */
  readonly maxTokens: number | undefined;
  /** Members that are left out of requests to it, because its model refuses them. */
  readonly omit?: readonly string[] | undefined;
  /** `provider/model`, as headers and spans show it. */
  readonly label: string;
  /** Leaves the target alone for a while when it fails; undefined where that is switched off. */
  readonly breaker?: Breaker | undefined;
  /** Undefined where the provider takes any number of calls at once. */
  readonly queue?: CallQueue | undefined;
  /** True when the provider is told the trace that a call belongs to. */
  readonly propagates?: boolean | undefined;
}

/** The configuration of the target or of its alias, or the list that comes with Proctor. */
export type PriceSource = "target" | "alias" | "list";

/** A model name that clients may ask for. */
export interface Alias {
  readonly name: string;
  readonly role: ModelConfig["role"];
  readonly targets: readonly Target[];
  readonly retry: { readonly attempts: number; readonly on: readonly (string | number)[] };
  /** What keeps its target for as long as that is there: requests of the same `x-proctor-session`. */
  readonly sticky?: "session" | undefined;
  /** Aliases that are asked in this order when every try has failed. */
  readonly fallback?: readonly string[] | undefined;
  /** The alias that gets a copy of this share of the requests. */
  readonly shadow?: { readonly model: string; readonly sample: number } | undefined;
  readonly guardrails: readonly Guardrail[];
  /** Where answers are kept, and how long; undefined where every request is generated anew. */
  readonly cache?: { readonly ttlMs: number; readonly store: AnswerStore } | undefined;
}

/** Chooses for an alias: by session where it is sticky and the request has one, by weight otherwise. */
export function targetFor(
  { sticky }: Pick<Alias, "sticky">,
  targets: readonly Target[],
  session: string | undefined,
): Target {
  return sticky === "session" && session !== undefined && session !== ""
    ? stickyTarget(targets, session)
    : chooseTarget(targets);
}

/** Chooses by weight. `random` is between 0 (included) and 1 (excluded). */
export function chooseTarget(targets: readonly Target[], random = Math.random()): Target {
  let left = random * targets.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = targets.find(({ weight }) => (left -= weight) < 0) ?? targets.at(-1);
  if (!chosen) throw new RangeError("An alias has at least one target.");
  return chosen;
}

/** USD; null when the price or the usage is not known. */
export function costOf({ price }: Pick<Target, "price">, usage: Usage | ReplyUsage | null): number | null {
  const parts = costPartsOf({ price }, usage);
  return parts && parts.prompt + parts.completion;
}

/** The same for prompt and answer apart. */
export function costPartsOf(
  { price }: Pick<Target, "price">,
  usage: Usage | ReplyUsage | null,
): { readonly prompt: number; readonly completion: number } | null {
  if (!price || !usage) return null;
  const {
    inputTokens,
    outputTokens,
    cacheReadTokens = 0,
    cacheWriteTokens = 0,
    longCacheWriteTokens = 0,
  }: ReplyUsage = usage;
  const { input, output, cache_read = input, cache_write = input, cache_write_long = cache_write, long } = price;
  const written = Math.max(cacheWriteTokens, longCacheWriteTokens);
  // No more can have come from the cache than was sent, whatever a server says.
  const read = Math.min(cacheReadTokens, inputTokens);
  const fresh = Math.max(0, inputTokens - read - written);
  const prompt =
    fresh * input +
    read * cache_read +
    (written - longCacheWriteTokens) * cache_write +
    longCacheWriteTokens * cache_write_long;
  const isLong = long !== undefined && inputTokens > long.above;
  return {
    prompt: (prompt * (isLong ? long.input : 1)) / 1_000_000,
    completion: (outputTokens * output * (isLong ? long.output : 1)) / 1_000_000,
  };
}
