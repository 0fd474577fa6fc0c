import { afterEach, describe, expect, test } from "vitest";
import {
  bytesOf,
  chatReply,
  chatStream,
  type FakeVendor,
  messagesStream,
  startFakeVendor,
  type VendorReply,
  type VendorRequest,
} from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

type Answer = (count: number, request: VendorRequest) => VendorReply;

interface Options {
  readonly cache?: object;
  readonly guardrails?: readonly object[];
  readonly provider?: object;
}

const hold = [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }];
const observe = [{ models: ["student"], output: [{ evaluator: "safety", mode: "observe" }] }];

async function start(answer: Answer, { cache = {}, guardrails = [], provider = {} }: Options = {}) {
  const vendor = await startFakeVendor((request, count) => answer(count, request));
  const kinds = { chats: { kind: "openai", base_url: `${vendor.url}/v1`, ...provider } };
  const gateway = await startTestGateway({
    providers: { ...kinds, talks: { kind: "anthropic", base_url: vendor.url } },
    models: {
      student: { targets: [{ provider: "chats", model: "m" }], price: { input: 1000, output: 1000 }, cache },
      other: { targets: [{ provider: "chats", model: "m" }], cache },
      fresh: { targets: [{ provider: "chats", model: "m" }] },
      talker: { targets: [{ provider: "talks", model: "m" }], cache },
    },
    guardrails,
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

const question = { model: "student", messages: [{ role: "user", content: "How long do I have?" }] };

interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  gateway: TestGateway,
  body: object | string,
  { path = "/v1/chat/completions", headers = {} }: Asked = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await fetch(`${gateway.url}${path}`, { method: "POST", body: text, headers });
  return {
    status: reply.status,
    headers: reply.headers,
    text: await reply.text(),
    cache: reply.headers.get("x-proctor-cache"),
  };
}

/** Asks until the answer comes from the cache, where it is put in the background. */
async function askUntilHit(gateway: TestGateway, body: object | string, asked?: Asked) {
  await expect.poll(async () => (await ask(gateway, body, asked)).cache, { timeout: 5000 }).toBe("hit");
  return ask(gateway, body, asked);
}

/** Asks a few times, with time for an answer to be put away, and says where the answers came from. */
async function askThrice(gateway: TestGateway, body: object | string, asked?: Asked): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (let time = 0; time < 3; time += 1) {
    found.push((await ask(gateway, body, asked)).cache);
    await new Promise((done) => setTimeout(done, 80));
  }
  return found;
}

const withoutComments = (text: string) => text.replace(/^: .*\n\n/gm, "");

describe("the answer cache", () => {
  test("gives the same request the same bytes again, for nothing, and says so", async () => {
    const reply = chatReply("Within 30 days.");
    const { vendor, gateway } = await start(() => ({ ...reply, headers: { "x-request-id": "of-the-first" } }), {
      guardrails: hold,
    });
    const first = await ask(gateway, question);
    expect([first.cache, first.headers.get("age"), first.text]).toEqual(["miss", null, bytesOf(reply)]);
    expect(Number(first.headers.get("x-proctor-cost-usd"))).toBeGreaterThan(0);
    const again = await askUntilHit(gateway, question);
    expect(again.text).toBe(bytesOf(reply));
    expect(Object.fromEntries(again.headers)).toMatchObject({
      "content-type": "application/json",
      age: expect.stringMatching(/^\d+$/) as string,
      "x-proctor-verdict": "allow",
      "x-proctor-evaluations": "safety:pass",
      "x-proctor-target": "chats/m",
      "x-proctor-attempts": "0",
      "x-proctor-cost-usd": "0.000000000",
    });
    expect(again.headers.get("x-request-id")).toBeNull();
    const spans = await gateway.spansOf(again.headers.get("x-proctor-trace-id") ?? "");
    expect(spans).toHaveLength(1);
    expect(spans[0]?.attributes).toMatchObject({
      "proctor.cache.hit": true,
      "proctor.cache.trace_id": expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      "proctor.verdict": "allow",
      "proctor.cost.total_usd": 0,
      "output.value": "Within 30 days.",
    });
    expect(vendor.requests.length).toBeGreaterThan(0);
    const before = vendor.requests.length;
    await ask(gateway, '{ "messages": [{"content": "How long do I have?", "role": "user"}], "model": "student" }');
    expect(vendor.requests).toHaveLength(before);
  });

  test.each([
    { what: "passed on", guardrails: [] },
    { what: "held", guardrails: hold },
  ])("replays a stream that was $what, frame by frame, ended as it ended", async ({ guardrails }) => {
    const stream = chatStream(["Within ", "30 days — ", "für alle 😀."], { cut: 7 });
    const { vendor, gateway } = await start(() => stream, { guardrails });
    const body = { ...question, stream: true, stream_options: { include_usage: true } };
    const first = await ask(gateway, body);
    const again = await askUntilHit(gateway, body);
    expect(withoutComments(again.text)).toBe(bytesOf(stream));
    expect(withoutComments(again.text)).toBe(withoutComments(first.text));
    expect(again.text).toMatch(/: proctor \{"verdict":"allow".*"cache":"hit".*\}\n\ndata: \[DONE\]\n\n$/);
    expect(again.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const asked = vendor.requests.length;
    expect((await ask(gateway, question)).cache).toBe("miss");
    expect(vendor.requests).toHaveLength(asked + 1);
  });

  test("keeps the usage chunk from a client that did not ask for it, again", async () => {
    const { gateway } = await start(() => chatStream(["a"]));
    const body = { ...question, stream: true };
    await ask(gateway, body);
    const again = await askUntilHit(gateway, body);
    expect(again.text).not.toContain('"choices":[]');
    expect(again.text).toContain("data: [DONE]");
  });

  test("serves the messages dialect", async () => {
    const stream = messagesStream(["Within ", "30 days."]);
    const { gateway } = await start(() => stream);
    const body = { ...question, model: "talker", max_tokens: 10, stream: true };
    await ask(gateway, body, { path: "/v1/messages" });
    const again = await askUntilHit(gateway, body, { path: "/v1/messages" });
    expect(withoutComments(again.text)).toBe(bytesOf(stream));
    expect(again.text).toMatch(/: proctor [^\n]*\n\nevent: message_stop\n/);
  });

  test("serves an answer that was translated, with the word of what was left out", async () => {
    const { vendor, gateway } = await start(() => chatStream(["Within ", "30 days."]));
    const messages = { ...question, max_tokens: 10, top_k: 3, stream: true };
    const first = await ask(gateway, messages, { path: "/v1/messages" });
    const again = await askUntilHit(gateway, messages, { path: "/v1/messages" });
    expect(first.headers.get("x-proctor-dropped")).toBe("top_k");
    expect(again.headers.get("x-proctor-dropped")).toBe("top_k");
    expect(withoutComments(again.text)).toMatch(/event: message_stop\n/);
    const responses = { model: "student", input: "How long do I have?", stream: true };
    await ask(gateway, responses, { path: "/v1/responses" });
    const asked = vendor.requests.length;
    const replayed = await askUntilHit(gateway, responses, { path: "/v1/responses" });
    expect(replayed.text).toMatch(/: proctor [^\n]*"cache":"hit"[^\n]*\n\nevent: response\.completed\n/);
    expect(vendor.requests.length).toBeLessThanOrEqual(asked + 5);
  });

  test.each([
    ["another setting", { ...question, temperature: 0.5 }],
    ["another user", { ...question, user: "u-2" }],
    ["other passages to be judged by", { ...question, proctor: { context: ["Returns within 14 days."] } }],
    ["another alias with the same target", { ...question, model: "other" }],
  ])("does not take a request for another: %s", async (_what, other) => {
    const { gateway } = await start(() => chatReply("Within 30 days."));
    await askUntilHit(gateway, question);
    expect((await ask(gateway, other)).cache).toBe("miss");
  });

  test("tells numbers apart that a double does not", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."));
    const seeded = (seed: string) => JSON.stringify(question).replace("{", `{"seed":${seed},`);
    await askUntilHit(gateway, seeded("12345678901234567890"));
    expect((await ask(gateway, seeded("12345678901234567891"))).cache).toBe("miss");
  });

  test("is not asked for an alias without one", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."));
    expect(await askThrice(gateway, { ...question, model: "fresh" })).toEqual([null, null, null]);
  });

  test("forgets after the time that the alias gives it", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."), { cache: { ttl: "500ms" } });
    await askUntilHit(gateway, question);
    await expect.poll(async () => (await ask(gateway, question)).cache, { timeout: 5000 }).toBe("miss");
  });

  test("is passed by on demand, and then does not keep", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."));
    const bypass = { headers: { "x-proctor-cache": "bypass" } };
    expect(await askThrice(gateway, question, bypass)).toEqual([null, null, null]);
    expect((await ask(gateway, question)).cache).toBe("miss");
    await askUntilHit(gateway, question);
    expect((await ask(gateway, question, bypass)).cache).toBeNull();
  });

  test("has nothing for a caller who asks for more examination, so that a new answer is examined", async () => {
    const { vendor, gateway } = await start(() => chatReply("Within 30 days."));
    await askUntilHit(gateway, question);
    const before = vendor.requests.length;
    const reply = await ask(gateway, question, { headers: { "x-proctor-evaluators": "safety" } });
    expect(reply.cache).toBe("miss");
    expect(vendor.requests).toHaveLength(before + 1);
    const spans = await gateway.spansOf(reply.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.map(({ name }) => name)).toContain("evaluate safety");
  });

  test("keeps callers apart whose own keys go to the vendor", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."), { provider: { pass_through_auth: true } });
    const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    await askUntilHit(gateway, question, as("one"));
    expect((await ask(gateway, question, as("two"))).cache).toBe("miss");
  });
});

