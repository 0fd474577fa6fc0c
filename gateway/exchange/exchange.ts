import { SpanKind } from "@opentelemetry/api";
import { randomUUID } from "node:crypto";
import type { Sample } from "../../evaluators/index.ts";
import { attribute, type AttributeValues, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { clientClosed, GatewayError } from "../errors.ts";
import type { RequestFacts } from "../guardrails/applicable.ts";
import { type Examination, wasCancelled } from "../guardrails/examine.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import type { Alias, Target } from "../routing/alias.ts";
import type { Waiting } from "../routing/generate.ts";
import type { Runtime } from "../runtime.ts";
import type { ReplyParts, RequestParts, Wire } from "../wires/wire.ts";
import type { RequestBody } from "./read-body.ts";

/** What an exchange came to. A reply that is a plain error has no verdict. */
export type Verdict = "allow" | "block" | "degraded";

/** One request and its reply, from the first byte in to the last byte out. */
export interface Exchange {
  readonly wire: Wire;
  readonly runtime: Runtime;
  readonly root: OpenSpan;
  readonly traceId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  readonly started: number;
  readonly waiting: Waiting;
  /** Attributes that every span of the exchange carries. */
  readonly shared: AttributeValues;
  /** Filled in as the exchange goes on. */
  verdict: Verdict | undefined;
  examination: Examination | undefined;
  target: Target | undefined;
  generationSpanId: string | undefined;
  attempts: number;
  cost: { generation: number | null; judge: number | null };
  role: Alias["role"] | undefined;
  inputText: string;
}

/** A request that has been read and found servable. */
export interface ServableRequest {
  readonly body: RequestBody;
  readonly parts: RequestParts;
  readonly alias: Alias;
  /** The alias' guardrails and the observers that the caller asked for. */
  readonly guardrails: readonly Guardrail[];
}

/** Begins an exchange: its root span continues the caller's trace when there is one. */
export function openExchange(wire: Wire, runtime: Runtime, request: Request): Exchange {
  const headers = Object.fromEntries(request.headers);
  const shared: AttributeValues = {
    [attribute.sessionId]: headers["x-proctor-session"],
    [attribute.genAiConversationId]: headers["x-proctor-session"],
    [attribute.userId]: headers["x-proctor-user"],
    [attribute.tags]: tagsIn(headers["x-proctor-tags"]),
  };
  const root = openSpan(
    runtime.tracing.tracer,
    `chat ${wire.path}`,
    {
      kind: "CHAIN",
      otelKind: SpanKind.SERVER,
      parent: runtime.tracing.contextFrom(headers),
      attributes: {
        ...shared,
        [attribute.requestId]: randomUUID(),
        [attribute.httpMethod]: "POST",
        [attribute.urlPath]: wire.path,
      },
    },
    runtime.tracing.maxValueBytes,
  );
  return {
    wire,
    runtime,
    root,
    traceId: root.span.spanContext().traceId,
    headers,
    signal: request.signal,
    started: performance.now(),
    waiting: { upstreamMs: 0, judgeMs: 0 },
    shared,
    verdict: undefined,
    examination: undefined,
    target: undefined,
    generationSpanId: undefined,
    attempts: 0,
    cost: { generation: null, judge: null },
    role: undefined,
    inputText: "",
  };
}

/** Ends the root span: verdict and roll-ups first, then what went in and out. */
export function closeExchange(exchange: Exchange, status: number, outputText: string): void {
  const { root, examination, verdict, cost, target, role } = exchange;
  const findings = examination?.findings ?? [];
  const failed = findings.filter(({ evaluation }) => evaluation.outcome === "fail");
  const broken = findings.filter(
    (finding) => ["error", "timeout"].includes(finding.evaluation.outcome) && !wasCancelled(finding),
  );
  root.set({
    [attribute.httpStatus]: status,
    [attribute.verdict]: verdict,
    [attribute.verdictBy]: examination?.decidedBy?.evaluation.evaluator,
    [attribute.attempts]: exchange.attempts,
    [attribute.target]: target?.label,
    [attribute.failedCount]: failed.length,
    [attribute.errorCount]: broken.length,
    ...Object.fromEntries(failed.map(({ evaluation }) => [attribute.evalFailed(evaluation.evaluator), true])),
    ...Object.fromEntries(broken.map(({ evaluation }) => [attribute.evalError(evaluation.evaluator), true])),
    [attribute.cost("total")]: totalCost(exchange) ?? undefined,
    ...(role ? { [attribute.cost(role)]: cost.generation ?? undefined } : {}),
    [attribute.cost("judge")]: cost.judge ?? undefined,
    [attribute.overheadMs]: overheadMs(exchange),
    [attribute.latencyUpstreamMs]: Math.round(exchange.waiting.upstreamMs),
    [attribute.latencyJudgeMs]: Math.round(exchange.waiting.judgeMs),
    ...(verdict === undefined
      ? {}
      : {
          [attribute.traceEvaluationName]: "gate",
          [attribute.traceEvaluationLabel]: verdict,
          [attribute.traceEvaluationAnnotatorKind]: "CODE",
        }),
  });
  root.setBody(attribute.inputValue, exchange.inputText);
  root.setBody(attribute.outputValue, outputText);
  root.end();
}

/** Our own time so far in milliseconds: the total less what providers and judges took. */
export function overheadMs({ started, waiting }: Exchange): number {
  const own = performance.now() - started - waiting.upstreamMs - waiting.judgeMs;
  return Math.max(0, Math.round(own * 100) / 100);
}

/** USD for generation and judges together; null when the generation's price is not known. */
export function totalCost({ cost }: Exchange): number | null {
  return cost.generation === null ? null : cost.generation + (cost.judge ?? 0);
}

/** Ends an exchange that nobody waits for any more, so that its span tells that and no verdict. */
export function refuseIfClientLeft({ signal }: Exchange): void {
  if (signal.aborted) throw clientClosed();
}

/** Notes why an exchange failed. What the client did is not an error of ours. */
export function noteFailure({ root }: Exchange, error: GatewayError): void {
  if (error.status >= 500) root.fail(error.code, error.message);
  else root.set({ [attribute.errorType]: error.code });
}

/** What guardrails are chosen by. */
export function factsOf(exchange: Exchange, request: ServableRequest): RequestFacts {
  return {
    hasTools: request.parts.tools.length > 0,
    traceId: exchange.traceId,
    hasContext: (guardrail) => passagesFor(guardrail, request).length > 0,
  };
}

/** The sample that a guardrail examines; without `reply`, the request alone. */
export function sampleFor(
  guardrail: Guardrail,
  request: ServableRequest,
  reply?: Pick<Sample, "output" | "reasoning" | "tool_calls">,
): Sample {
  const { system, input } = request.parts;
  const context = passagesFor(guardrail, request);
  return {
    ...(input === undefined ? {} : { input }),
    ...(system === undefined ? {} : { system }),
    ...(context.length === 0 ? {} : { context: [...context] }),
    ...reply,
  };
}

function passagesFor({ contextFrom }: Guardrail, { body, parts }: ServableRequest): readonly string[] {
  const passages = (source: (typeof contextFrom)[number]) => (source === "body" ? body.context : parts.context[source]);
  const given = contextFrom.filter((source) => source !== "tags").flatMap(passages);
  // Whoever writes the prompt can write tags into it, so they count only where the application gave nothing else.
  return given.length > 0 || !contextFrom.includes("tags") ? given : passages("tags");
}

/** Text of a reply for the root span. */
export function textOf(reply: ReplyParts): string {
  return reply.choices.join("\n\n");
}

function tagsIn(header: string | undefined): string[] | undefined {
  const tags = (header ?? "")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  return tags.length === 0 ? undefined : tags;
}
