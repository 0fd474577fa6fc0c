import { z } from "zod";
import type { Provider, ProviderKind, ProviderReply, ProviderRequest } from "./provider.ts";
import { behaviourNames, chooseBehaviour } from "./sandbox/behaviours.ts";
import { complete } from "./sandbox/complete.ts";
import { deliver } from "./sandbox/deliver.ts";
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
    wires: ["chat", "messages"],
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
      deliver([errorBody(request.wire, error)], "at_once", request.signal),
    );
  }
}

async function answer({ wire, model, body, signal }: ProviderRequest): Promise<ProviderReply> {
  const read = readRequest(wire, body);
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

function reply(status: number, type: string, body: AsyncIterable<Uint8Array>): ProviderReply {
  return { status, headers: { "content-type": type, "cache-control": "no-cache" }, body };
}
