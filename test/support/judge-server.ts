import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A chat completions request as a judge receives it. */
export interface JudgeCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
}

/** What a played judge answers: the text of a completion, or how the exchange goes wrong. */
export type PlayedReply =
  | string
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The body of a reply that begins and never ends: one byte after another. */
  | { readonly drip: string; readonly everyMs: number }
  | { readonly never: true };

export interface JudgeServer {
  readonly url: string;
  readonly calls: readonly JudgeCall[];
  readonly headers: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** A real server on 127.0.0.1 that speaks chat completions and answers what the function makes of each request. */
export async function startJudgeServer(play: (call: JudgeCall, index: number) => PlayedReply): Promise<JudgeServer> {
  const calls: JudgeCall[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = JSON.parse(Buffer.concat(chunks).toString()) as JudgeCall;
      calls.push(call);
      headers.push(request.headers);
      void answer(response, call.model, play(call, calls.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The nonce, the criterion ids and the marker of a judge prompt, read as a model would read them. */
export function readMarks({ messages }: JudgeCall): { nonce: string; ids: readonly string[]; marker: string } {
  const user = messages.at(-1)?.content ?? "";
  const criteria = JSON.parse(messages[0]?.content.split("\n").at(-1) ?? "[]") as { id: string }[];
  return {
    nonce: /^Nonce: (\w+)$/m.exec(user)?.[1] ?? "",
    ids: criteria.map(({ id }) => id),
    marker: /^<(sample-\w+)>$/m.exec(user)?.[1] ?? "",
  };
}

/** A well-formed answer to the call: the same verdict and evidence for every criterion. */
export function wellFormed(call: JudgeCall, verdict: string, evidence = "because"): string {
  const { nonce, ids } = readMarks(call);
  return JSON.stringify({ nonce, criteria: ids.map((id) => ({ id, evidence, verdict })) });
}

async function answer(response: ServerResponse, model: string, reply: PlayedReply): Promise<void> {
  if (typeof reply === "string") {
    response.writeHead(200, { "content-type": "application/json", "x-proctor-cost-usd": "0.001" });
    response.end(completion(model, reply));
  } else if ("status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(reply.body);
  } else if ("drip" in reply) {
    response.writeHead(200, { "content-type": "application/json" });
    for (const character of completion(model, reply.drip)) {
      if (response.destroyed) return;
      response.write(character);
      await wait(reply.everyMs);
    }
  }
}

function completion(model: string, content: string): string {
  return JSON.stringify({
    id: "chatcmpl-played",
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  });
}
