import { EvaluatorError, type Judge, type JudgeReply, type JudgeRequest, repeatsAKey } from "../evaluators/index.ts";
import { attribute, type Tracing } from "../tracing/index.ts";
import { GatewayError } from "./errors.ts";
import { type Alias, costOf, type Target } from "./routing/alias.ts";
import { recordReply } from "./routing/generation-span.ts";
import { type Generation, generate, readWhole } from "./routing/generate.ts";
import { createCollector } from "./wires/collect.ts";
import { parseObject } from "./wires/json.ts";
import { wires } from "./wires/registry.ts";
import type { ReplyParts, Wire } from "./wires/wire.ts";

/**
 * A judge that asks an alias by way of the gateway's own router: its retries, its time limits, its prices, and a span
 * `chat <alias>` with the role `judge`. A judge call is never itself guarded.
 */
export function judgeOf(alias: Alias, tracing: Tracing): Judge {
  return async function judge(request: JudgeRequest): Promise<JudgeReply> {
    try {
      const generation = await ask(alias, tracing, request);
      const reply = await readJudgeReply(generation);
      const { target } = generation;
      return {
        text: decisionOf(reply, target.provider.name),
        model: reply.model ?? target.model,
        usage: reply.usage,
        costUsd: costOf(target, reply.usage),
      };
    } catch (thrown) {
      throw asEvaluatorError(thrown, alias.name, request.signal);
    }
  };
}

/** Finish reasons of an answer that a model meant to end there. */
const clean = new Set(["stop", "end_turn", "stop_sequence"]);

/** The text of the first choice, if the judge said it and finished it: a cut-off, filtered or refused answer decides nothing. */
function decisionOf({ choices, finishReasons }: ReplyParts, provider: string): string {
  const [reason = "none"] = finishReasons;
  if (clean.has(reason)) return choices[0] ?? "";
  throw new GatewayError(
    "provider_failed",
    `The judge's provider "${provider}" did not finish its answer (finish reason: ${reason}).`,
  );
}

async function ask(
  alias: Alias,
  tracing: Tracing,
  { messages, maxTokens, signal, parent, evaluator }: JudgeRequest,
): Promise<Generation> {
  const wire = wireOf(alias.targets[0]);
  const targets = alias.targets.filter(({ provider }) => provider.wires[0] === wire.name);
  return generate({
    tracing,
    alias,
    targets,
    wire,
    role: "judge",
    stream: false,
    bodyFor: ({ model }) => JSON.stringify(wire.prompt({ model, messages, maxTokens })),
    headers: {},
    messages: messages.map(({ role, content }) => ({ role, text: content })),
    tools: [],
    parameters: { temperature: 0, max_tokens: maxTokens },
    signal,
    parent,
    attributes: { [attribute.evalName]: evaluator },
    waiting: { upstreamMs: 0, judgeMs: 0 },
  });
}

/** The wire on which a target is asked: its provider's first. An alias that mixes wires is asked on its first target's. */
function wireOf(target: Target | undefined): Wire {
  const name = target?.provider.wires[0];
  if (!name) throw new GatewayError("internal", "A provider speaks at least one wire.");
  return wires[name];
}

async function readJudgeReply({ span, target, reply, timeToFirstByteMs }: Generation): Promise<ReplyParts> {
  try {
    const text = (await readWhole(reply.body, target.provider.name)).toString("utf8");
    // Also what cannot be read is kept: a broken judge is mended by looking at what it said.
    span.setBody(attribute.outputValue, text);
    if (reply.status < 200 || reply.status > 299) {
      throw new GatewayError(
        "provider_failed",
        `The judge's provider "${target.provider.name}" answered ${reply.status}.`,
        { status: reply.status },
      );
    }
    const parts = partsOf(text, wireOf(target), target.provider.name);
    recordReply(span, target, parts, timeToFirstByteMs);
    return parts;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    span.fail(error.code, error.message);
    throw error;
  } finally {
    span.end();
  }
}

function partsOf(text: string, wire: Wire, provider: string): ReplyParts {
  const body = parseObject(text);
  const isError = (body?.["error"] ?? null) !== null;
  if (!body || isError || repeatsAKey(text)) {
    const what = !body ? "with a body that is not a JSON object" : isError ? "with an error" : "with a key twice";
    throw new GatewayError("provider_failed", `The judge's provider "${provider}" answered ${what}.`);
  }
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
