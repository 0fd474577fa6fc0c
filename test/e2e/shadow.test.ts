import { afterEach, describe, expect, test } from "vitest";
import { chatReply, chatStream, type FakeVendor, messagesReply, type VendorReply } from "../support/fake-vendor.ts";
import { ask, at, createRoutingWorld, overloaded, target, traceOf } from "../support/routing-world.ts";
import type { TestGateway } from "../support/test-gateway.ts";

describe("a shadow", () => {
  const { vendor, gateway: start, close } = createRoutingWorld();
  afterEach(close);

  interface Shadowed {
    readonly main: FakeVendor;
    readonly candidate: FakeVendor;
    readonly gateway: TestGateway;
  }

  async function shadowed(
    candidateReply: VendorReply,
    {
      sample = 1,
      mainReply = chatReply("answer of the student"),
      kind = "openai" as const,
      settings = {},
    }: {
      sample?: number;
      mainReply?: VendorReply;
      kind?: "openai" | "anthropic";
      settings?: object;
    } = {},
  ): Promise<Shadowed> {
    const main = await vendor(mainReply);
    const candidate = await vendor(candidateReply);
    const gateway = await start({
      providers: {
        small: at(main),
        new: { kind, base_url: candidate.url, api_key: "key-of-the-candidate", ...settings },
      },
      models: {
        student: { targets: [target("small")], price: { input: 1, output: 1 }, shadow: { model: "next", sample } },
        next: { role: "teacher", targets: [target("new", { max_tokens: 99 })], price: { input: 1000, output: 1000 } },
      },
      guardrails: [{ models: ["next"], output: [{ evaluator: "pii", mode: "hold" }] }],
    });
    return { main, candidate, gateway };
  }

  const shadowSpans = async (gateway: TestGateway, reply: Response) =>
    (await gateway.spansOf(traceOf(reply))).filter(({ attributes }) => attributes["proctor.shadow"] === true);

  test("gets a copy, is evaluated by its own guardrails as observers, and is never returned", async () => {
    const { main, candidate, gateway } = await shadowed(chatReply("Write to anna.schmidt@example.org."));
    const reply = await ask(gateway, { headers: { authorization: "Bearer of-the-caller", "idempotency-key": "7" } });
    expect(await reply.text()).toContain("answer of the student");
    expect(reply.headers.get("x-proctor-target")).toBe("small/m");
    expect(reply.headers.get("x-proctor-verdict")).toBe("allow");
    expect(Number(reply.headers.get("x-proctor-cost-usd"))).toBeCloseTo(18 / 1e6, 9);
    await expect.poll(() => candidate.requests.length).toBe(1);
    expect(main.requests).toHaveLength(1);
    expect(candidate.requests[0]?.json).toEqual(main.requests[0]?.json);
    expect(candidate.requests[0]?.headers["authorization"]).toBe("Bearer key-of-the-candidate");
    expect(candidate.requests[0]?.headers["idempotency-key"]).toBeUndefined();
  });

  test("hangs its spans on the same trace, with its own role, cost and verdicts, and leaves the root's alone", async () => {
    const { gateway } = await shadowed(chatReply("Write to anna.schmidt@example.org."));
    const reply = await ask(gateway);
    await expect.poll(async () => (await shadowSpans(gateway, reply)).map(({ name }) => name)).toContain("attempt");
    const spans = await shadowSpans(gateway, reply);
    const attempt = spans.find(({ name }) => name === "attempt");
    expect(attempt?.attributes).toMatchObject({ "proctor.alias": "next", "proctor.cost.teacher_usd": 0.018 });
    expect(spans.find(({ name }) => name === "chat next")?.parentId).toBe(attempt?.spanId);
    const evaluation = spans.find(({ name }) => name === "evaluate pii");
    expect(evaluation?.attributes).toMatchObject({ "proctor.eval.mode": "observe", "proctor.eval.outcome": "fail" });
    const root = (await gateway.spansOf(traceOf(reply))).find(({ name }) => name === "chat /v1/chat/completions");
    expect(attempt?.parentId).toBe(root?.spanId);
    expect(root?.attributes).toMatchObject({ "proctor.attempts": 1, "proctor.cost.total_usd": 0.000018 });
    expect(root?.attributes).not.toHaveProperty("proctor.shadow");
  });

  test("is asked without a stream, in its own dialect, for a request that streams", async () => {
    const { candidate, gateway } = await shadowed(messagesReply("from the candidate"), {
      kind: "anthropic",
      mainReply: chatStream(["answer ", "of the student"]),
    });
    const reply = await ask(gateway, { body: { stream: true, stream_options: { include_usage: true } } });
    expect(await reply.text()).toContain("[DONE]");
    await expect.poll(() => candidate.requests.length).toBe(1);
    expect(candidate.requests[0]).toMatchObject({ path: "/v1/messages", json: { max_tokens: 99 } });
    expect(candidate.requests[0]?.json).not.toHaveProperty("stream");
    expect(candidate.requests[0]?.json).not.toHaveProperty("stream_options");
  });

  test("that fails or never answers changes nothing for the client, and its spans tell", async () => {
    const { gateway } = await shadowed(overloaded);
    const reply = await ask(gateway);
    expect(reply.status).toBe(200);
    await expect
      .poll(async () => (await shadowSpans(gateway, reply)).map(({ name, status }) => [name, status]))
      .toEqual(expect.arrayContaining([["chat next", 2]]));
    const attempt = (await shadowSpans(gateway, reply)).find(({ name }) => name === "attempt");
    expect(attempt?.attributes).toMatchObject({ "proctor.attempt.outcome": "failed" });
    const hanging = await shadowed({ chunks: [], delayMs: 60_000 }, { settings: { timeout: { total: "2s" } } });
    const started = performance.now();
    expect((await ask(hanging.gateway)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1900);
  });

  test("gets the share of the requests that its sample says, decided by the trace", async () => {
    const { candidate, gateway } = await shadowed(chatReply("x"), { sample: 0.5 });
    const traceparent = (index: number) => `00-${index.toString(16).padStart(32, "a")}-b7ad6b7169203331-01`;
    const askAll = () =>
      Promise.all(
        Array.from({ length: 40 }, (_, index) => ask(gateway, { headers: { traceparent: traceparent(index) } })),
      );
    await askAll();
    await expect.poll(() => candidate.requests.length).toBeGreaterThan(5);
    await expect.poll(async () => settled(() => candidate.requests.length)).toBeLessThan(35);
    const first = candidate.requests.length;
    await askAll();
    await expect.poll(() => candidate.requests.length).toBe(2 * first);
  });

  test("gets no more than 32 copies at a time, and what is left out is counted", async () => {
    const { candidate, gateway } = await shadowed(
      { chunks: [], delayMs: 60_000 },
      { settings: { timeout: { total: "4s" } } },
    );
    const replies = await Promise.all(Array.from({ length: 40 }, () => ask(gateway)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    await expect.poll(() => candidate.requests.length).toBe(32);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/^proctor_shadow\w*\{alias="student"\} 8$/m);
  });

  test("gets no request whose tools the vendor would run, since they would act twice; the span says so", async () => {
    const { candidate, gateway } = await shadowed(chatReply("x"));
    const hosted = await ask(gateway, { body: { tools: [{ type: "web_search" }] } });
    const root = (await gateway.spansOf(traceOf(hosted))).find(({ name }) => name === "chat /v1/chat/completions");
    expect(root?.attributes).toMatchObject({ "proctor.shadow.not_sent": "hosted_tools" });
    const own = { type: "function", function: { name: "lookup", parameters: { type: "object" } } };
    await ask(gateway, { body: { tools: [own] } });
    await expect.poll(() => candidate.requests.length).toBe(1);
    expect(candidate.requests[0]?.json["tools"]).toEqual([own]);
  });
});

/** Reads until two reads agree. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; ;) {
    const now = read();
    if (now === before) return now;
    before = now;
    await new Promise((done) => setTimeout(done, 100));
  }
}
