import { z } from "zod";
import type { Provider, ProviderKind, ProviderReply, ProviderRequest, WireName } from "./provider.ts";
import { behaviourNames, chooseBehaviour } from "./sandbox/behaviours.ts";
import { complete } from "./sandbox/complete.ts";
import { countTokensBody } from "./sandbox/count-tokens.ts";
import { deliver } from "./sandbox/deliver.ts";
import { embeddingsBody } from "./sandbox/embeddings.ts";
import { errorBody, SandboxRequestError } from "./sandbox/errors.ts";
import { readRequest } from "./sandbox/read-request.ts";
import { replyText } from "./sandbox/reply.ts";

const options = z.strictObject({ kind: z.literal("sandbox") });

/**
 * A deterministic model without a network, for trying and testing the product: it answers from the context it is given, or
 * in one of the ways that its behaviours name. Every reply says `sandbox-…` in `system_fingerprint`.
 */
export const sandbox: ProviderKind<typeof options> = {
  kind: "sandbox",
  options,
  models: behaviourNames.map((name) => `sandbox/${name}`),
  create: (name) => createSandbox(name),
};

function createSandbox(name: string): Provider {
  return {
    name,
    kind: "sandbox",
    system: "sandbox",
    endpoints: ["chat", "messages", "embeddings", "count_tokens"],
    url: "sandbox:",
    send,
    close: async () => {},
  };
}

async function send(request: ProviderRequest): Promise<ProviderReply> {
  request.signal.throwIfAborted();
  try {
    return await answer(request);
  } catch (error) {
    if (!(error instanceof SandboxRequestError)) throw error;
    return reply(
      error.status,
      "application/json",
      deliver([errorBody(wireOf(request), error)], "at_once", request.signal),
    );
  }
}

async function answer(request: ProviderRequest): Promise<ProviderReply> {
  const { endpoint, model, body, signal } = request;
  if (endpoint === "embeddings") return whole(await embeddingsBody(model, body), signal);
  if (endpoint === "count_tokens") return whole(await countTokensBody(body), signal);
  const read = readRequest(wireOf(request), body);
  const behaviour = chooseBehaviour(model, read);
  const completion = await complete({ model, body, read, behaviour });
  signal.throwIfAborted();
  const parts = replyText(completion);
  return reply(
    200,
    read.stream ? "text/event-stream; charset=utf-8" : "application/json",
    deliver(parts, completion.pace, signal),
  );
}

function whole(text: string, signal: AbortSignal): ProviderReply {
  signal.throwIfAborted();
  return reply(200, "application/json", deliver([text], "at_once", signal));
}

/** The dialect of what is asked for, and so of its errors. */
function wireOf({ endpoint }: ProviderRequest): WireName {
  if (endpoint === "chat" || endpoint === "messages") return endpoint;
  if (endpoint === "embeddings") return "chat";
  if (endpoint === "count_tokens") return "messages";
  throw new TypeError(`The sandbox does not serve ${endpoint}.`);
}

function reply(status: number, type: string, body: AsyncIterable<Uint8Array>): ProviderReply {
  return { status, headers: { "content-type": type, "cache-control": "no-cache" }, body };
}
