import { afterEach, describe, expect, test } from "vitest";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  startFakeVendor,
  type VendorReply,
} from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

/** What the safety evaluator must find, wherever in a reply it stands. */
const secret = "123-45-6789";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

async function ask(kind: "openai" | "anthropic", reply: VendorReply, stream: boolean, extra: object = {}) {
  const vendor = await startFakeVendor(() => reply);
  const gateway = await startTestGateway({
    providers: { vendor: { kind, base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }],
  });
  open.push(vendor, gateway);
  const response = await fetch(gateway.url + (kind === "openai" ? "/v1/chat/completions" : "/v1/messages"), {
    method: "POST",
    redirect: "manual",
    body: JSON.stringify({
      model: "student",
      stream,
      max_tokens: 9,
      messages: [{ role: "user", content: "hi" }],
      ...extra,
    }),
  });
  return { response, seen: (await response.text()) + JSON.stringify([...response.headers]) };
}

const events = { "content-type": "text/event-stream" };
const chunk = (choice: object) => `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, ...choice }] })}\n\n`;
const delta = (said: object) => chunk({ delta: said });
const done = `${chunk({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`;
const message = (said: object, choice: object = {}): VendorReply =>
  chatReply("", {
    choices: [{ index: 0, message: { role: "assistant", content: "fine", ...said }, finish_reason: "stop", ...choice }],
  });
const streamed = (...frames: string[]): VendorReply => ({ headers: events, chunks: [...frames, done] });
const call = (called: object) => ({ tool_calls: [{ id: "t", type: "function", function: called }] });

const chatPlaces: Record<string, VendorReply> = {
  "a second choice": chatReply("", {
    choices: [
      { index: 0, message: { content: "fine" } },
      { index: 1, message: { content: secret } },
    ],
  }),
  "the reasoning beside an empty reasoning_content": message({ reasoning_content: "", reasoning: secret }),
  "a refusal that follows a number": message({ content: "Total 5", refusal: secret }),
  "a content part of type refusal": message({
    content: [
      { type: "text", text: "fine" },
      { type: "refusal", refusal: secret },
    ],
  }),
  "a content part of another kind": message({ content: [{ type: "thinking", thinking: [{ text: secret }] }] }),
  "a member that nobody knows": message({ annotations: [{ title: secret }] }),
  "the text of a completion": message({}, { text: secret }),
  "a delta in a whole reply": message({}, { delta: { content: secret } }),
  "log probabilities": message({}, { logprobs: { content: [{ token: "123-45" }, { token: "-6789" }] } }),
  "tool arguments behind escapes": message(call({ name: "f", arguments: '{"a":"\\u0031\\u00323-45-6789"}' })),
  "tool arguments that are an object": message(call({ name: "f", arguments: { a: secret } })),
  "a tool's name": message(call({ name: `call ${secret}`, arguments: "{}" })),
  "the first of two equal keys": {
    chunks: [`{"choices":[{"index":0,"message":{"content":"${secret}","content":"fine"},"finish_reason":"stop"}]}`],
  },
  "a redirect": {
    status: 307,
    headers: { location: `http://127.0.0.1:9/${secret}` },
    chunks: [JSON.stringify({ choices: [{ message: { content: secret } }] })],
  },
  "a failure that quotes the answer": {
    status: 400,
    chunks: [JSON.stringify({ error: { message: "no", failed_generation: secret } })],
  },
  "a failure that is no JSON": { status: 500, chunks: [`the answer was ${secret}`] },
};

