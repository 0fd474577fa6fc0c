import type { Target } from "../routing/alias.ts";
import type { Call } from "./access.ts";

/** What a call may use at most, as far as it can be told before it is made. */
export interface Reservation {
  readonly tokens: number;
  /** USD; what has no price costs nothing here. */
  readonly usd: number;
}

/** Output tokens that are reserved for a request that sets no limit of its own. */
export const unlimitedOutputTokens = 4096;

/** UTF-8 bytes to a token: on the safe side for most languages. */
const bytesPerToken = 3;

/** Tokens of the request by its size, output tokens by its own limit, and both at the price of the dearest target. */
export function reservationFor({ alias, parts, bytes }: Call): Reservation {
  if (!alias) return { tokens: 0, usd: 0 };
  const input = Math.ceil(sizeOf(parts, bytes) / bytesPerToken);
  const output = outputTokens(parts?.parameters ?? {}, alias.targets);
  const usd = Math.max(...alias.targets.map(({ price }) => (price ? dearest(price, input, output) : 0)), 0);
  return { tokens: input + output, usd };
}

/** Texts and tools where they are known: the bytes of a picture say nothing of its tokens. */
function sizeOf(parts: Call["parts"], bytes: number): number {
  if (!parts?.messages?.length) return bytes;
  const texts = parts.messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return texts + Buffer.byteLength(JSON.stringify(parts.tools ?? []));
}

function outputTokens(parameters: Readonly<Record<string, unknown>>, targets: readonly Target[]): number {
  const limits = ["max_tokens", "max_completion_tokens", "max_output_tokens"].map((name) => parameters[name]);
  const given = limits.filter(isCount);
  const choices = isCount(parameters["n"]) ? Math.max(1, parameters["n"]) : 1;
  const standard = Math.max(...targets.map(({ maxTokens }) => maxTokens ?? 0)) || unlimitedOutputTokens;
  return Math.ceil((given.length > 0 ? Math.max(...given) : standard) * choices);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function dearest(price: NonNullable<Target["price"]>, input: number, output: number): number {
  const { input: perInput, output: perOutput } = price;
  // Writing to a vendor's cache is dearer than reading a prompt.
  const written = "cache_write" in price && typeof price.cache_write === "number" ? price.cache_write : 0;
  return (input * Math.max(perInput, written) + output * perOutput) / 1_000_000;
}
