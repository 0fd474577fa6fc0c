import {
  EvaluatorError,
  type Judge,
  type JudgeReply,
  type JudgeRequest,
  type OptionalFeature,
  refusedFeature,
  repeatsAKey,
  type TokenProbability,
  wishesOf,
} from "../evaluators/index.ts";
import { attribute, type Tracing } from "../tracing/index.ts";
import { GatewayError } from "./errors.ts";
import { type Alias, costOf, type Target } from "./routing/alias.ts";
import { recordReply } from "./routing/generation-span.ts";
import { generate } from "./routing/generate.ts";
import type { Fallback, Generation } from "./routing/generation.ts";
import { readWhole } from "./routing/read-whole.ts";
import { noWaiting } from "./routing/waiting.ts";
import { nativeCall } from "./translation/outgoing-call.ts";
import { createCollector } from "./wires/collect.ts";
import { type JsonObject, parseObject } from "./wires/json.ts";
import { wires } from "./wires/registry.ts";
import type { ReplyParts, Wire } from "./wires/wire.ts";

/**
 * What targets have refused, so that it is asked of them once and not with every question. Only what made them answer is
 * remembered: an error that merely repeats the question names all of its parts.
 */
const refusedBy = new WeakMap<Target, ReadonlySet<OptionalFeature>>();

/** What targets have refused of one question. */
type Refusals = Map<Target, ReadonlySet<OptionalFeature>>;

/**
 * A judge that asks an alias by way of the gateway's own router: its retries, its time limits, its prices, and a span
 * `chat <alias>` with the role `judge`. Asks for the answer's schema and for token probabilities, and does without what a
 * target refuses. A judge call is never itself guarded.
 */
export function judgeOf(alias: Alias, tracing: Tracing, fallbacks: readonly Fallback[] = []): Judge {
  async function judge(request: JudgeRequest): Promise<JudgeReply> {
    const refusals: Refusals = new Map();
    try {
      for (;;) {
        const { generation, wished } = await ask({ alias, tracing, fallbacks }, request, refusals);
        const { target } = generation;
        const reply = await readJudgeReply(generation, wished);
        const refused = refusedOf(target, refusals);
        if ("refused" in reply) {
          refusals.set(target, new Set([...refused, reply.refused]));
          continue;
        }
        refusedBy.set(target, refused);
        const { parts, logprobs } = reply;
        return {
          text: decisionOf(parts, target.provider.name),
          model: parts.model ?? target.model,
          usage: parts.usage,
          costUsd: costOf(target, parts.usage),
          ...(logprobs ? { logprobs } : {}),
        };
      }
    } catch (thrown) {
      throw asEvaluatorError(thrown, alias.name, request.signal);
    }
  }
  return Object.assign(judge, { identity: identityOf(alias, fallbacks) });
}

/** The alias with all that may answer for it: a verdict is kept only for as long as that is the same. */
function identityOf({ name, targets }: Alias, fallbacks: readonly Fallback[]): string {
  const answering = [...targets, ...fallbacks.flatMap((fallback) => fallback.targets)].map(
    ({ label, provider, weight }) => `${label} at ${provider.url} (${weight})`,
  );
  return `${name}: ${answering.toSorted().join(", ")}; temperature 0`;
}

function refusedOf(target: Target, refusals: Refusals): ReadonlySet<OptionalFeature> {
  return new Set([...(refusedBy.get(target) ?? []), ...(refusals.get(target) ?? [])]);
}

/** Finish reasons of an answer that a model meant to end there. */
const clean = new Set(["stop", "end_turn", "stop_sequence", "completed"]);

/** The text of the first choice, if the judge said it and finished it: a cut-off, filtered or refused answer decides nothing. */
function decisionOf({ choices, finishReasons }: ReplyParts, provider: string): string {
  const [reason = "none"] = finishReasons;
  if (clean.has(reason)) return choices[0] ?? "";
  throw new GatewayError(
    "provider_failed",
    `The judge's provider "${provider}" did not finish its answer (finish reason: ${reason}).`,
  );
}

interface Asked {
  readonly alias: Alias;
  readonly tracing: Tracing;
  readonly fallbacks: readonly Fallback[];
}