const chatStreamPlaces: Record<string, VendorReply> = {
  "pieces with another kind between them": streamed(
    delta({ content: "123-" }),
    delta({ refusal: "x" }),
    delta({ content: "45-6789" }),
  ),
  "choices in turns": streamed(
    delta({ reasoning: "123-" }),
    chunk({ index: 1, delta: { reasoning: "x" } }),
    delta({ reasoning: "45-6789" }),
  ),
  "a message in a chunk": streamed(chunk({ message: { content: secret } })),
  "a comment": streamed(delta({ content: "fine" }), `: ${secret}\n\n`),
  "a comment inside a frame": streamed(`: ${secret}\n${delta({ content: "fine" })}`),
  "an event name": streamed(`event: ${secret}\n${delta({ content: "fine" })}`),
  "an id": streamed(`id: ${secret}\n${delta({ content: "fine" })}`),
  "an error in the middle": {
    headers: events,
    chunks: [delta({ content: "fine" }), `data: ${JSON.stringify({ error: { message: secret } })}\n\n`],
  },
  "frames after the end": { headers: events, chunks: [delta({ content: "fine" }), done, delta({ content: secret })] },
};

const frame = (body: { readonly type: string }, name = body.type) =>
  `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;
const began = (content: unknown) =>
  frame({ type: "message_start", message: { id: "m", role: "assistant", content } } as never);
const piece = (index: number, said: object) => frame({ type: "content_block_delta", index, delta: said } as never);
const ended = `${frame({ type: "message_delta", delta: { stop_reason: "end_turn" } } as never)}${frame({ type: "message_stop" })}`;
const messageStreamPlaces: Record<string, VendorReply> = {
  "content of the first frame": { headers: events, chunks: [began([{ type: "text", text: secret }]), ended] },
  "blocks in turns": {
    headers: events,
    chunks: [
      began([]),
      piece(0, { type: "text_delta", text: "123-" }),
      piece(1, { type: "text_delta", text: "x" }),
      piece(0, { type: "text_delta", text: "45-6789" }),
      ended,
    ],
  },
  "a frame whose name and type differ": {
    headers: events,
    chunks: [
      began([]),
      frame({ type: "ping", delta: { type: "text_delta", text: secret } } as never, "content_block_delta"),
      ended,
    ],
  },
  "a frame of a type that nobody knows": {
    headers: events,
    chunks: [began([]), frame({ type: "news", text: secret } as never), ended],
  },
};

describe("an answer in hold that hides what fails", () => {
  test.each(Object.entries(chatPlaces))("in %s does not reach a chat client", async (_place, reply) => {
    const { seen } = await ask("openai", reply, false);
    expect(seen).not.toContain(secret);
  });

  test.each(Object.entries(chatStreamPlaces))(
    "in %s does not reach a chat client that streams",
    async (_place, reply) => {
      const { seen } = await ask("openai", reply, true);
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain("45-6789");
    },
  );

  test.each(Object.entries(messageStreamPlaces))(
    "in %s does not reach a messages client that streams",
    async (_place, reply) => {
      const { seen } = await ask("anthropic", reply, true);
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain("45-6789");
    },
  );

  test("as content that is a string, or a result of a server's tool, does not reach a messages client", async () => {
    const whole = JSON.parse(
      Buffer.concat(messagesReply("").chunks.map((bytes) => Buffer.from(bytes))).toString(),
    ) as object;
    for (const content of [secret, [{ type: "web_search_tool_result", content: [{ title: secret }] }]]) {
      const { seen } = await ask("anthropic", { chunks: [JSON.stringify({ ...whole, content })] }, false);
      expect(seen).not.toContain(secret);
    }
  });
});

test.each([
  { what: "no text", reply: chatReply("") },
  { what: "an empty stream", reply: chatStream([]) },
])("an answer with $what has not passed, whatever the question holds", async ({ reply }) => {
  const { response } = await ask("openai", reply, reply.headers !== undefined);
  expect(response.headers.get("x-proctor-verdict")).toBe("degraded");
  expect(response.headers.get("x-proctor-evaluations")).toBe("safety:abstained");
});

test("audio, which nobody can examine, is refused on a guarded model", async () => {
  const { response, seen } = await ask("openai", chatReply("fine"), false, { modalities: ["text", "audio"] });
  expect(response.status).toBe(400);
  expect(seen).toContain("audio output cannot be");
});
