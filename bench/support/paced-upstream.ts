import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A vendor whose every stream brings 20 tokens a second. A token says when it left, in nanoseconds of the machine's monotonic
// clock, so that a client on the same machine can tell how long it took. A request's `max_tokens` says how many tokens come;
// `"seed": 1` breaks the connection in the middle, `"seed": 2` answers 500. A process of its own; it prints its URL.

interface PacedRequest {
  readonly max_tokens?: number;
  readonly seed?: number;
}

interface Stream {
  readonly reply: ServerResponse;
  readonly breaksAt: number;
  left: number;
}

const tokensASecond = 20;
/** Streams are spread over so many groups, which take turns, so that tokens do not all leave at once. */
const groups: Set<Stream>[] = Array.from({ length: 10 }, () => new Set<Stream>());
let turn = 0;

const server = createServer((request, reply) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => begin(JSON.parse(Buffer.concat(chunks).toString()) as PacedRequest, reply));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

setInterval(
  () => {
    turn = (turn + 1) % groups.length;
    const group = groups[turn] ?? new Set<Stream>();
    for (const stream of group) advance(stream, group);
  },
  1000 / tokensASecond / groups.length,
);

function begin({ max_tokens: tokens = 100, seed }: PacedRequest, reply: ServerResponse): void {
  if (seed === 2) {
    reply
      .writeHead(500, { "content-type": "application/json" })
      .end(`{"error":{"message":"broken","type":"server_error"}}`);
    return;
  }
  reply.writeHead(200, { "content-type": "text/event-stream" });
  reply.write(frame({ role: "assistant", content: "" }, null));
  const group = groups.toSorted((a, b) => a.size - b.size)[0] ?? new Set<Stream>();
  const stream = { reply, left: tokens, breaksAt: seed === 1 ? Math.floor(tokens / 2) : -1 };
  group.add(stream);
  reply.on("close", () => group.delete(stream));
}

function advance(stream: Stream, group: Set<Stream>): void {
  if (stream.left === stream.breaksAt) {
    stream.reply.destroy();
    return;
  }
  stream.left -= 1;
  if (stream.left >= 0) {
    stream.reply.write(frame({ content: `t=${process.hrtime.bigint()} ` }, null));
    return;
  }
  group.delete(stream);
  stream.reply.write(frame({}, "stop"));
  stream.reply.end("data: [DONE]\n\n");
}

function frame(delta: object, finish_reason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ id: "chatcmpl-paced", object: "chat.completion.chunk", created: 1_760_000_000, model: "paced", choices })}\n\n`;
}
