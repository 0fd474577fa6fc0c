import { SpanKind } from "@opentelemetry/api";
import { randomUUID } from "node:crypto";
import type { Sample, Usage } from "../../evaluators/index.ts";
import { attribute, type AttributeValues, openSpan, type OpenSpan } from "../../tracing/index.ts";
import type { Arrival } from "../arrival/arrival.ts";
import type { Admission, Caller } from "../access/access.ts";
import { withoutHeaders } from "../access/presented-keys.ts";
import { commaSeparated } from "../comma-separated.ts";
import { clientClosed, cutOff, type GatewayError, reasonOf } from "../errors.ts";
import type { RequestFacts } from "../guardrails/applicable.ts";
import type { FailAction } from "../guardrails/config.ts";
import type { Progress, Verdict } from "../guardrails/decide.ts";
import type { Examination } from "../guardrails/examine.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import type { Alias, Target } from "../routing/alias.ts";
import type { GenerationRequest } from "../routing/generation.ts";
import { noWaiting, type Waiting } from "../routing/waiting.ts";
import type { Runtime } from "../runtime.ts";
import type { OutgoingCall } from "../translation/outgoing-call.ts";
import { coveredReply } from "../wires/covered-reply.ts";
import { gluedReply } from "../wires/glued-reply.ts";
import {
  type InputKind,
  type InputText,
  type OutputKind,
  outputKinds,
  type ReplyParts,
  type RequestParts,
  sampleOf,
  type Wire,
} from "../wires/wire.ts";
import type { CachedAnswer } from "./answer-cache/cached-answer.ts";
import { inputSampleText } from "../guardrails/redaction/redact-request.ts";
import { offeredTools } from "../wires/offered-tools.ts";
import { headerText } from "./header-text.ts";
import type { RequestBody } from "./read-body.ts";

/** USD, null where it is not known. */
export interface Costs {
  /** All generations together. */
  generation: number | null;
  judge: number | null;
  /** The generations by the role of the alias that answered. */
  readonly byRole: Partial<Record<Alias["role"], number | null>>;
}

/** One request and its reply, from the first byte in to the last byte out. */
export interface Exchange {
  readonly wire: Wire;
  readonly arrival: Arrival;
  readonly runtime: Runtime;
  readonly root: OpenSpan;
  /** Lets the gateway close that waits for the end of this exchange. */
  readonly release: () => void;
  readonly traceId: string;
  /** The arrival's without what looks like a key of ours, and without the caller's key once the caller is known. */
  headers: Readonly<Record<string, string>>;
  /** Aborts, with a `GatewayError`, when the client leaves or the gateway can wait no longer. */
  readonly signal: AbortSignal;
  readonly started: number;
  readonly waiting: Waiting;
  /** Attributes that every span of the exchange carries. */
  readonly shared: AttributeValues;
  /** Filled in as the exchange goes on. */
  verdict: Verdict | undefined;
  /** What was found in the request, where something held it. */
  inputExamination: Examination | undefined;
  /** What was found in the answer that was sent, or in the last one that was withheld. */
  examination: Examination | undefined;
  /** Names and versions of the policies that guard it. */
  policies: readonly string[];
  /** Steps of guardrails that were tried and brought nothing. */
  exhausted: readonly FailAction[];
  /** Aliases that guardrails have sent the request to. */
  fellBackTo: readonly string[];
  /** What judges have taken so far. */
  readonly judged: { ms: number; usd: number };
  target: Target | undefined;
  /** The alias that answered: `alias`, or what it falls back to. */
  answering: Alias | undefined;
  /** The call that was made last; it knows what a translation dropped. */
  call: OutgoingCall | undefined;
  generationSpanId: string | undefined;
  attempts: number;
  cost: Costs;
  alias: Alias | undefined;
  stream: boolean;
  caller: Caller | undefined;
  admission: Admission | undefined;
  usage: Usage | null;
  timeToFirstByteMs: number | undefined;
  error: GatewayError | undefined;
  inputText: string;
  /** Where the answer is kept and whether it was there; undefined where no cache was asked. */
  cache: { readonly key: string; readonly result: "hit" | "miss" } | undefined;
  /** The answer from the cache. */
  cached: CachedAnswer | undefined;
  /** What the evaluators that watch the answer come to, undefined when they broke; absent where none watches. */
  observed: Promise<Examination | undefined> | undefined;
}

/** A request that has been read and found servable. */
export interface ServableRequest {
  readonly body: RequestBody;
  readonly parts: RequestParts;
  readonly alias: Alias;
  /** The alias' guardrails and those that the caller asked for. */
  readonly guardrails: readonly Guardrail[];
  /** How its targets are called, where that is something smaller than a generation. */
  readonly calling?: Calling;
}

/** A call that is smaller than a generation, such as one for embeddings. */
export interface Calling extends Required<Pick<GenerationRequest, "callFor" | "openSpan">> {
  /** Whether the target can be called so. */
  serves(target: Target): boolean;
}

