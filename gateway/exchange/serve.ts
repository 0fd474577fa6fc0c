import { type Evaluator, EvaluatorUsageError, judgeAliasOf } from "../../evaluators/index.ts";
import { attribute } from "../../tracing/index.ts";
import { commaSeparated } from "../comma-separated.ts";
import { GatewayError } from "../errors.ts";
import { type Guardrail, requestedGuardrail, withholds } from "../guardrails/guardrail.ts";
import { policiesFor } from "../guardrails/policies.ts";
import type { Alias } from "../routing/alias.ts";
import { targetsOn } from "../translation/outgoing-call.ts";
import { fallbackNames } from "../routing/fallbacks.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";
import { findAnswer } from "./answer-cache/find-answer.ts";
import { serveCached } from "./answer-cache/serve-cached.ts";
import { admitByGuardrails } from "./admit-by-guardrails.ts";
import { type Attempt, beginAttempt } from "./attempt.ts";
import { startInputObservers } from "./examine-exchange.ts";
import type { Exchange, ServableRequest } from "./exchange.ts";
import { admit, findAlias, receive } from "./receive.ts";
import { refuseStream } from "./read-held.ts";
import { serveError } from "./serve-error.ts";
import { serveHeldStream } from "./serve-held-stream.ts";
import { serveWindowStream } from "./serve-window-stream.ts";
import { serveStream } from "./serve-stream.ts";
import { startShadow } from "./shadow.ts";
import { serveUpstreamError } from "./upstream-error.ts";
import { serveWhole } from "./serve-whole.ts";

/** Serves one exchange from the first byte in to the last byte out. Every failure becomes a reply in the client's dialect. */
export async function serveExchange(exchange: Exchange): Promise<Response> {
  try {
    const servable = await readRequest(exchange);
    exchange.admission = await admit(exchange, servable);
    const admitted = await admitByGuardrails(exchange, servable);
    if ("refusal" in admitted) return admitted.refusal;
    const { request, asking } = admitted;
    startInputObservers(exchange, request);
    const cached = asking ? undefined : await findAnswer(exchange, request);
    if (cached) return serveCached(exchange, request, cached);
    // What a guardrail kept from this alias is not for a copy of it either.
    if (!asking) startShadow(exchange, request);
    return await serveAttempt(exchange, request, await beginAttempt(exchange, request, asking));
  } catch (thrown) {
    return serveError(exchange, GatewayError.from(thrown));
  }
}

function serveAttempt(exchange: Exchange, request: ServableRequest, attempt: Attempt): Response | Promise<Response> {
  const { status, headers } = attempt.generation.reply;
  if (status < 200 || status > 299) return serveUpstreamError(exchange, attempt);
  const isStream = headers["content-type"]?.includes("text/event-stream") ?? false;
  if (!isStream) return serveWhole(exchange, request, attempt);
  if (!request.parts.stream) return refuseStream(attempt);
  if (attempt.held.run.length > 0) return serveHeldStream(exchange, request, attempt);
  if (attempt.windowed.run.length > 0) return serveWindowStream(exchange, request, attempt);
  return serveStream(exchange, request, attempt);
}

async function readRequest(exchange: Exchange): Promise<ServableRequest> {
  const { wire, root } = exchange;
  const body = await receive(exchange);
  const parts = wire.readRequest(body.json);
  const alias = findAlias(exchange, parts.model);
  exchange.stream = parts.stream;
  root.set({ [attribute.stream]: parts.stream });
  if (targetsOn(alias, wire.name).length === 0) throw wireNotServed(exchange, alias.name, alias.targets);
  const guardrails = guardrailsFor(exchange, alias);
  if (parts.unexaminable !== undefined && guardrails.some(withholds)) {
    throw new GatewayError(
      "invalid_request",
      `Answers of "${alias.name}" are examined before anyone sees them, and ${parts.unexaminable} cannot be. Ask without it, or ask a model that is not guarded.`,
    );
  }
  exchange.policies = policiesFor(guardrails, exchange.runtime.judges);
  if (exchange.policies.length > 0) root.set({ [attribute.policy]: [...exchange.policies] });
  return { body, parts, alias, guardrails };
}

function wireNotServed({ wire }: Exchange, alias: string, targets: ServableRequest["alias"]["targets"]): GatewayError {
  const spoken = Object.values(wires).filter(({ name }) =>
    targets.some(({ provider }) => provider.endpoints.includes(name)),
  );
  const ways = spoken.map(({ path, label }) => `${label} (POST ${path})`).join(" or ");
  const providers = [...new Set(targets.map(({ provider }) => `"${provider.name}"`))].join(", ");
  return new GatewayError(
    "wire_not_served",
    `Model "${alias}" is served by ${providers}, which speaks ${ways}. Translating ${wire.label} to it is not possible: send the request there, or ask for a model that speaks ${wire.label}.`,
    { param: "model" },
  );
}

/** The alias' guardrails and those that the caller asks for. */
function guardrailsFor(exchange: Exchange, alias: Alias): readonly Guardrail[] {
  const requested = requestedGuardrails(exchange, alias.name);
  return requested.length === 0 ? alias.guardrails : [...alias.guardrails, ...requested];
}

/**
 * Callers may ask for more examination, never for less: `x-proctor-evaluators` adds observers, and those named as `name:block`
 * withhold an answer that does not pass.
 */
function requestedGuardrails({ headers, runtime }: Exchange, alias: string): Guardrail[] {
  const names = commaSeparated(headers["x-proctor-evaluators"]);
  if (names.length === 0) return [];
  const answering = mayAnswer(alias, runtime);
  return [...new Set(names)].map((asked) => {
    const isEnforced = asked.endsWith(":block");
    const name = isEnforced ? asked.slice(0, -":block".length) : asked;
    const evaluator = requestedEvaluator(name, runtime);
    const judge = judgeAliasOf(evaluator);
    if (judge === undefined || !answering.has(judge)) return requestedGuardrail(evaluator, isEnforced);
    throw new GatewayError(
      "invalid_request",
      `The header x-proctor-evaluators names "${name}", whose judge is "${judge}": a judge is never the model under judgement.`,
    );
  });
}

/** The alias and all that stands in for it. */
function mayAnswer(alias: string, { aliases }: Runtime): ReadonlySet<string> {
  const standIns = (aliases.get(alias)?.guardrails ?? []).flatMap(({ fallback }) => fallback ?? []);
  return new Set(
    [alias, ...standIns].flatMap((name) => [name, ...fallbackNames(name, (each) => aliases.get(each)?.fallback ?? [])]),
  );
}

function requestedEvaluator(name: string, { evaluators }: Runtime): Evaluator {
  try {
    return evaluators.get(name);
  } catch (error) {
    if (!(error instanceof EvaluatorUsageError)) throw error;
    throw new GatewayError("invalid_request", `The header x-proctor-evaluators is not right: ${error.message}`, {
      cause: error,
    });
  }
}
