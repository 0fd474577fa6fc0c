import { afterEach, describe, expect, test } from "vitest";
import { chatReply, chatStream } from "../support/fake-vendor.ts";
import { createRoutingWorld, ask, at, overloaded, target, traceOf } from "../support/routing-world.ts";

describe("a provider", () => {
  const { vendor, gateway: start, close } = createRoutingWorld();
  afterEach(close);

  describe("a circuit breaker", () => {
    const rules = { circuit_breaker: { failures: 2, window: "1m", open_for: "1m" } };

    test("leaves a target alone that has failed too often: 503 with Retry-After, and nothing is sent", async () => {
      const down = await vendor(overloaded);
      const gateway = await start({
        providers: { small: at(down, rules) },
        models: { student: { targets: [target("small")] } },
      });
      expect([(await ask(gateway)).status, (await ask(gateway)).status]).toEqual([503, 503]);
      const reply = await ask(gateway);
      expect(reply.status).toBe(503);
      expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(50);
      expect(await reply.json()).toMatchObject({
        error: { code: "provider_unavailable", message: expect.stringContaining('"small/m" has failed too often') },
      });
      expect(down.requests).toHaveLength(2);
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).toMatch(/^proctor_breaker_state\{target="small\/m"\} 2$/m);
      const messages = await ask(gateway, { path: "/v1/messages", body: { max_tokens: 5 } });
      expect([messages.status, await messages.json()]).toMatchObject([
        503,
        { type: "error", error: { type: "overloaded_error" } },
      ]);
    });

    test("opens for connections that are refused and for answers that never come, not for 429 or 400", async () => {
      const limited = await vendor((_request, count) => ({ status: count % 2 === 0 ? 429 : 400, chunks: ["{}"] }));
      const gateway = await start({
        providers: {
          gone: { kind: "openai", base_url: "http://127.0.0.1:9", ...rules },
          limited: at(limited, rules),
        },
        models: { student: { targets: [target("gone")] }, other: { targets: [target("limited")] } },
      });
      const codes = [];
      for (let index = 0; index < 3; index += 1) {
        const { error } = (await (await ask(gateway)).json()) as { error: { code: string } };
        codes.push(error.code);
      }
      expect(codes).toEqual(["provider_unreachable", "provider_unreachable", "provider_unavailable"]);
      for (let index = 0; index < 6; index += 1) await ask(gateway, { body: { model: "other" } });
      expect(limited.requests).toHaveLength(6);
    });

    test("opens for answers that break off, and not for clients that leave", async () => {
      const breaks = await vendor({ ...chatStream(["one ", "two"], { cut: 80 }), ending: "reset" });
      const hangs = await vendor({ ...chatStream(["one ", "two"], { cut: 80 }), ending: "hang" });
      const gateway = await start({
        providers: { small: at(breaks, rules), big: at(hangs, rules) },
        models: { student: { targets: [target("small")] }, other: { targets: [target("big")] } },
      });
      for (let index = 0; index < 4; index += 1) await (await ask(gateway, { body: { stream: true } })).text();
      // Each was an answer at first and a failure later: half of all, which is too many.
      expect(breaks.requests.length).toBe(2);
      for (let index = 0; index < 5; index += 1) {
        const client = new AbortController();
        const reply = await ask(gateway, { body: { model: "other", stream: true }, signal: client.signal });
        expect(reply.status).toBe(200);
        await reply.body?.getReader().read();
        client.abort();
      }
      expect(hangs.requests.length).toBe(5);
    });

    test("sends everything to the other target, and to the fallback when there is none", async () => {
      const down = await vendor(overloaded);
      const up = await vendor(chatReply("hi"));
      const gateway = await start({
        providers: { small: at(down, rules), big: at(up) },
        models: {
          student: { targets: [target("small", { weight: 1e9 }), target("big", { weight: 1e-9 })] },
          lonely: { targets: [target("small")], fallback: "teacher" },
          teacher: { targets: [target("big")] },
        },
      });
      expect([(await ask(gateway)).status, (await ask(gateway)).status]).toEqual([503, 503]);
      const reply = await ask(gateway);
      expect([reply.status, reply.headers.get("x-proctor-target")]).toEqual([200, "big/m"]);
      const lonely = await ask(gateway, { body: { model: "lonely" } });
      expect([lonely.status, lonely.headers.get("x-proctor-target")]).toEqual([200, "big/m"]);
      expect(down.requests).toHaveLength(2);
    });

    test("lets one request find out whether the target is back, and closes when it is", async () => {
      let isUp = false;
      const flaky = await vendor(() => (isUp ? chatReply("hi") : overloaded));
      const gateway = await start({
        providers: { small: at(flaky, { circuit_breaker: { failures: 2, window: "1m", open_for: "300ms" } }) },
        models: { student: { targets: [target("small")] } },
      });
      await ask(gateway);
      await ask(gateway);
      isUp = true;
      await expect.poll(async () => (await ask(gateway)).status, { timeout: 5000 }).toBe(200);
      expect((await ask(gateway)).status).toBe(200);
    });

    test("can be switched off", async () => {
      const down = await vendor(overloaded);
      const gateway = await start({
        providers: { small: at(down, { circuit_breaker: false }) },
        models: { student: { targets: [target("small")] } },
      });
      for (let index = 0; index < 8; index += 1) await ask(gateway);
      expect(down.requests).toHaveLength(8);
    });
  });

  describe("a limit of calls at once", () => {
    test("lets so many go, keeps so many waiting, and refuses the rest with Retry-After", async () => {
      const slow = await vendor({ ...chatReply("hi"), delayMs: 800 });
      const gateway = await start({
        providers: { small: at(slow, { concurrency: { limit: 1, queue: 1, wait: "20s" } }) },
        models: { student: { targets: [target("small")] } },
      });
      const asked = Promise.all([ask(gateway), ask(gateway), ask(gateway), ask(gateway)]);
      const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text();
      await expect.poll(metrics).toMatch(/^proctor_provider_queue_depth\{provider="small"\} 1$/m);
      const replies = await asked;
      const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(statuses).toEqual([200, 200, 503, 503]);
      const refused = replies.find(({ status }) => status === 503);
      expect(refused?.headers.get("retry-after")).toBe("20");
      expect(await refused?.json()).toMatchObject({ error: { code: "provider_unavailable" } });
      const spans = await Promise.all(
        replies.filter(({ status }) => status === 200).map((reply) => gateway.spansOf(traceOf(reply))),
      );
      const waits = spans.map((all) =>
        Number(all.find(({ name }) => name === "chat student")?.attributes["proctor.latency.queue_ms"] ?? 0),
      );
      expect(Math.min(...waits)).toBe(0);
      expect(Math.max(...waits)).toBeGreaterThan(50);
    });

    test("gives places back: after clients that left while waiting, while reading, and after failures", async () => {
      const slow = await vendor((request) => {
        const what = JSON.stringify(request.json["messages"]);
        if (what.includes("hang")) return { ...chatStream(["one", "two"]), ending: "hang" };
        if (what.includes("fail")) return { chunks: [], ending: "reset" };
        return { ...chatReply("hi"), delayMs: 20 };
      });
      const gateway = await start({
        providers: { small: at(slow, { concurrency: { limit: 1, queue: 5, wait: "30s" }, circuit_breaker: false }) },
        models: { student: { targets: [target("small")] } },
      });
      const says = (content: string) => ({ messages: [{ role: "user", content }] });
      const reader = new AbortController();
      const stream = await ask(gateway, { body: { ...says("hang"), stream: true }, signal: reader.signal });
      const waiter = new AbortController();
      const waiting = ask(gateway, { body: says("left"), signal: waiter.signal }).catch(() => "left");
      const next = ask(gateway, { body: says("after") });
      await stream.body?.getReader().read();
      waiter.abort();
      expect(await waiting).toBe("left");
      expect(slow.requests).toHaveLength(1);
      reader.abort();
      expect((await next).status).toBe(200);
      for (let index = 0; index < 3; index += 1) expect((await ask(gateway, { body: says("fail") })).status).toBe(502);
      expect((await ask(gateway, { body: says("end") })).status).toBe(200);
    });
  });

  describe("a limit of time", () => {
    const started = 'data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
    const stream = { "content-type": "text/event-stream" };
    const trickle = { headers: stream, chunks: Array.from({ length: 400 }, () => started), chunkDelayMs: 25 };
    const silent = { headers: stream, chunks: [started], ending: "hang" as const };

    test.each([
      ["first_event", { headers: stream, chunks: [], ending: "hang" as const }, "sent no first event within 300 ms"],
      ["idle", silent, "sent nothing more within 300 ms"],
      ["total", trickle, "did not finish within 300 ms"],
    ])("for a stream says which one it was: %s", async (name, reply, sentence) => {
      const late = await vendor(reply);
      const gateway = await start({
        providers: { small: at(late, { timeout: { [name]: "300ms" } }) },
        models: { student: { targets: [target("small")] } },
      });
      const text = await (await ask(gateway, { body: { stream: true } })).text();
      expect(text).toContain(sentence);
      expect(text).toContain("provider_timeout");
      expect(text).not.toContain("[DONE]");
      await late.left;
    });

    test("for an answer in one piece is the total, before its head and in its middle", async () => {
      const late = await vendor((_request, count) =>
        count === 1 ? { chunks: [], ending: "hang", delayMs: 60_000 } : { chunks: ['{"id":'], ending: "hang" },
      );
      const gateway = await start({
        providers: { small: at(late, { timeout: { total: "300ms", first_event: "50ms", idle: "50ms" } }) },
        models: { student: { targets: [target("small")] } },
      });
      for (let index = 0; index < 2; index += 1) {
        const reply = await ask(gateway);
        expect(reply.status).toBe(504);
        expect(await reply.json()).toMatchObject({
          error: { code: "provider_timeout", message: 'Provider "small" did not finish within 300 ms.' },
        });
      }
    });
  });
});
