import { createServer, type ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { json } from "node:stream/consumers";
import type { AddressInfo } from "node:net";

// A model vendor that costs next to nothing: it replays one chat reply of about a kilobyte, or the same in twenty tokens.
// A process of its own; it prints its URL.

interface ChatRequest {
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

const tokens = Array.from({ length: 20 }, (_, index) => `Token number ${index + 1} of this reply. `);
const usage = { prompt_tokens: 24, completion_tokens: 160, total_tokens: 184 };
const common = { id: "chatcmpl-replayed", created: 1_760_000_000, model: "replay" };
const whole = Buffer.from(
  JSON.stringify({
    ...common,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: tokens.join("") }, finish_reason: "stop" }],
    usage,
  }),
);
const frames = [
  frame({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] }),
  ...tokens.map((content) => frame({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
];
const usageFrame = frame({ choices: [], usage });
const done = Buffer.from("data: [DONE]\n\n");

const server = createServer((request, reply) => {
  void json(request).then(
    (body) => answer(body as ChatRequest, reply),
    // Some gateways look around at the start.
    () => reply.writeHead(404).end(),
  );
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

async function answer({ stream, stream_options }: ChatRequest, reply: ServerResponse): Promise<void> {
  if (!stream) {
    reply.writeHead(200, { "content-type": "application/json", "content-length": whole.length }).end(whole);
    return;
  }
  reply.writeHead(200, { "content-type": "text/event-stream" });
  for (const bytes of frames) {
    reply.write(bytes);
    // Each token leaves in a write of its own, as a model's do.
    await setImmediate();
  }
  if (stream_options?.include_usage) reply.write(usageFrame);
  reply.end(done);
}

function frame(part: object): Buffer {
  return Buffer.from(`data: ${JSON.stringify({ ...common, object: "chat.completion.chunk", ...part })}\n\n`);
}
