import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setImmediate, setInterval } from "node:timers/promises";
import { caseOf, longReply, tokensOf } from "./cases.ts";

// A model vendor that answers the case that a request's `seed` names, whole or token by token. Every frame says which token it
// is and when it left, in nanoseconds of the machine's monotonic clock, so that a client on the same machine can tell how long
// it took. The argument is the milliseconds between two tokens; 0 sends one after the other. A process of its own; it prints
// its URL.

interface CaseRequest {
  readonly stream?: boolean;
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly stream_options?: { readonly include_usage?: boolean };
}

/** So many answers are kept, so that making them is not what is measured. */
const mostKept = 4096;
const pauseMs = Number(process.argv[2] ?? "0");
const common = { id: "chatcmpl-case", created: 1_760_000_000, model: "case" };
const usage = { prompt_tokens: 60, completion_tokens: 210, total_tokens: 270 };
const wholes = new Map<number, Buffer>();
const tokenLists = new Map<number, readonly string[]>();

const server = createServer((request, reply) => {
  void json(request).then(
    (body) => answer(body as CaseRequest, reply),
    // Some gateways look around at the start.
    () => reply.writeHead(404).end(),
  );
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

async function answer(request: CaseRequest, reply: ServerResponse): Promise<void> {
  const { stream, seed = 0, max_tokens: length, stream_options: options } = request;
  if (!stream) {
    const whole = kept(wholes, seed, wholeReply);
    reply.writeHead(200, { "content-type": "application/json", "content-length": whole.length }).end(whole);
    return;
  }
  const tokens =
    length === undefined
      ? kept(tokenLists, seed, (number) => tokensOf(caseOf(number).reply))
      : longReply(seed, length).tokens;
  reply.writeHead(200, { "content-type": "text/event-stream" });
  reply.write(frame({ role: "assistant", content: "" }, null));
  let index = 0;
  for await (const _turn of turns()) {
    if (reply.destroyed) return;
    const content = tokens[index];
    if (content === undefined) break;
    reply.write(frame({ content }, null, index));
    index += 1;
  }
  const end = frame({}, "stop", index);
  const usageFrame = `data: ${JSON.stringify({ ...common, object: "chat.completion.chunk", choices: [], usage })}\n\n`;
  reply.end(`${end}${options?.include_usage ? usageFrame : ""}data: [DONE]\n\n`);
}

/** Each token leaves in a write of its own, as a model's do. */
async function* turns(): AsyncGenerator<void> {
  if (pauseMs > 0) yield* setInterval(pauseMs);
  while (true) yield setImmediate();
}

function wholeReply(number: number): Buffer {
  const message = { role: "assistant", content: caseOf(number).reply };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  return Buffer.from(JSON.stringify({ ...common, object: "chat.completion", choices, usage }));
}

function frame(delta: object, finish_reason: string | null, index = -1): string {
  const choices = [{ index: 0, delta, finish_reason }];
  const stamp = `t=${process.hrtime.bigint()} n=${index}`;
  return `data: ${JSON.stringify({ ...common, object: "chat.completion.chunk", system_fingerprint: stamp, choices })}\n\n`;
}

function kept<T>(all: Map<number, T>, number: number, make: (number: number) => T): T {
  const value = all.get(number) ?? make(number);
  if (all.size >= mostKept) all.clear();
  all.set(number, value);
  return value;
}
