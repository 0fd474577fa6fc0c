import { afterEach, describe, expect, test } from "vitest";
import { chatReply, type FakeVendor, type VendorReply } from "../support/fake-vendor.ts";
import { createRoutingWorld, ask, at, overloaded, target, traceOf } from "../support/routing-world.ts";
import { startRedis } from "../support/redis.ts";
import type { TestGateway } from "../support/test-gateway.ts";

describe("routing", () => {
  const { vendor, gateway: start, close } = createRoutingWorld();
  afterEach(close);

  describe("tries again", () => {
    test("on a target that has not failed while there is one, without the wait that the other asked for", async () => {
      const down = await vendor({ ...overloaded, headers: { "retry-after": "15" } });
      const up = await vendor(chatReply("hi"));
      const gateway = await start({
        providers: { down: at(down), up: at(up) },
        models: {
          student: {
            targets: [target("down", { weight: 1e9 }), target("up", { weight: 1e-9 })],
            retry: { attempts: 2 },
          },
        },
      });
      const started = performance.now();
      const reply = await ask(gateway);
      expect(reply.headers.get("x-proctor-target")).toBe("up/m");
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    test("not at all when the client sent a request that a vendor refuses", async () => {
      const bad = await vendor({ status: 422, chunks: [JSON.stringify({ error: { message: "no", type: "x" } })] });
      const gateway = await start({
        providers: { small: at(bad) },
        models: { student: { targets: [target("small")], retry: { attempts: 4 } } },
      });
      expect((await ask(gateway)).status).toBe(422);
      expect(bad.requests).toHaveLength(1);
    });
  });

  describe("keeps a session on its target", () => {
    test("for as long as that answers, and moves it when it does not", async () => {
      const answers = new Map<string, VendorReply>([
        ["a", chatReply("a")],
        ["b", chatReply("b")],
        ["c", chatReply("c")],
      ]);
      const vendors = await Promise.all(["a", "b", "c"].map((name) => vendor(() => answers.get(name) ?? overloaded)));
      const gateway = await start({
        providers: Object.fromEntries(["a", "b", "c"].map((name, index) => [name, at(vendors[index] as FakeVendor)])),
        models: {
          student: { targets: ["a", "b", "c"].map((name) => target(name)), sticky: "session", retry: { attempts: 2 } },
        },
      });
      const targetsOf = async (session: string) => {
        const replies = await Promise.all(
          Array.from({ length: 5 }, () => ask(gateway, { headers: { "x-proctor-session": session } })),
        );
        return [...new Set(replies.map(({ headers }) => headers.get("x-proctor-target") ?? ""))];
      };
      const sessions = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
      const homes = await Promise.all(sessions.map(targetsOf));
      for (const home of homes) expect(home).toHaveLength(1);
      expect(new Set(homes.flat()).size).toBeGreaterThan(1);
      const [first = ""] = homes[0] ?? [];
      answers.set(first.slice(0, 1), overloaded);
      const moved = await targetsOf("one");
      expect(moved).toHaveLength(1);
      expect(moved).not.toEqual([first]);
    });
  });

  describe("trace context", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = { traceparent, tracestate: "shop=42", baggage: "customer=7" };

    test("goes to a provider that may know it, as a child of the generation, and nowhere else", async () => {
      const inside = await vendor(chatReply("hi"));
      const outside = await vendor(chatReply("hi"));
      const gateway = await start({
        providers: { inside: at(inside, { propagate: true }), outside: at(outside) },
        models: { student: { targets: [target("inside")] }, other: { targets: [target("outside")] } },
      });
      const reply = await ask(gateway, { headers });
      const [sent] = inside.requests;
      expect(sent?.headers["traceparent"]).toBe(
        `00-0af7651916cd43dd8448eb211c80319c-${reply.headers.get("x-proctor-span-id")}-01`,
      );
      expect(sent?.headers["tracestate"]).toBe("shop=42");
      expect(sent?.headers["baggage"]).toBeUndefined();
      await ask(gateway, { body: { model: "other" }, headers });
      expect(Object.keys(outside.requests[0]?.headers ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:traceparent|tracestate|baggage)$/)]),
      );
    });
  });

  test("what was read from and written to the prompt cache has its own price, and is on the span", async () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 100,
      total_tokens: 1100,
      prompt_tokens_details: { cached_tokens: 600, cache_write_tokens: 300 },
      completion_tokens_details: { reasoning_tokens: 40 },
    };
    const up = await vendor(chatReply("hi", { usage }));
    const gateway = await start({
      providers: { small: at(up) },
      models: {
        student: { targets: [target("small")], price: { input: 10, output: 20, cache_read: 1, cache_write: 12 } },
      },
    });
    const reply = await ask(gateway);
    expect(Number(reply.headers.get("x-proctor-cost-usd"))).toBeCloseTo(
      (100 * 10 + 600 + 300 * 12 + 100 * 20) / 1e6,
      9,
    );
    const spans = await gateway.spansOf(traceOf(reply));
    expect(spans.find(({ name }) => name === "chat student")?.attributes).toMatchObject({
      "llm.token_count.prompt": 1000,
      "llm.token_count.prompt_details.cache_read": 600,
      "llm.token_count.prompt_details.cache_write": 300,
      "llm.token_count.completion_details.reasoning": 40,
      "llm.cost.prompt": 0.0052,
      "llm.cost.completion": 0.002,
      "llm.cost.total": 0.0072,
    });
  });

  test("gateways that share a Redis leave alone what has failed at the other", async () => {
    const redis = await startRedis();
    try {
      const down = await vendor(overloaded);
      const config = {
        redis: redis.url,
        providers: { small: at(down, { circuit_breaker: { failures: 2, window: "1m", open_for: "1m" } }) },
        models: { student: { targets: [target("small")] } },
      };
      const [one, two] = [await start(config), await start(config)];
      await ask(one);
      await ask(two);
      const codeOf = async (gateway: TestGateway) =>
        ((await (await ask(gateway)).json()) as { error: { code?: string } }).error.code;
      await expect.poll(() => codeOf(one)).toBe("provider_unavailable");
      expect(await codeOf(two)).toBe("provider_unavailable");
      expect(down.requests.length).toBeLessThan(5);
      await close();
    } finally {
      await redis.close();
    }
  });
});
