import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { selectGuardrails } from "../guardrails/applicable.ts";
import { type Examination, examineObserved } from "../guardrails/examine.ts";
import { asObserver } from "../guardrails/guardrail.ts";
import { type Alias, costOf, type Target } from "../routing/alias.ts";
import { generate } from "../routing/generate.ts";
import type { Generation } from "../routing/generation.ts";
import { recordReply } from "../routing/generation-span.ts";
import { readWhole } from "../routing/read-whole.ts";
import { unitHash } from "../routing/sticky.ts";
import { noWaiting } from "../routing/waiting.ts";
import { outgoingCall, targetsOn } from "../translation/outgoing-call.ts";
import { createCollector } from "../wires/collect.ts";
import { editTopLevel } from "../wires/edit-json.ts";
import { objectOf, parseObject } from "../wires/json.ts";
import type { ReplyParts, Wire } from "../wires/wire.ts";
import { type Attempt, failAttempt } from "./attempt.ts";
import { inputSubject, outputSubject } from "./examine-exchange.ts";
import { type Exchange, factsOf, type ServableRequest } from "./exchange.ts";

/** So many copies may be under way in a process; more would cost the requests themselves memory and connections. */
const mostShadows = 32;

/**
 * Sends a copy of the request to the alias that shadows its own, where the sample says so: in the background and without a stream.
 * The answer is evaluated by that alias' guardrails, all as observers, and goes nowhere. What it costs is on its spans, and is
 * neither the caller's nor part of the reply's `x-proctor-cost-usd`.
 */
export function startShadow(exchange: Exchange, request: ServableRequest): void {
  const { shadow, name } = request.alias;
  if (!shadow || unitHash(`shadow ${exchange.traceId}`) >= shadow.sample) return;
  const { routing, metrics, background, aliases } = exchange.runtime;
  const alias = aliases.get(shadow.model);
  const targets = alias ? targetsOn(alias, exchange.wire.name).filter(({ queue }) => !queue?.isFull) : [];
  const reason =
    reasonAgainst(request) ??
    (routing.shadows.underWay >= mostShadows ? "too_many" : targets.length === 0 ? "no_target" : undefined);
  if (!alias || reason !== undefined) {
    exchange.root.set({ [attribute.shadowNotSent]: reason ?? "no_alias" });
    if (reason === "too_many" || reason === "no_target") metrics.shadowDropped(name);
    return;
  }
  routing.shadows.underWay += 1;
  background.start(async () => {
    try {
      await runShadow(exchange, copyOf(request, alias), targets);
    } finally {
      routing.shadows.underWay -= 1;
    }
  });
}

/** Tools that the vendor itself runs may act on the world, and must not do so twice. */
function reasonAgainst({ parts, body }: ServableRequest): string | undefined {
  const isOurs = (tool: unknown) =>
    [undefined, "function", "custom"].includes(objectOf(tool)["type"] as string | undefined);
  const hosted = ["mcp_servers", "container", "web_search_options"].some((name) => body.json[name] !== undefined);
  if (hosted || !parts.tools.every(isOurs)) return "hosted_tools";
  return parts.unexaminable === undefined ? undefined : "unexaminable";
}

function copyOf({ body, parts }: ServableRequest, alias: Alias): ServableRequest {
  const { stream: _stream, stream_options: _options, ...json } = body.json;
  const text = editTopLevel(body.text, { stream: undefined, stream_options: undefined });
  return {
    alias,
    body: { ...body, text, json },
    parts: { ...parts, stream: false },
    guardrails: alias.guardrails.map(asObserver),
  };
}

/** Keys are the caller's, and what makes two requests one is not for a third. */
const notCopied = new Set(["authorization", "x-api-key", "x-proctor-key", "cookie", "idempotency-key"]);

