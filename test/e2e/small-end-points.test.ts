import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { createKey, hashKey } from "../../gateway/index.ts";
import { type FakeVendor, startFakeVendor, type VendorReply } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

type Answer = (count: number) => VendorReply;

/** A gateway with an alias on each kind of provider, both of which one vendor plays. */
async function start(answer: Answer, model: object = {}): Promise<{ vendor: FakeVendor; gateway: TestGateway }> {
  const vendor = await startFakeVendor((_request, count) => answer(count));
  const gateway = await startTestGateway({
    providers: {
      chats: { kind: "openai", base_url: `${vendor.url}/v1`, api_key: "k" },
      talks: { kind: "anthropic", base_url: vendor.url, api_key: "k" },
    },
    models: {
      texts: { targets: [{ provider: "chats", model: "text-3" }], price: { input: 2, output: 0 }, ...model },
      talker: { targets: [{ provider: "talks", model: "talk-4" }] },
    },
    guardrails: [{ models: ["texts", "talker"], output: [{ evaluator: "safety", mode: "hold" }] }],
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

async function startSandbox(): Promise<TestGateway> {
  const gateway = await startTestGateway();
  open.push(gateway);
  return gateway;
}

function post(gateway: TestGateway, path: string, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${gateway.url}${path}`, { method: "POST", body: text, headers });
}

const vectors =
  '{ "object":"list", "data":[{"object":"embedding","index":0,"embedding":[0.10,-2e-3]}],\n "model":"text-3-2026", "usage":{"prompt_tokens":5,"total_tokens":5}, "extra": 1.00 }';

describe("embeddings", () => {
  test("pass through byte for byte, with the model's own name and without what is ours", async () => {
    const { vendor, gateway } = await start(() => ({ chunks: [vectors], headers: { "x-request-id": "r-1" } }));
    const text = '{"input": ["one", "two"], "model": "texts", "dimensions": 2.0, "proctor": {"context": ["c"]}}';
    const reply = await post(gateway, "/v1/embeddings", text);
    expect(await reply.text()).toBe(vectors);
    expect(vendor.requests[0]?.text).toBe('{"input": ["one", "two"], "model": "text-3", "dimensions": 2.0}');
    expect(vendor.requests[0]?.path).toBe("/v1/embeddings");
    const headers = Object.fromEntries(reply.headers);
    expect(headers).toMatchObject({ "x-request-id": "r-1", "x-proctor-target": "chats/text-3" });
    expect(headers["x-proctor-cost-usd"]).toBe("0.000010000");
    expect(headers["x-proctor-verdict"]).toBeUndefined();
  });

  test("leave an EMBEDDING span with the texts, the tokens and the cost, and no vector", async () => {
    const { gateway } = await start(() => ({ chunks: [vectors] }));
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: ["one", "two"], dimensions: 2 });
    await reply.text();
    const spans = await gateway.spansOf(reply.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.map(({ name }) => name).toSorted()).toEqual([
      "CreateEmbeddings",
      "attempt",
      "embeddings /v1/embeddings",
    ]);
    const span = spans.find(({ name }) => name === "CreateEmbeddings");
    expect(span?.spanId).toBe(reply.headers.get("x-proctor-span-id"));
    expect(span?.attributes).toMatchObject({
      "openinference.span.kind": "EMBEDDING",
      "embedding.model_name": "text-3",
      "embedding.invocation_parameters": '{"dimensions":2}',
      "embedding.embeddings.0.embedding.text": "one",
      "embedding.embeddings.1.embedding.text": "two",
      "llm.token_count.prompt": 5,
      "llm.cost.total": 0.00001,
      "proctor.alias": "texts",
    });
    expect(JSON.stringify(spans)).not.toContain("0.10");
  });

  test("are tried again as the alias says", async () => {
    const retry = { attempts: 2, on: [503] };
    const { vendor, gateway } = await start(
      (count) => (count === 1 ? { status: 503, chunks: ["{}"] } : { chunks: [vectors] }),
      { retry },
    );
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: "one" });
    expect(await reply.text()).toBe(vectors);
    expect(vendor.requests).toHaveLength(2);
  });

  test("that fail keep the vendor's status and body", async () => {
    const said = '{"error":{"message":"too long","type":"invalid_request_error","param":null,"code":"too_long"}}';
    const { gateway } = await start(() => ({ status: 400, chunks: [said] }));
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: "one" });
    expect([reply.status, await reply.text()]).toEqual([400, said]);
  });

  test.each([
    ["an error", '{"error":{"message":"overloaded"}}', /is an error/],
    ["no JSON", "<html>", /is not a JSON object/],
  ])("answered with success and %s are a failure", async (_what, said, sentence) => {
    const { gateway } = await start(() => ({ chunks: [said] }));
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: "one" });
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({
      error: { code: "provider_failed", message: expect.stringMatching(sentence) as string },
    });
  });

  test("of a model that makes none say who does", async () => {
    const { vendor, gateway } = await start(() => ({ chunks: [vectors] }));
    const reply = await post(gateway, "/v1/embeddings", { model: "talker", input: "one" });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      error: {
        code: "wire_not_served",
        message: 'Model "talker" is served by "talks", which makes no embeddings. Models that do: texts.',
      },
    });
    expect(vendor.requests).toEqual([]);
  });

  test("that break off in the middle are a failure, not half a reply", async () => {
    const { gateway } = await start(() => ({ chunks: [vectors.slice(0, 60)], ending: "reset" }));
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: "one" });
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({ error: { code: "stream_broken" } });
  });

  test("of the sandbox are the same for the same text, near for like ones, and read by the official client", async () => {
    const gateway = await startSandbox();
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none" });
    const input = ["returns within thirty days", "returns within ninety days", "an entirely different subject"];
    const { data, usage } = await client.embeddings.create({ model: "student", input });
    const [thirty, ninety, other] = data.map(({ embedding }) => embedding);
    const likeness = (a: number[] = [], b: number[] = []) =>
      a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
    expect(thirty).toHaveLength(256);
    expect(likeness(thirty, thirty)).toBeCloseTo(1, 5);
    expect(likeness(thirty, ninety)).toBeGreaterThan(0.5);
    expect(likeness(thirty, other)).toBeLessThan(0.3);
    expect(usage.prompt_tokens).toBeGreaterThan(8);
    const plain = await client.embeddings.create({ model: "student", input: input[0] ?? "", encoding_format: "float" });
    expect(plain.data[0]?.embedding.map(Math.fround)).toEqual(thirty);
    const short = await client.embeddings.create({ model: "student", input: [[1, 2, 3]], dimensions: 8 });
    expect(short.data[0]?.embedding).toHaveLength(8);
  });
});

describe("keys and limits", () => {
  test("hold for the small end points, and the list has what the key may use", async () => {
    const vendor = await startFakeVendor(() => ({ chunks: [vectors] }));
    const key = createKey();
    const target = { targets: [{ provider: "chats", model: "m" }] };
    const gateway = await startTestGateway({
      providers: { chats: { kind: "openai", base_url: `${vendor.url}/v1` } },
      models: { texts: target, others: target },
      keys: [{ name: "bot", hash: hashKey(key), models: ["texts"], rpm: 3, tokens_per_minute: 100 }],
    });
    open.push(vendor, gateway);
    const as = { authorization: `Bearer ${key}` };
    const embed = (model: string, headers: Record<string, string> = as) =>
      post(gateway, "/v1/embeddings", { model, input: "one" }, headers).then(({ status }) => status);
    const count = (model: string) =>
      post(gateway, "/v1/messages/count_tokens", { model, messages: [{ role: "user", content: "hi" }] }, as);
    expect([await embed("texts", {}), await embed("others"), (await count("others")).status]).toEqual([401, 403, 403]);
    const reply = await post(gateway, "/v1/embeddings", { model: "texts", input: "one" }, as);
    expect([reply.status, reply.headers.get("x-ratelimit-remaining-requests")]).toEqual([200, "2"]);
    expect((await count("texts")).status).toBe(200);
    expect([await embed("texts"), await embed("texts")]).toEqual([200, 429]);
    expect(vendor.requests[0]?.headers.authorization).toBeUndefined();
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
    const list = await fetch(`${gateway.url}/v1/models`, { headers: as });
    expect(await list.json()).toMatchObject({ data: [{ id: "texts" }] });
    expect((await fetch(`${gateway.url}/v1/models/others`, { headers: as })).status).toBe(404);
  });
});

describe("counting tokens", () => {
  const asked = { model: "talker", messages: [{ role: "user", content: "How long do I have?" }] };

  test("is left to a target that counts", async () => {
    const { vendor, gateway } = await start(() => ({ chunks: ['{"input_tokens": 14}'] }));
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "none" });
    const { data, response } = await client.messages
      .countTokens({ ...asked, messages: [{ role: "user", content: "Hello" }] })
      .withResponse();
    expect(data).toEqual({ input_tokens: 14 });
    expect(vendor.requests[0]).toMatchObject({ path: "/v1/messages/count_tokens", json: { model: "talk-4" } });
    expect(response.headers.get("x-proctor-estimated")).toBeNull();
    const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.filter(({ attributes }) => attributes["openinference.span.kind"] === "LLM")).toEqual([]);
    expect(spans.map(({ name }) => name)).toContain("count_tokens talker");
  });

  test("fails in the caller's dialect", async () => {
    const { gateway } = await start(() => ({ chunks: [], ending: "reset" }));
    const reply = await post(gateway, "/v1/messages/count_tokens", asked);
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({ type: "error", error: { type: "api_error" } });
    const unknown = await post(gateway, "/v1/messages/count_tokens", { ...asked, model: "nobody" });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ type: "error", error: { type: "not_found_error" } });
  });

  test("is an estimate for a target of another dialect, and says so without asking it", async () => {
    const { vendor, gateway } = await start(() => ({ chunks: ["{}"] }));
    const reply = await post(gateway, "/v1/messages/count_tokens", { ...asked, model: "texts" });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-proctor-estimated")).toBe("true");
    expect(reply.headers.get("x-proctor-target")).toBe("chats/text-3");
    const { input_tokens: tokens } = (await reply.json()) as { input_tokens: number };
    expect(tokens).toBeGreaterThan(8);
    expect(tokens).toBeLessThan(20);
    expect(vendor.requests).toEqual([]);
  });

  test("of the sandbox is what its replies say", async () => {
    const gateway = await startSandbox();
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "none" });
    const messages = [{ role: "user" as const, content: "<context>Lamps cost 5 euros.</context> What do lamps cost?" }];
    const { input_tokens: counted } = await client.messages.countTokens({ model: "student", messages });
    const { usage } = await client.messages.create({ model: "student", messages, max_tokens: 50 });
    expect(counted).toBe(usage.input_tokens);
  });
});

describe("the list of models", () => {
  const read = (gateway: TestGateway, path: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, { headers });
  const messagesClient = { "anthropic-version": "2023-06-01" };

  test("is read by the official client of either dialect", async () => {
    const gateway = await startSandbox();
    const chats = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none" });
    const talks = new Anthropic({ baseURL: gateway.url, apiKey: "none" });
    const listed: string[] = [];
    for await (const { id, object } of chats.models.list()) if (object === "model") listed.push(id);
    const paged: string[] = [];
    for await (const { id, type } of talks.models.list({ limit: 2 })) if (type === "model") paged.push(id);
    expect(listed).toContain("student");
    expect(listed.length).toBeGreaterThan(4);
    expect(paged).toEqual(listed);
    expect(await chats.models.retrieve("sandbox/slow")).toMatchObject({ id: "sandbox/slow", owned_by: "proctor" });
    expect(await talks.models.retrieve("student")).toMatchObject({ id: "student", type: "model" });
  });

  test("goes page by page in both directions", async () => {
    const gateway = await startSandbox();
    const page = async (query: string) => {
      const reply = await read(gateway, `/v1/models?${query}`, messagesClient);
      return (await reply.json()) as { data: { id: string }[]; has_more: boolean; first_id: string; last_id: string };
    };
    const all = (await page("limit=1000")).data.map(({ id }) => id);
    const [first = "", second = "", third = ""] = all;
    expect(await page("limit=2")).toMatchObject({ has_more: true, first_id: first, last_id: second });
    expect(await page(`limit=1&after_id=${second}`)).toMatchObject({ has_more: true, first_id: third, last_id: third });
    expect(await page(`limit=1&before_id=${third}`)).toMatchObject({ has_more: true, first_id: second });
    expect(await page(`limit=5&before_id=${third}`)).toMatchObject({
      has_more: false,
      first_id: first,
      last_id: second,
    });
    const last = encodeURIComponent(all.at(-1) ?? "");
    expect(await page(`after_id=${last}`)).toMatchObject({ data: [], has_more: false, first_id: null, last_id: null });
  });

  test("refuses what it does not know, in the caller's dialect", async () => {
    const gateway = await startSandbox();
    const chat = await read(gateway, "/v1/models/nobody");
    expect(chat.status).toBe(404);
    expect(await chat.json()).toMatchObject({
      error: {
        code: "model_not_found",
        message: expect.stringMatching(/^No model "nobody"\. Known: .*student/) as string,
      },
    });
    const messages = await read(gateway, "/v1/models/nobody", messagesClient);
    expect(messages.status).toBe(404);
    expect(await messages.json()).toMatchObject({ type: "error", error: { type: "not_found_error" } });
    for (const query of ["limit=0", "limit=many", "limit=1001", "after_id=nobody"]) {
      const reply = await read(gateway, `/v1/models?${query}`, messagesClient);
      expect([query, reply.status]).toEqual([query, 400]);
      expect(await reply.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    }
  });
});