/** Begins an exchange: its root span continues the caller's trace when there is one. */
export function openExchange(wire: Wire, runtime: Runtime, arrival: Arrival, name = `chat ${wire.path}`): Exchange {
  runtime.metrics.exchangeBegan();
  // Nobody is known yet, and a key may stand in any header: what tells of the caller is read from those that hold none.
  const headers = withoutHeaders(arrival.headers, []);
  const session = headerText(headers["x-proctor-session"]);
  const shared: AttributeValues = {
    [attribute.sessionId]: session,
    [attribute.genAiConversationId]: session,
    [attribute.userId]: headerText(headers["x-proctor-user"]),
    [attribute.tags]: tagsIn(headerText(headers["x-proctor-tags"])),
  };
  const { tracer, maxValueBytes, contextFrom } = runtime.tracing;
  const place = { kind: "CHAIN", otelKind: SpanKind.SERVER, parent: contextFrom(headers) } as const;
  const root = openSpan(tracer, name, place, maxValueBytes);
  if (root.isRecording) {
    root.set({
      ...shared,
      [attribute.requestId]: randomUUID(),
      [attribute.httpMethod]: "POST",
      [attribute.urlPath]: wire.path,
    });
  }
  const leaving = new AbortController();
  arrival.onLeave(() => leaving.abort(clientClosed()));
  return {
    ...nothingYet(),
    wire,
    arrival,
    runtime,
    root,
    release: runtime.background.hold(() => leaving.abort(cutOff())),
    traceId: root.span.spanContext().traceId,
    headers,
    signal: leaving.signal,
    started: performance.now(),
    waiting: noWaiting(),
    shared,
  };
}

/** What is filled in as an exchange goes on. */
function nothingYet() {
  return {
    verdict: undefined,
    inputExamination: undefined,
    examination: undefined,
    policies: [],
    exhausted: [],
    fellBackTo: [],
    judged: { ms: 0, usd: 0 },
    target: undefined,
    answering: undefined,
    call: undefined,
    generationSpanId: undefined,
    attempts: 0,
    cost: { generation: null, judge: null, byRole: {} },
    alias: undefined,
    stream: false,
    caller: undefined,
    admission: undefined,
    usage: null,
    timeToFirstByteMs: undefined,
    error: undefined,
    inputText: "",
    cache: undefined,
    cached: undefined,
    observed: undefined,
  };
}

/** Our own time so far in milliseconds: the total less what providers and judges took, and less the wait for a turn at a provider. */
export function overheadMs({ started, waiting }: Exchange): number {
  const own = performance.now() - started - waiting.upstreamMs - waiting.judgeMs - waiting.queueMs;
  return Math.max(0, Math.round(own * 100) / 100);
}

/** USD for generation and judges together; null when the generation's price is not known. */
export function totalCost({ cost }: Exchange): number | null {
  return cost.generation === null ? null : cost.generation + (cost.judge ?? 0);
}

/** Ends an exchange that nobody waits for any more, so that its span tells that and no verdict. */
export function refuseIfClientLeft({ signal }: Exchange): void {
  if (signal.aborted) throw reasonOf(signal);
}

/** Notes why an exchange failed. What the client did is not an error of ours. */
export function noteFailure(exchange: Exchange, error: GatewayError): void {
  const { root } = exchange;
  exchange.error = error;
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

/** How far an exchange has come. */
export function progressOf(exchange: Exchange, isRedacted = false): Progress {
  const { attempts, started, cost, exhausted, fellBackTo } = exchange;
  return {
    attempts,
    elapsedMs: performance.now() - started,
    usd: cost.generation ?? 0,
    isRedacted,
    exhausted,
    fellBackTo,
  };
}

/** The sample that a guardrail of the output examines. */
export function outputSample(guardrail: Guardrail, request: ServableRequest, reply: ReplyParts): Sample {
  const { input } = request.parts;
  const tools =
    request.parts.tools.length + reply.toolCalls.length > 0 ? { tools: offeredTools(request.parts.tools) } : {};
  return {
    ...(input === undefined ? {} : { input }),
    ...surroundings(guardrail, request),
    ...tools,
    ...sampleOf(coveredReply(reply, guardrail.covers as readonly OutputKind[])),
  };
}

/** The same with its parts read as one text, for an evaluator that looks for passages: a cut between two parts hides none. */
export function gluedSample(guardrail: Guardrail, request: ServableRequest, reply: ReplyParts): Sample | undefined {
  if (!guardrail.evaluator.perPassage) return undefined;
  const glued = gluedReply(coveredReply(reply, guardrail.covers as readonly OutputKind[]));
  return glued && outputSample({ ...guardrail, covers: outputKinds }, request, glued);
}

/** The sample that a guardrail of the input examines: everything it covers, in order, as the sample's input. */
export function inputSample(guardrail: Guardrail, request: ServableRequest, texts: readonly InputText[]): Sample {
  const { text } = inputSampleText(texts, guardrail.covers as readonly InputKind[]);
  return { input: text, ...surroundings(guardrail, request) };
}

function surroundings(guardrail: Guardrail, request: ServableRequest): Sample {
  const { system } = request.parts;
  const context = passagesFor(guardrail, request);
  return {
    ...(system === undefined ? {} : { system }),
    ...(context.length === 0 ? {} : { context: [...context] }),
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
  const tags = commaSeparated(header);
  return tags.length === 0 ? undefined : tags;
}
