import { Hono } from "hono";
import { arrivalOf } from "../arrival/arrival-of.ts";
import { embeddingsUsage } from "../embeddings/embeddings-usage.ts";
import { openEmbeddingsSpan, recordEmbeddings } from "../embeddings/embeddings-span.ts";
import { GatewayError } from "../errors.ts";
import { holdsRequests } from "../guardrails/guardrail.ts";
import { type Exchange, openExchange } from "../exchange/exchange.ts";
import { admit, findAlias, receive } from "../exchange/receive.ts";
import { serveCall } from "../exchange/serve-call.ts";
import { serveError } from "../exchange/serve-error.ts";
import { smallParts } from "../exchange/small-parts.ts";
import { type Alias, costOf, type Target } from "../routing/alias.ts";
import type { Runtime } from "../runtime.ts";
import { nativeCall } from "../translation/outgoing-call.ts";
import { editTopLevel } from "../wires/edit-json.ts";
import { wires } from "../wires/registry.ts";
import { modelOf } from "../wires/request-text.ts";
import type { Wire } from "../wires/wire.ts";

const path = "/v1/embeddings";
const wire: Wire = { ...wires.chat, path };

/** `POST /v1/embeddings`: passed through to targets that serve embeddings, byte for byte. */
export function embeddingsRoute(runtime: Runtime): Hono {
  return new Hono().post(path, async function embeddings(c) {
    const exchange = openExchange(wire, runtime, arrivalOf(c), `embeddings ${path}`);
    try {
      return await embed(exchange);
    } catch (thrown) {
      return serveError(exchange, GatewayError.from(thrown));
    }
  });
}

async function embed(exchange: Exchange): Promise<Response> {
  const body = await receive(exchange);
  const alias = findAlias(exchange, modelOf(body.json));
  if (!alias.targets.some(servesEmbeddings)) throw notServed(alias, exchange.runtime);
  if (alias.guardrails.some(holdsRequests)) throw examinedElsewhere(alias);
  const servable = { body, alias, parts: smallParts(alias.name), guardrails: [] };
  exchange.admission = await admit(exchange, servable);
  const calling = {
    serves: servesEmbeddings,
    callFor: ({ model }: Target) => nativeCall("embeddings", editTopLevel(body.text, { model, proctor: undefined })),
    openSpan: openEmbeddingsSpan(body.json),
  };
  return serveCall(exchange, { ...servable, calling }, (bytes, { generation: { span, target } }) => {
    const usage = embeddingsUsage(bytes);
    recordEmbeddings(span, target, usage);
    return { usage, usd: costOf(target, usage), outputText: "" };
  });
}

/** A door through which text could reach the model unexamined. */
function examinedElsewhere({ name }: Alias): GatewayError {
  return new GatewayError(
    "invalid_request",
    `Requests to "${name}" are examined before a model sees them, and requests for embeddings are not. Ask an alias without guardrails on its input.`,
    { param: "model" },
  );
}

function servesEmbeddings({ provider }: Target): boolean {
  return provider.endpoints.includes("embeddings");
}

function notServed({ name, targets }: Alias, { aliases }: Runtime): GatewayError {
  const providers = [...new Set(targets.map(({ provider }) => `"${provider.name}"`))].join(", ");
  const others = [...aliases.values()].filter((alias) => alias.targets.some(servesEmbeddings));
  const way = others.length === 0 ? "none does" : others.map((alias) => alias.name).join(", ");
  return new GatewayError(
    "wire_not_served",
    `Model "${name}" is served by ${providers}, which makes no embeddings. Models that do: ${way}.`,
    { param: "model" },
  );
}
