import { SpanKind } from "@opentelemetry/api";
import { Hono } from "hono";
import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { jsonReply } from "../arrival/arrival.ts";
import { arrivalOf } from "../arrival/arrival-of.ts";
import { estimateTokens } from "../count-tokens/estimate-tokens.ts";
import { GatewayError } from "../errors.ts";
import { closeExchange } from "../exchange/close-exchange.ts";
import { type Exchange, openExchange, type ServableRequest } from "../exchange/exchange.ts";
import { holdsRequests } from "../guardrails/guardrail.ts";
import { admit, findAlias, receive } from "../exchange/receive.ts";
import { proctorHeaders } from "../exchange/reply-headers.ts";
import { serveCall } from "../exchange/serve-call.ts";
import { serveError } from "../exchange/serve-error.ts";
import { smallParts } from "../exchange/small-parts.ts";
import { chooseTarget, type Target } from "../routing/alias.ts";
import type { GenerationSpanOptions } from "../routing/generation-span.ts";
import type { Runtime } from "../runtime.ts";
import { nativeCall, outgoingCall, targetsOn } from "../translation/outgoing-call.ts";
import { editTopLevel } from "../wires/edit-json.ts";
import { parseObject } from "../wires/json.ts";
import { wires } from "../wires/registry.ts";
import type { Wire } from "../wires/wire.ts";

const path = `${wires.messages.path}/count_tokens`;
const wire: Wire = { ...wires.messages, path };

/** `POST /v1/messages/count_tokens`: asked of targets that count, and estimated for all others, which the reply says. */
export function countTokensRoute(runtime: Runtime): Hono {
  return new Hono().post(path, async function countTokens(c) {
    const exchange = openExchange(wire, runtime, arrivalOf(c), `count_tokens ${path}`);
    try {
      return await count(exchange);
    } catch (thrown) {
      return serveError(exchange, GatewayError.from(thrown));
    }
  });
}

/** A count is a request like any other for the limits, and uses no tokens. */
const nothingUsed = { usage: { inputTokens: 0, outputTokens: 0 }, usd: 0 };

async function count(exchange: Exchange): Promise<Response> {
  const body = await receive(exchange);
  const { model } = wire.readRequest(body.json);
  const alias = findAlias(exchange, model);
  const servable = { body, alias, parts: smallParts(alias.name), guardrails: [] };
  exchange.admission = await admit(exchange, { ...servable, body: { ...body, text: "" } });
  // What the model may not see unexamined is counted here.
  if (!alias.targets.some(counts) || alias.guardrails.some(holdsRequests)) return estimate(exchange, servable);
  const calling = {
    serves: counts,
    callFor: (target: Target) =>
      nativeCall("count_tokens", editTopLevel(body.text, { model: target.model, proctor: undefined })),
    openSpan: openCountSpan,
  };
  return serveCall(exchange, { ...servable, calling }, (bytes) => ({
    ...nothingUsed,
    outputText: bytes.toString("utf8"),
  }));
}

function counts({ provider }: Target): boolean {
  return provider.endpoints.includes("count_tokens");
}

/** Counts what a target would be sent, since the target itself cannot be asked. */
async function estimate(exchange: Exchange, { alias, body }: ServableRequest): Promise<Response> {
  const targets = targetsOn(alias, wire.name);
  if (targets.length === 0) {
    throw new GatewayError(
      "wire_not_served",
      `Model "${alias.name}" has no target that ${wire.label} can be sent to, so there is nothing to count.`,
      { param: "model" },
    );
  }
  const target = chooseTarget(targets);
  exchange.target = target;
  exchange.call = outgoingCall(wires.messages, target, body);
  const tokens = await estimateTokens(parseObject(exchange.call.body) ?? {});
  exchange.usage = nothingUsed.usage;
  exchange.cost.generation = nothingUsed.usd;
  exchange.root.set({ [attribute.tokensEstimated]: true });
  const headers = { ...proctorHeaders(exchange), "x-proctor-estimated": "true" };
  const reply = jsonReply({ input_tokens: tokens }, 200, headers);
  closeExchange(exchange, reply.status, reply.body);
  return exchange.arrival.reply(reply);
}

/** The span of a try. It is no LLM span: whoever adds up the tokens of those must not find these among them. */
function openCountSpan({
  tracing,
  alias,
  target,
  parent,
  transportRetry,
  attributes,
}: GenerationSpanOptions): OpenSpan {
  return openSpan(tracing.tracer, `count_tokens ${alias.name}`, {
    kind: "CHAIN",
    otelKind: SpanKind.CLIENT,
    parent,
    attributes: {
      ...attributes,
      [attribute.alias]: alias.name,
      [attribute.target]: target.label,
      [attribute.transportRetry]: transportRetry === 0 ? undefined : transportRetry,
    },
  });
}
