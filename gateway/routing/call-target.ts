import { attribute, type OpenSpan } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import type { OutgoingCall } from "../translation/outgoing-call.ts";
import type { Target } from "./alias.ts";
import { startDeadlines } from "./deadlines.ts";
import { enterTarget, type Leave } from "./enter-target.ts";
import type { Generation, GenerationRequest, Lane } from "./generation.ts";
import { openGenerationSpan } from "./generation-span.ts";
import { primeReply } from "./reply-body.ts";
import { traceHeaders } from "./trace-headers.ts";
import { type UpstreamFailure, upstreamFailure } from "./upstream-failure.ts";

/** One try at one target. */
export interface Try {
  readonly request: GenerationRequest;
  readonly lane: Lane;
  readonly target: Target;
  /** Tries before this one, of all aliases. */
  readonly triesBefore: number;
}

/** What came of a try. Nothing was sent where the target cannot be called now, or cannot take such a request at all. */
export type TryOutcome =
  | { readonly type: "reply"; readonly generation: Generation }
  | { readonly type: "failure"; readonly failure: UpstreamFailure }
  | { readonly type: "unavailable"; readonly target: Target; readonly error: GatewayError }
  | { readonly type: "unsuitable"; readonly target: Target; readonly error: GatewayError };

/** Calls one target and waits for the first byte of its reply. */
export async function callTarget(attempt: Try): Promise<TryOutcome> {
  const { request, target } = attempt;
  let call: OutgoingCall;
  try {
    call = request.callFor(target);
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.status < 500) return { type: "unsuitable", target, error: thrown };
    throw thrown;
  }
  try {
    const leave = await enterTarget(target, request.signal, request.waiting);
    try {
      return await send(attempt, call, leave);
    } catch (thrown) {
      leave.note("nothing");
      leave.free();
      throw thrown;
    }
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    if (error.code === "client_closed") return { type: "failure", failure: { kind: "client", error } };
    if (error.code === "provider_unavailable") return { type: "unavailable", target, error };
    throw thrown;
  }
}

async function send(attempt: Try, call: OutgoingCall, leave: Leave): Promise<TryOutcome> {
  const { request, lane, target } = attempt;
  const { signal, stream, waiting } = request;
  const { provider } = target;
  const span = openTrySpan(attempt, call, leave);
  const deadlines = startDeadlines(provider.name, provider.timeouts, signal, stream);
  const started = performance.now();
  try {
    const received = await provider.send({
      endpoint: call.endpoint,
      model: target.model,
      body: call.body,
      headers: lane.headers,
      trace: target.propagates ? traceHeaders(span.span.spanContext()) : undefined,
      signal: deadlines.signal,
    });
    const onEnd = (error?: GatewayError): void => {
      leave.free();
      if (error && error.code !== "client_closed" && received.status < 500) leave.note("failed");
    };
    const { reply, abandon } = await primeReply(received, { provider: provider.name, deadlines, waiting, onEnd });
    leave.note(reply.status >= 500 ? "failed" : "answered");
    const timeToFirstByteMs = stream ? performance.now() - started : undefined;
    const alias = lane.alias;
    return {
      type: "reply",
      generation: { alias, target, span, call, reply: call.receive(reply), timeToFirstByteMs, abandon },
    };
  } catch (thrown) {
    deadlines.clear();
    const reason: unknown = deadlines.signal.aborted ? deadlines.signal.reason : thrown;
    const failure = upstreamFailure(reason, provider.name, provider.timeouts);
    leave.note(failure.kind === "client" ? "nothing" : "failed");
    leave.free();
    span.fail(failure.error.code, failure.error.message);
    span.end();
    return { type: "failure", failure };
  } finally {
    waiting.upstreamMs += performance.now() - started;
  }
}

function openTrySpan({ request, lane, target, triesBefore }: Try, call: OutgoingCall, leave: Leave): OpenSpan {
  const { alias, isFallback } = lane;
  const { openSpan = openGenerationSpan } = request;
  const { tracing, parent, stream, messages, tools, parameters, attributes } = request;
  return openSpan({
    tracing,
    parent,
    stream,
    messages,
    tools,
    parameters,
    alias,
    // Under a role of its own (a judge's, say) an alias is asked on whatever alias it falls back to.
    role: isFallback && request.role === request.alias.role ? alias.role : request.role,
    target,
    body: call.body,
    transportRetry: triesBefore,
    attributes: {
      ...attributes,
      [attribute.fallbackFrom]: isFallback ? request.alias.name : undefined,
      [attribute.latencyQueueMs]: leave.queueMs > 0 ? Math.round(leave.queueMs) : undefined,
    },
  });
}