async function ask(
  { alias, tracing, fallbacks }: Asked,
  request: JudgeRequest,
  refusals: Refusals,
): Promise<{ readonly generation: Generation; readonly wished: Wishes }> {
  const { messages, maxTokens, signal, parent, evaluator, temperature = 0 } = request;
  const wire = wireOf(alias.targets[0]);
  const targets = alias.targets.filter((target) => wireOf(target) === wire);
  let wished: Wishes = {};
  const generation = await generate({
    tracing,
    alias,
    targets,
    fallbacks,
    role: "judge",
    stream: false,
    callFor(target) {
      wished = wishesOf(request, refusedOf(target, refusals));
      const spoken = wireOf(target);
      return nativeCall(
        spoken.name,
        JSON.stringify(spoken.prompt({ model: target.model, messages, maxTokens, ...wished })),
      );
    },
    headers: {},
    messages: messages.map(({ role, content }) => ({ role, text: content })),
    tools: [],
    parameters: { temperature, max_tokens: maxTokens },
    signal,
    parent,
    attributes: { [attribute.evalName]: evaluator },
    waiting: noWaiting(),
  });
  return { generation, wished };
}

type Wishes = ReturnType<typeof wishesOf>;

/** The wire on which a target is asked: the first that its provider speaks. An alias that mixes wires is asked on its first target's. */
function wireOf(target: Target | undefined): Wire {
  const wire = Object.values(wires).find(({ name }) => target?.provider.endpoints.includes(name));
  if (!wire) throw new GatewayError("internal", "A provider speaks at least one wire.");
  return wire;
}

interface ReadReply {
  readonly parts: ReplyParts;
  readonly logprobs: readonly TokenProbability[] | undefined;
}

/** What the judge said, or what its target refused, to be asked again without it. */
async function readJudgeReply(
  { span, target, reply, timeToFirstByteMs }: Generation,
  wished: Wishes,
): Promise<ReadReply | { readonly refused: OptionalFeature }> {
  const { name } = target.provider;
  try {
    const text = (await readWhole(reply.body, name)).toString("utf8");
    // Also what cannot be read is kept: a broken judge is mended by looking at what it said.
    span.setBody(attribute.outputValue, text);
    const feature = refusedFeature(reply.status, text, wished);
    if (feature) {
      span.fail("feature_refused", `Provider "${name}" does not know the ${feature} of a question; asking without it.`);
      return { refused: feature };
    }
    if (reply.status < 200 || reply.status > 299) {
      throw new GatewayError("provider_failed", `The judge's provider "${name}" answered ${reply.status}.`, {
        status: reply.status,
      });
    }
    const wire = wireOf(target);
    const body = bodyOf(text, name);
    const parts = partsOf(body, wire);
    recordReply(span, target, parts, timeToFirstByteMs);
    return { parts, logprobs: wire.readLogprobs?.(body) };
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    span.fail(error.code, error.message);
    throw error;
  } finally {
    span.end();
  }
}

function bodyOf(text: string, provider: string): JsonObject {
  const body = parseObject(text);
  const isError = (body?.["error"] ?? null) !== null;
  if (body && !isError && !repeatsAKey(text)) return body;
  const what = !body ? "with a body that is not a JSON object" : isError ? "with an error" : "with a key twice";
  throw new GatewayError("provider_failed", `The judge's provider "${provider}" answered ${what}.`);
}

function partsOf(body: JsonObject, wire: Wire): ReplyParts {
  const collector = createCollector();
  // What a judge thinks, refuses or says in a second choice is no verdict.
  collector.add(
    wire.readReply(body).filter((delta) => !("choice" in delta) || (delta.choice === 0 && spoken.has(delta.type))),
  );
  return collector.parts();
}

const spoken: ReadonlySet<string> = new Set(["text-delta", "finish"]);

function asEvaluatorError(thrown: unknown, alias: string, signal: AbortSignal): EvaluatorError {
  if (thrown instanceof EvaluatorError) return thrown;
  if (signal.aborted && signal.reason instanceof EvaluatorError) return signal.reason;
  const { code, message, status } = GatewayError.from(thrown);
  if (code === "provider_timeout")
    return new EvaluatorError("timeout", `The judge "${alias}" gave no answer in time.`, {
      retryable: true,
      cause: thrown,
    });
  if (code === "client_closed")
    return new EvaluatorError("cancelled", "The evaluation was cancelled.", { cause: thrown });
  return new EvaluatorError("judge_failed", `The judge "${alias}" could not be asked: ${message}`, {
    retryable: status === 429 || status >= 500,
    cause: thrown,
  });
}
