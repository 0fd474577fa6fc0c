import { createServer } from "node:http";
import type { Provider, ProviderReply, WireName } from "../../gateway/providers/provider.ts";
import { sandbox } from "../../gateway/providers/sandbox.ts";
import { listenOnLoopback, type Loopback } from "./loopback.ts";

const provider: Provider = sandbox.create("sandbox", { kind: "sandbox" });
export const context =
  "<context>Lamps can be returned within 30 days. Cables cannot be returned. Shipping costs 5 euros.</context>";
export const question = `${context}\nHow long can I return lamps?`;

/** A conversation of one user message. */
export function says(content: string): { role: "user"; content: string }[] {
  return [{ role: "user", content }];
}

interface SendOptions {
  readonly wire?: WireName;
  readonly model?: string;
  readonly signal?: AbortSignal;
}

/** Sends a body, as JSON text or as what becomes that, to a sandbox. */
export function send(
  body: unknown,
  { wire = "chat", model = "student", signal = new AbortController().signal }: SendOptions = {},
): Promise<ProviderReply> {
  const json =
    typeof body === "string"
      ? body
      : JSON.stringify(wire === "messages" ? { max_tokens: 500, ...(body as object) } : body);
  return provider.send({ endpoint: wire, model, body: json, headers: {}, signal });
}

/** The whole body of a reply as text. */
export async function read({ body }: ProviderReply): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export interface ChatReply {
  readonly choices: readonly { readonly message: { readonly content: string }; readonly finish_reason: string }[];
}

/** The answer of a sandbox to one user message. */
export async function ask(content: string, model = "student"): Promise<string> {
  const reply = await send({ model, messages: says(content) }, { model });
  return (JSON.parse(await read(reply)) as ChatReply).choices[0]?.message.content ?? "";
}

/** A sandbox behind HTTP, so that unmodified clients can read what it writes. */
export async function startSandboxServer(): Promise<Loopback> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const left = new AbortController();
    response.on("close", () => left.abort());
    const answer = async () => {
      const body = Buffer.concat(chunks).toString();
      const { model } = JSON.parse(body) as { model: string };
      const wire = request.url?.endsWith("/messages") ? "messages" : "chat";
      const reply = await provider.send({ endpoint: wire, model, body, headers: {}, signal: left.signal });
      response.writeHead(reply.status, reply.headers);
      for await (const chunk of reply.body) response.write(chunk);
      response.end();
    };
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void answer().catch(() => response.destroy()));
  });
  return listenOnLoopback(server);
}