describe("the answer cache never keeps", () => {
  const never = ["miss", "miss", "miss"];

  test("what a guardrail withheld", async () => {
    const { vendor, gateway } = await start(() => chatReply("My card is 4539 5787 6362 1486."), { guardrails: hold });
    const replies = await askThrice(gateway, question);
    expect(replies).toEqual(never);
    expect(vendor.requests).toHaveLength(3);
  });

  test("what was let through unexamined", async () => {
    const guardrails = [
      { models: ["student"], output: [{ evaluator: "faithfulness", mode: "hold", on_skip: "allow" }] },
    ];
    const { gateway } = await start(() => chatReply("Within 30 days."), { guardrails });
    expect((await ask(gateway, question)).headers.get("x-proctor-verdict")).toBe("degraded");
    expect(await askThrice(gateway, question)).toEqual(never);
  });

  test.each([false, true])("what an evaluator that watches found wanting (stream: %s)", async (stream) => {
    const text = "My card is 4539 5787 6362 1486.";
    const { gateway } = await start(() => (stream ? chatStream([text]) : chatReply(text)), { guardrails: observe });
    expect(await askThrice(gateway, { ...question, stream })).toEqual(never);
  });

  test("but does keep what that evaluator was content with", async () => {
    const { gateway } = await start(() => chatReply("Within 30 days."), { guardrails: observe });
    expect((await askUntilHit(gateway, question)).text).toContain("Within 30 days.");
  });

  test.each([
    ["a failure", { status: 500, chunks: ['{"error":{"message":"no"}}'] }, false],
    ["an error that calls itself a success", { chunks: ['{"error":{"message":"no"}}'] }, false],
    [
      "a stream that broke off",
      { ...chatStream(["a", "b"]), chunks: ['data: {"choices":[]}\n\n'], ending: "reset" },
      true,
    ],
    ["a stream without an end", { ...chatStream(["a"]), chunks: ['data: {"choices":[]}\n\n'] }, true],
    [
      "a stream with an error in it",
      { ...chatStream(["a"]), chunks: ['data: {"error":{"message":"no"}}\n\n', "data: [DONE]\n\n"] },
      true,
    ],
    [
      "an answer that did not finish",
      { chunks: ['{"id":"1","choices":[{"index":0,"message":{"content":"a"}}]}'] },
      false,
    ],
  ] as const)("%s", async (_what, reply, stream) => {
    const { gateway } = await start(() => reply);
    expect(await askThrice(gateway, { ...question, stream })).toEqual(never);
  });
});
