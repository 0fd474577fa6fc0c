import { type Evaluator, EvaluatorUsageError, judgeAliasOf } from "../../evaluators/index.ts";
import { attribute } from "../../tracing/index.ts";
import { commaSeparated } from "../comma-separated.ts";
import { GatewayError } from "../errors.ts";
import { type Guardrail, observer } from "../guardrails/guardrail.ts";
import { targetsOn } from "../translation/outgoing-call.ts";
import { fallbackNames } from "../routing/fallbacks.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";
import { findAnswer } from "./answer-cache/find-answer.ts";
import { serveCached } from "./answer-cache/serve-cached.ts";
import { type Attempt, beginAttempt, failAttempt, startInputObservers } from "./attempt.ts";
import type { Exchange, ServableRequest } from "./exchange.ts";
import { admit, findAlias, receive } from "./receive.ts";
import { serveError } from "./serve-error.ts";
import { serveHeldStream } from "./serve-held-stream.ts";
import { serveStream } from "./serve-stream.ts";
import { startShadow } from "./shadow.ts";
import { serveUpstreamError } from "./upstream-error.ts";
import { serveWhole } from "./serve-whole.ts";

/** Serves one exchange from the first byte in to the last byte out. Every failure becomes a reply in the client's dialect. */
export async function serveExchange(exchange: Exchange): Promise<Response> {
  try {
    const servable = await readRequest(exchange);
    exchange.admission = await admit(exchange, servable);
    startInputObservers(exchange, servable);
    const cached = await findAnswer(exchange, servable);
    if (cached) return serveCached(exchange, servable, cached);
    startShadow(exchange, servable);
    const attempt = await beginAttempt(exchange, servable);
    const { status, headers } = attempt.generation.reply;
    if (status < 200 || status > 299) return await serveUpstreamError(exchange, attempt);
    const isStream = headers["content-type"]?.includes("text/event-stream") ?? false;
    if (!isStream) return await serveWhole(exchange, servable, attempt);
    if (!servable.parts.stream) return await refuseStream(attempt);
    if (attempt.held.run.length > 0) return await serveHeldStream(exchange, servable, attempt);
    return serveStream(exchange, servable, attempt);
  } catch (thrown) {
    return serveError(exchange, GatewayError.from(thrown));
  }
}

/** No client that waits for a body could read it. */
async function refuseStream(attempt: Attempt): Promise<never> {
  const { name } = attempt.generation.target.provider;
  const error = new GatewayError(
    "provider_failed",
    `Provider "${name}" answered with a stream, although none was asked for.`,
  );
  failAttempt(attempt, error);
  await attempt.generation.abandon();
  throw error;
}

async function readRequest(exchange: Exchange): Promise<ServableRequest> {
  const { wire, root } = exchange;
  const body = await receive(exchange);
  const parts = wire.readRequest(body.json);
  const alias = findAlias(exchange, parts.model);
  exchange.stream = parts.stream;
  root.set({ [attribute.stream]: parts.stream });
  if (targetsOn(alias, wire.name).length === 0) throw wireNotServed(exchange, alias.name, alias.targets);
  if (parts.unexaminable !== undefined && alias.guardrails.some(({ mode }) => mode === "hold")) {
    throw new GatewayError(
      "invalid_request",
      `Answers of "${alias.name}" are examined before anyone sees them, and ${parts.unexaminable} cannot be. Ask without it, or ask a model that is not guarded.`,
    );
  }
  return { body, parts, alias, guardrails: [...alias.guardrails, ...requestedObservers(exchange, alias.name)] };
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

/** Callers may ask for more examination, never for less: `x-proctor-evaluators` adds observers. */
function requestedObservers({ headers, runtime }: Exchange, alias: string): Guardrail[] {
  const names = commaSeparated(headers["x-proctor-evaluators"]);
  if (names.length === 0) return [];
  const answering = mayAnswer(alias, runtime);
  return [...new Set(names)].map((name) => {
    const judge = judgeAliasOf(requestedEvaluator(name, runtime));
    if (judge === undefined || !answering.has(judge)) return observer(runtime.evaluators.get(name));
    throw new GatewayError(
      "invalid_request",
      `The header x-proctor-evaluators names "${name}", whose judge is "${judge}": a judge is never the model under judgement.`,
    );
  });
}

/** The alias and all that stands in for it. */
function mayAnswer(alias: string, { aliases }: Runtime): ReadonlySet<string> {
  return new Set([alias, ...fallbackNames(alias, (name) => aliases.get(name)?.fallback ?? [])]);
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
