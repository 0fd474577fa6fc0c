import { type Evaluator, EvaluatorUsageError } from "../../evaluators/index.ts";
import { attribute } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { type Guardrail, observer } from "../guardrails/guardrail.ts";
import { targetsOn } from "../routing/alias.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";
import { beginAttempt, startInputObservers } from "./attempt.ts";
import { closeExchange, type Exchange, noteFailure, type ServableRequest } from "./exchange.ts";
import { readBody } from "./read-body.ts";
import { proctorHeaders } from "./reply-headers.ts";
import { serveHeldStream } from "./serve-held-stream.ts";
import { serveStream } from "./serve-stream.ts";
import { serveUpstreamError } from "./upstream-error.ts";
import { serveWhole } from "./serve-whole.ts";

/** Serves one exchange from the first byte in to the last byte out. Every failure becomes a reply in the client's dialect. */
export async function serveExchange(exchange: Exchange, request: Request): Promise<Response> {
  try {
    const servable = await readRequest(exchange, request);
    startInputObservers(exchange, servable);
    const attempt = await beginAttempt(exchange, servable);
    const { status, headers } = attempt.generation.reply;
    if (status < 200 || status > 299) return await serveUpstreamError(exchange, attempt);
    const isStream = headers["content-type"]?.includes("text/event-stream") ?? false;
    if (!isStream) return await serveWhole(exchange, servable, attempt);
    if (attempt.held.run.length > 0) return await serveHeldStream(exchange, servable, attempt);
    return serveStream(exchange, servable, attempt);
  } catch (thrown) {
    return serveError(exchange, GatewayError.from(thrown));
  }
}

async function readRequest(exchange: Exchange, request: Request): Promise<ServableRequest> {
  const { runtime, wire, root } = exchange;
  if (runtime.isClosing())
    throw new GatewayError("shutting_down", "Proctor is shutting down. Try again in a moment.", {
      headers: { "retry-after": "5" },
    });
  const body = await readBody(request, runtime.listen.max_body_bytes);
  exchange.inputText = body.text;
  const parts = wire.readRequest(body.json);
  const alias = runtime.aliases.get(parts.model);
  if (!alias) {
    const known = [...runtime.aliases.keys()].join(", ");
    throw new GatewayError("model_not_found", `No model "${parts.model}". Known: ${known}.`, { param: "model" });
  }
  exchange.role = alias.role;
  root.set({ [attribute.alias]: alias.name, [attribute.role]: alias.role, [attribute.stream]: parts.stream });
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
  const spoken = [...new Set(targets.flatMap(({ provider }) => provider.wires))].map((name) => wires[name]);
  const ways = spoken.map(({ path, label }) => `${label} (POST ${path})`).join(" or ");
  const providers = [...new Set(targets.map(({ provider }) => `"${provider.name}"`))].join(", ");
  return new GatewayError(
    "wire_not_served",
    `Model "${alias}" is served by ${providers}, which speaks ${ways}. Translating ${wire.label} to it is not supported yet: send the request there, or ask for a model that speaks ${wire.label}.`,
    { param: "model" },
  );
}

/** Callers may ask for more examination, never for less: `x-proctor-evaluators` adds observers. */
function requestedObservers({ headers, runtime }: Exchange, alias: string): Guardrail[] {
  const names = (headers["x-proctor-evaluators"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return [...new Set(names)].map((name) => {
    const { engine, judge = "judge" } = requestedEvaluator(name, runtime).options;
    if (engine === "local" || judge !== alias) return observer(runtime.evaluators.get(name));
    throw new GatewayError(
      "invalid_request",
      `The header x-proctor-evaluators names "${name}", whose judge is "${judge}": a judge is never the model under judgement.`,
    );
  });
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

function serveError(exchange: Exchange, error: GatewayError): Response {
  const { wire, root, runtime } = exchange;
  exchange.verdict = undefined;
  noteFailure(exchange, error);
  if (error.code === "internal") {
    const { cause } = error;
    root.span.recordException(cause instanceof Error ? cause : String(cause));
    runtime.report(`Request ${exchange.traceId} broke: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const body = wire.error(error);
  const headers = { ...proctorHeaders(exchange), ...error.options.headers };
  closeExchange(exchange, error.status, JSON.stringify(body));
  return Response.json(body, { status: error.status, headers });
}
