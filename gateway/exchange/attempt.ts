import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { selectGuardrails, type Selection } from "../guardrails/applicable.ts";
import { type Examination, examineHeld, examineObserved, type Subject } from "../guardrails/examine.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import { type Alias, costOf } from "../routing/alias.ts";
import { fallbacksOf } from "../routing/fallbacks.ts";
import { generate } from "../routing/generate.ts";
import type { Generation } from "../routing/generation.ts";
import { recordReply } from "../routing/generation-span.ts";
import { outgoingCall, targetsOn } from "../translation/outgoing-call.ts";
import { type ReplyParts, sampleOf } from "../wires/wire.ts";
import { type Exchange, factsOf, sampleFor, type ServableRequest } from "./exchange.ts";

/** One generation under way, with what it takes to examine it. */
export interface Attempt {
  readonly span: OpenSpan;
  readonly generation: Generation;
  /** Guardrails that hold this reply back. */
  readonly held: Selection;
}

/** Opens the attempt's span and calls the model. */
export async function beginAttempt(exchange: Exchange, request: ServableRequest): Promise<Attempt> {
  const { runtime, root, wire, headers, signal, waiting, shared } = exchange;
  const { alias, parts, body, calling } = request;
  const targetsIn = (each: Alias) => (calling ? each.targets.filter(calling.serves) : targetsOn(each, wire.name));
  exchange.attempts += 1;
  const span = openSpan(runtime.tracing.tracer, "attempt", {
    kind: "CHAIN",
    parent: root.context,
    attributes: { ...shared, [attribute.attempt]: exchange.attempts, [attribute.alias]: alias.name },
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
      headers,
      messages: parts.messages,
      tools: parts.tools,
      parameters: parts.parameters,
      signal,
      parent: span.context,
      attributes: shared,
      waiting,
    });
    exchange.target = generation.target;
    exchange.answering = generation.alias;
    exchange.call = generation.call;
    exchange.timeToFirstByteMs = generation.timeToFirstByteMs;
    exchange.generationSpanId = generation.span.span.spanContext().spanId;
    const held = selectGuardrails(request.guardrails, { stage: "output", mode: "hold" }, factsOf(exchange, request));
    return { span, generation, held };
  } catch (error) {
    const { code, message } = GatewayError.from(error);
    span.set({ [attribute.attemptOutcome]: "failed" });
    span.fail(code, message);
    span.end();
    throw error;
  }
}

/** Ends the generation's span with what the model said. */
export function completeGeneration(exchange: Exchange, { generation }: Attempt, reply: ReplyParts): void {
  const { span, target, timeToFirstByteMs } = generation;
  exchange.cost.generation = costOf(target, reply.usage);
  exchange.usage = reply.usage;
  recordReply(span, target, reply, timeToFirstByteMs);
  span.end();
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

/** Runs the guardrails that hold the reply, notes the verdict, and lets the observers begin. */
export async function examineReply(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
  reply: ReplyParts,
): Promise<Examination> {
  const { held } = attempt;
  const examination: Examination =
    held.run.length === 0 && held.notRun.length === 0
      ? { effect: "allow", decidedBy: undefined, findings: [], judgeMs: 0 }
      : await examineHeld(held.run, { ...subjectOf(exchange, request, attempt, reply), notRun: held.notRun });
  exchange.waiting.judgeMs += examination.judgeMs;
  exchange.examination = examination;
  exchange.verdict = examination.effect;
  addJudgeCost(exchange, examination);
  startObservers(exchange, request, attempt, reply);
  attempt.span.set({ [attribute.attemptOutcome]: examination.effect === "block" ? "rejected" : "accepted" });
  attempt.span.end();
  return examination;
}

function addJudgeCost(exchange: Exchange, { findings }: Examination): void {
  for (const { evaluation } of findings) {
    if (evaluation.costUsd !== null) exchange.cost.judge = (exchange.cost.judge ?? 0) + evaluation.costUsd;
  }
}

/** Judges that only watch end after the exchange, and count for the caller's budget all the same. */
function chargeFor({ admission }: Exchange, { findings }: Examination): void {
  const usd = findings.reduce((sum, { evaluation }) => sum + (evaluation.costUsd ?? 0), 0);
  if (usd > 0) admission?.charge({ tokens: 0, usd });
}

/** Starts the output guardrails that only watch. */
function startObservers(exchange: Exchange, request: ServableRequest, attempt: Attempt, reply: ReplyParts): void {
  const observed = selectGuardrails(
    request.guardrails,
    { stage: "output", mode: "observe" },
    factsOf(exchange, request),
  );
  if (observed.run.length === 0) return;
  const subject = { ...subjectOf(exchange, request, attempt, reply), notRun: observed.notRun, signal: undefined };
  const { promise, resolve } = Promise.withResolvers<Examination | undefined>();
  exchange.observed = promise;
  exchange.runtime.background.start(async () => {
    try {
      const examination = await examineObserved("output", observed.run, subject);
      resolve(examination);
      chargeFor(exchange, examination);
    } finally {
      resolve(undefined);
    }
  });
}

/** Starts the input guardrails, which watch what came in while the model is called. */
export function startInputObservers(exchange: Exchange, request: ServableRequest): void {
  const { runtime, root, shared } = exchange;
  const selected = selectGuardrails(
    request.guardrails,
    { stage: "input", mode: "observe" },
    factsOf(exchange, request),
  );
  if (selected.run.length === 0) return;
  const subject: Subject = {
    tracing: runtime.tracing,
    parent: root.context,
    target: undefined,
    attributes: { ...shared, [attribute.alias]: request.alias.name, [attribute.role]: request.alias.role },
    judges: runtime.judges,
    cache: runtime.cache,
    cards: runtime.cards,
    signal: undefined,
    sampleFor: (guardrail) => sampleFor(guardrail, request),
    onEvaluation: (record) => runtime.metrics.evaluationEnded(record),
    notRun: selected.notRun,
  };
  runtime.background.start(async () => chargeFor(exchange, await examineObserved("input", selected.run, subject)));
}

/** What the guardrails of a reply examine. */
export function subjectOf(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
  reply: ReplyParts,
): Omit<Subject, "notRun"> {
  const { runtime, shared, signal } = exchange;
  const { generation, span } = attempt;
  const examined = sampleOf(reply);
  return {
    tracing: runtime.tracing,
    parent: span.context,
    target: generation.span.span.spanContext(),
    attributes: {
      ...shared,
      [attribute.alias]: request.alias.name,
      [attribute.target]: generation.target.label,
      [attribute.role]: request.alias.role,
      [attribute.genAiResponseId]: reply.id,
    },
    judges: runtime.judges,
    cache: runtime.cache,
    cards: runtime.cards,
    signal,
    sampleFor: (guardrail: Guardrail) => sampleFor(guardrail, request, examined),
    onEvaluation: (record) => runtime.metrics.evaluationEnded(record),
  };
}
