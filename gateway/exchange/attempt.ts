import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { selectGuardrails, type Selection } from "../guardrails/applicable.ts";
import { type Alias, costOf } from "../routing/alias.ts";
import { fallbacksOf } from "../routing/fallbacks.ts";
import { generate } from "../routing/generate.ts";
import type { Generation } from "../routing/generation.ts";
import { recordReply } from "../routing/generation-span.ts";
import { outgoingCall, targetsOn } from "../translation/outgoing-call.ts";
import type { ReplyParts, RequestParts } from "../wires/wire.ts";
import { type Exchange, factsOf, type ServableRequest } from "./exchange.ts";
import type { RequestBody } from "./read-body.ts";

/** One generation under way, with what it takes to examine it. */
export interface Attempt {
  readonly span: OpenSpan;
  readonly generation: Generation;
  /** Guardrails that hold this reply back. */
  readonly held: Selection;
  /** Guardrails that let it go sentence by sentence. */
  readonly windowed: Selection;
}

/** What is sent to whom, where a guardrail had it changed. */
export interface Asking {
  readonly alias: Alias;
  readonly body: Pick<RequestBody, "text" | "json">;
  readonly messages: RequestParts["messages"];
  /** What brought it about, such as `faithfulness:fail`; undefined for the first attempt. */
  readonly reason?: string | undefined;
}

/** Opens the attempt's span and calls the model. */
export async function beginAttempt(
  exchange: Exchange,
  request: ServableRequest,
  asking: Asking = { alias: request.alias, body: request.body, messages: request.parts.messages },
): Promise<Attempt> {
  const { runtime, root, wire, signal, waiting, shared } = exchange;
  const { parts, calling } = request;
  const { alias, body, messages, reason } = asking;
  const targetsIn = (each: Alias) => (calling ? each.targets.filter(calling.serves) : targetsOn(each, wire.name));
  exchange.attempts += 1;
  const span = openSpan(runtime.tracing.tracer, "attempt", {
    kind: "CHAIN",
    parent: root.context,
    attributes: {
      ...shared,
      [attribute.attempt]: exchange.attempts,
      [attribute.alias]: request.alias.name,
      [attribute.retryReason]: reason,
    },
  });
  try {
    const generation = await generate({
      tracing: runtime.tracing,
      alias,
      targets: targetsIn(alias),
      fallbacks: fallbacksOf(alias, runtime.aliases, targetsIn),
      role: alias.role,
      stream: parts.stream,
      callFor: calling?.callFor ?? ((target) => outgoingCall(wire, target, body)),
      openSpan: calling?.openSpan,
      headers: exchange.attempts === 1 ? exchange.headers : withoutIdempotency(exchange.headers),
      messages,
      tools: parts.tools,
      parameters: parts.parameters,
      signal,
      parent: span.context,
      attributes: shared,
      waiting,
    });
    noteGeneration(exchange, generation);
    const facts = factsOf(exchange, request);
    const held = selectGuardrails(request.guardrails, { stage: "output", mode: "hold" }, facts);
    const windowed = selectGuardrails(request.guardrails, { stage: "output", mode: "window" }, facts);
    return { span, generation, held, windowed };
  } catch (error) {
    const { code, message } = GatewayError.from(error);
    span.set({ [attribute.attemptOutcome]: "failed" });
    span.fail(code, message);
    span.end();
    throw error;
  }
}

/** Notes which generation the reply comes from. */
export function noteGeneration(exchange: Exchange, generation: Generation): void {
  exchange.target = generation.target;
  exchange.answering = generation.alias;
  exchange.call = generation.call;
  exchange.timeToFirstByteMs = generation.timeToFirstByteMs;
  exchange.generationSpanId = generation.span.span.spanContext().spanId;
}

/** The key that makes two requests one would bring the same answer again. */
function withoutIdempotency(headers: Exchange["headers"]): Exchange["headers"] {
  const { "idempotency-key": _key, ...others } = headers;
  return others;
}

/** Ends the generation's span with what the model said, and adds up what it took. */
export function completeGeneration(exchange: Exchange, { generation }: Attempt, reply: ReplyParts): void {
  const { span, target, alias, timeToFirstByteMs } = generation;
  const usd = costOf(target, reply.usage);
  const { cost, usage } = exchange;
  const { role } = alias;
  // What one generation cost being unknown, so is the sum.
  cost.generation = exchange.attempts === 1 ? usd : sumOf(cost.generation, usd);
  cost.byRole[role] = role in cost.byRole ? sumOf(cost.byRole[role] ?? null, usd) : usd;
  exchange.usage = exchange.attempts === 1 ? reply.usage : (addedUsage(usage, reply.usage) ?? usage);
  recordReply(span, target, reply, timeToFirstByteMs);
  span.end();
}

function sumOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

function addedUsage(one: Exchange["usage"], other: Exchange["usage"]): Exchange["usage"] {
  if (!one || !other) return other ?? one;
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}

/** Ends the attempt's span: its reply was sent, or it was not, or nobody heard what became of it. `at` is when it was decided. */
export function endAttempt(
  { span }: Pick<Attempt, "span">,
  outcome: "accepted" | "rejected" | "failed",
  at?: number,
): void {
  span.set({ [attribute.attemptOutcome]: outcome });
  if (at !== undefined && span.isRecording) span.span.end(at);
  else span.end();
}

/** Ends the spans of an attempt that broke off, with what had been said until then. */
export function failAttempt({ span, generation }: Attempt, error: GatewayError, said?: ReplyParts): void {
  if (said) recordReply(generation.span, generation.target, said, generation.timeToFirstByteMs);
  if (error.code === "client_closed") generation.span.set({ [attribute.streamAborted]: true });
  generation.span.fail(error.code, error.message);
  generation.span.end();
  span.set({ [attribute.attemptOutcome]: "failed" });
  span.end();
}
