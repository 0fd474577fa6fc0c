import { serve } from "@hono/node-server";
import { createParser } from "eventsource-parser";
import { Hono } from "hono";
import { Agent, type Dispatcher, request } from "undici";

// The least that a proxy of this kind can do: Hono in front, undici behind, both bodies parsed, nothing examined and
// nothing recorded. What Proctor costs beyond it is Proctor's own. A process of its own; it prints its URL.

const upstream = process.argv[2] ?? "";
const dispatcher = new Agent({ pipelining: 1 });
const app = new Hono();

app.post("/v1/chat/completions", async (c) => {
  const body = await c.req.json<{ stream?: boolean }>();
  const reply = await request(`${upstream}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    dispatcher,
  });
  if (!body.stream) return c.json(await reply.body.json());
  const stream = ReadableStream.from(readFrames(reply.body));
  return c.body(stream, 200, { "content-type": "text/event-stream" });
});

async function* readFrames(body: Dispatcher.ResponseData["body"]): AsyncIterable<Uint8Array> {
  const parsed: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => parsed.push(data === "[DONE]" ? data : JSON.parse(data)) });
  const decoder = new TextDecoder();
  for await (const bytes of body as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield bytes;
  }
}

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
