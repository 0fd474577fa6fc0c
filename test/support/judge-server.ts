import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { listenOnLoopback } from "./loopback.ts";

/** A chat completions request as a judge receives it. */
export interface JudgeCall {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly response_format?: { readonly json_schema: { readonly name: string; readonly schema: object } };
  readonly logprobs?: boolean;
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
  return {
    ...(await listenOnLoopback(server)),
    calls,
    headers,
  };
}

/** A question of the protocol, read from the text of its prompt as a model would read it. */
export interface AskedQuestion {
  readonly nonce: string;
  readonly marker: string;
  /** The key of the answer that holds its entries: `criteria`, `claims`, `facts`, `checklist`. */
  readonly holder: string;
  /** The form of each entry by its id; empty for a checklist, which is a list. */
  readonly entries: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ids: readonly string[];
  /** What stands between the marker lines. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function readMarks({ messages }: Pick<JudgeCall, "messages">): AskedQuestion {
  const user = messages.at(-1)?.content ?? "";
  const { nonce, ...form } = readLine(user, /\n(\{"nonce":.*\})(?:\n|$)/) as Record<string, unknown> & {
    nonce?: string;
  };
  const [holder = "", held] = Object.entries(form)[0] ?? [];
  const entries = (Array.isArray(held) ? {} : (held ?? {})) as AskedQuestion["entries"];
  return {
    nonce: nonce ?? "",
    marker: /^<(sample-\w+)>$/m.exec(user)?.[1] ?? "",
    holder,
    entries,
    ids: Object.keys(entries),
    data: readLine(user, /^<sample-\w+>\n(.*)$/m) as Record<string, unknown>,
  };
}

function readLine(text: string, line: RegExp): unknown {
  return JSON.parse(line.exec(text)?.[1] ?? "{}");
}

/** A well-formed answer to the call: the same verdict and evidence for every question. */
export function wellFormed(call: Pick<JudgeCall, "messages">, verdict: string, evidence = "because"): string {
  const { nonce, holder, entries } = readMarks(call);
  const said = Object.entries(entries).map(([id, form]) => [
    id,
    Object.fromEntries(Object.keys(form).map((key) => [key, key === "evidence" ? evidence : verdict])),
  ]);
  return JSON.stringify({ nonce, [holder]: holder === "checklist" ? [] : Object.fromEntries(said) });
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