async function runShadow(exchange: Exchange, request: ServableRequest, targets: readonly Target[]): Promise<void> {
  const { runtime, root, wire } = exchange;
  const { alias, parts, body } = request;
  const shared = { ...exchange.shared, [attribute.shadow]: true };
  const span = openSpan(runtime.tracing.tracer, "attempt", {
    kind: "CHAIN",
    parent: root.context,
    attributes: { ...shared, [attribute.alias]: alias.name },
  });
  const generation = await generate({
    tracing: runtime.tracing,
    alias,
    targets,
    role: alias.role,
    stream: false,
    callFor: (target) => outgoingCall(wire, target, body),
    headers: Object.fromEntries(Object.entries(exchange.headers).filter(([name]) => !notCopied.has(name))),
    messages: parts.messages,
    tools: parts.tools,
    parameters: parts.parameters,
    signal: new AbortController().signal,
    parent: span.context,
    attributes: shared,
    waiting: noWaiting(),
  }).catch((thrown: unknown) => endFailed(span, GatewayError.from(thrown)));
  if (!generation) return;
  const none = { run: [], notRun: [] };
  const attempt: Attempt = { span, generation, held: none, windowed: none };
  const reply = await readReply(attempt, wire);
  if (!reply) return;
  const own = { ...exchange, shared };
  const examinations = await Promise.all(
    (["input", "output"] as const).map((stage) => examine({ exchange: own, request, attempt, reply }, stage)),
  );
  endSpan(attempt, reply, examinations);
}

function endFailed(span: OpenSpan, { code, message }: GatewayError): undefined {
  span.set({ [attribute.attemptOutcome]: "failed" });
  span.fail(code, message);
  span.end();
}

/** What the candidate said; undefined when it failed, which its spans then tell. */
async function readReply(attempt: Attempt, wire: Wire): Promise<ReplyParts | undefined> {
  const { generation } = attempt;
  const { span, target } = generation;
  try {
    const collector = createCollector();
    collector.add(wire.readReply(await readBody(generation, wire)));
    const parts = collector.parts();
    recordReply(span, target, parts, undefined);
    span.end();
    return parts;
  } catch (thrown) {
    failAttempt(attempt, GatewayError.from(thrown));
    return undefined;
  }
}

async function readBody({ span, reply, target }: Generation, wire: Wire) {
  const text = (await readWhole(reply.body, target.provider.name)).toString("utf8");
  const body = parseObject(text);
  const isGood = reply.status >= 200 && reply.status <= 299;
  if (isGood && body && !wire.isError(body)) return body;
  span.setBody(attribute.outputValue, text);
  const what = isGood ? "with a body that cannot be read as an answer" : String(reply.status);
  throw new GatewayError("provider_failed", `Provider "${target.provider.name}" answered ${what}.`);
}

interface Shadowed {
  readonly exchange: Exchange;
  readonly request: ServableRequest;
  readonly attempt: Attempt;
  readonly reply: ReplyParts;
}

async function examine(
  { exchange, request, attempt, reply }: Shadowed,
  stage: "input" | "output",
): Promise<Examination | undefined> {
  const selected = selectGuardrails(request.guardrails, { stage, mode: "observe" }, factsOf(exchange, request));
  if (selected.run.length === 0) return undefined;
  const subject =
    stage === "output" ? outputSubject(exchange, request, { attempt, reply }) : inputSubject(exchange, request);
  const parent = attempt.span.context;
  return examineObserved(stage, selected.run, { ...subject, parent, notRun: selected.notRun, signal: undefined });
}

function endSpan(
  { span, generation }: Attempt,
  reply: ReplyParts,
  examinations: readonly (Examination | undefined)[],
): void {
  const judged = examinations
    .flatMap((examination) => examination?.findings ?? [])
    .flatMap(({ evaluation }) => (evaluation.costUsd === null ? [] : [evaluation.costUsd]));
  span.set({
    [attribute.attemptOutcome]: "accepted",
    [attribute.cost(generation.alias.role)]: costOf(generation.target, reply.usage) ?? undefined,
    ...(judged.length === 0 ? {} : { [attribute.cost("judge")]: judged.reduce((sum, usd) => sum + usd, 0) }),
  });
  span.end();
}
