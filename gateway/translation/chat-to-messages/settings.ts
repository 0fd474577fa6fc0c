import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import type { TranslationOptions } from "../translation.ts";
import { type Drop, refusal } from "../notes.ts";

/** Everything in a request but the conversation, the tools and the shape of the answer. */
export function toSettings(body: JsonObject, { maxTokens }: TranslationOptions, drop: Drop): JsonObject {
  refuseWhatChangesTheAnswer(body);
  dropWhatHasNoEquivalent(body, drop);
  return {
    max_tokens: body["max_completion_tokens"] ?? body["max_tokens"] ?? maxTokens + thinkingBudget(body),
    ...(body["stream"] === true ? { stream: true } : {}),
    ...sampling(body, drop),
    ...kept(body, ["top_k", "cache_control"]),
    ...stopSequences(body["stop"]),
    ...userMetadata(body, drop),
    ...serviceTier(body["service_tier"], drop),
  };
}

/** Thinking counts as output and must be less than its limit. */
function thinkingBudget({ thinking }: JsonObject): number {
  return numberOf(objectOf(thinking)["budget_tokens"]) ?? 0;
}

/** What a client can rely on only if it is done: leaving it out would answer another question. */
function refuseWhatChangesTheAnswer({ n, modalities, web_search_options, moderation }: JsonObject): void {
  if (typeof n === "number" && n !== 1) {
    throw refusal(
      "n",
      `The request asks for ${n} choices, and the model's provider gives one.`,
      "Send it once for each choice.",
    );
  }
  if (arrayOf(modalities).some((modality) => modality !== "text")) {
    throw refusal("modalities", "The request asks for more than text.", "The model's provider answers in text only.");
  }
  if (isJsonObject(web_search_options)) {
    throw refusal(
      "web_search_options",
      "The request asks the model to search the web, which is not translated.",
      "Offer a search tool of your own, or ask a model that speaks chat completions.",
    );
  }
  if (isJsonObject(moderation)) {
    throw refusal(
      "moderation",
      "The request asks for moderation, which the model's provider does not do.",
      "Leave it out and guard the model's answers with an evaluator.",
    );
  }
}

/** Members that are read somewhere, or that say nothing of their own. */
const read = new Set([
  "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k",
  "cache_control", "stop", "user", "safety_identifier", "metadata", "service_tier", "n", "modalities", "tools", "tool_choice",
  "parallel_tool_calls", "functions", "function_call", "response_format", "reasoning_effort", "thinking",
]); // prettier-ignore

/** Values that come to the same as leaving the member out. */
const idle = new Map<string, readonly unknown[]>([
  ["frequency_penalty", [0]],
  ["presence_penalty", [0]],
  ["logprobs", [false]],
  ["top_logprobs", [0]],
  ["store", [false]],
]);

function dropWhatHasNoEquivalent(body: JsonObject, drop: Drop): void {
  for (const [name, value] of Object.entries(body)) {
    const isEmpty = value === undefined || value === null || (isJsonObject(value) && Object.keys(value).length === 0);
    if (!isEmpty && !read.has(name) && !(idle.get(name)?.includes(value) ?? false)) drop(name);
  }
}

/**
 * The scales of temperature begin alike and end at 1 instead of 2: what is above becomes the highest there is. Many models
 * refuse both settings together, so that a `top_p` that cuts nothing off is left out beside a temperature.
 */
function sampling({ temperature, top_p }: JsonObject, drop: Drop): JsonObject {
  const isTooHigh = typeof temperature === "number" && temperature > 1;
  const isIdle = top_p === 1 && (temperature ?? null) !== null;
  if (isTooHigh) drop("temperature");
  if (isIdle) drop("top_p");
  return kept({ temperature: isTooHigh ? 1 : temperature, top_p: isIdle ? null : top_p }, ["temperature", "top_p"]);
}

function kept(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => (body[name] ?? null) !== null).map((name) => [name, body[name]]));
}

function stopSequences(given: unknown): JsonObject {
  const sequences = (typeof given === "string" ? [given] : arrayOf(given)).filter((sequence) => sequence !== "");
  if (sequences.length === 0) return {};
  if (sequences.some((sequence) => stringOf(sequence).trim() === "")) {
    throw refusal(
      "stop",
      `"stop" holds ${JSON.stringify(sequences).slice(0, 80)}, and the model's provider does not stop at white space alone.`,
      "Add a character that is none.",
    );
  }
  return { stop_sequences: sequences };
}

function userMetadata({ safety_identifier, user, metadata }: JsonObject, drop: Drop): JsonObject {
  const { user_id, ...others } = objectOf(metadata);
  if (Object.keys(others).length > 0) drop("metadata");
  const known = stringOf(safety_identifier) || stringOf(user) || stringOf(user_id);
  return known === "" ? {} : { metadata: { user_id: known } };
}

const serviceTiers = new Map([
  ["auto", "auto"],
  ["priority", "auto"],
  ["fast", "auto"],
  ["default", "standard_only"],
]);

function serviceTier(given: unknown, drop: Drop): JsonObject {
  const tier = serviceTiers.get(stringOf(given));
  if (tier !== undefined) return { service_tier: tier };
  if (given !== undefined && given !== null) drop("service_tier");
  return {};
}
