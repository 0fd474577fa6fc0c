import { afterEach, describe, expect, test } from "vitest";
import { chatReply, chatStream, messagesReply, messagesStream } from "../support/fake-vendor.ts";
import { createRoutingWorld, ask, at, overloaded, target, traceOf } from "../support/routing-world.ts";

describe("an alias", () => {
  const { vendor, gateway: start, close } = createRoutingWorld();
  afterEach(close);

  describe("falls back to another alias", () => {
    test("when every try has failed, with that alias' own retries, and says who answered at what cost", async () => {
      const down = await vendor(overloaded);
      const up = await vendor((_request, count) => (count === 1 ? overloaded : chatReply("from the teacher")));
      const gateway = await start({
        providers: { small: at(down), big: at(up) },
        models: {
          student: { targets: [target("small")], retry: { attempts: 2 }, fallback: "teacher" },
          teacher: {
            role: "teacher",
            targets: [target("big", { price: { input: 10, output: 100 } })],
            retry: { attempts: 2 },
          },
        },
      });
      const reply = await ask(gateway);
      expect(reply.status).toBe(200);
      expect(reply.headers.get("x-proctor-target")).toBe("big/m");
      expect(Number(reply.headers.get("x-proctor-cost-usd"))).toBeCloseTo((11 * 10 + 7 * 100) / 1e6, 9);
      expect([down.requests.length, up.requests.length]).toEqual([2, 2]);
      const spans = await gateway.spansOf(traceOf(reply));
      const root = spans.find(({ name }) => name === "chat /v1/chat/completions");
      expect(root?.attributes).toMatchObject({
        "proctor.alias": "student",
        "proctor.target": "big/m",
        "proctor.fallback.to": "teacher",
        "proctor.cost.teacher_usd": 0.00081,
      });
      expect(root?.attributes).not.toHaveProperty("proctor.cost.student_usd");
      const tries = spans.filter(({ name }) => name === "chat student" || name === "chat teacher");
      expect(tries.map(({ name, attributes }) => [name, attributes["proctor.fallback.from"]])).toEqual([
        ["chat student", undefined],
        ["chat student", undefined],
        ["chat teacher", "student"],
        ["chat teacher", "student"],
      ]);
      expect(tries.at(-1)?.attributes).toMatchObject({ "proctor.role": "teacher", "proctor.alias": "teacher" });
    });

    test("keeps the guardrails of the alias that was asked for", async () => {
      const down = await vendor(overloaded);
      const up = await vendor(chatReply("Write to anna.schmidt@example.org."));
      const gateway = await start({
        providers: { small: at(down), big: at(up) },
        models: {
          student: { targets: [target("small")], fallback: "teacher" },
          teacher: { role: "teacher", targets: [target("big")] },
        },
        guardrails: [{ models: ["student"], output: [{ evaluator: "pii", mode: "hold" }] }],
      });
      const reply = await ask(gateway);
      expect(reply.headers.get("x-proctor-verdict")).toBe("block");
      expect(await reply.text()).not.toContain("anna.schmidt");
      expect((await ask(gateway, { body: { model: "teacher" } })).headers.get("x-proctor-verdict")).toBe("allow");
    });

    test("through a chain, into another dialect, and streamed", async () => {
      const down = await vendor(overloaded);
      const claude = await vendor((request) =>
        request.json["stream"] === true ? messagesStream(["hello ", "from afar"]) : messagesReply("hello from afar"),
      );
      const gateway = await start({
        providers: { small: at(down), other: { kind: "anthropic", base_url: claude.url } },
        models: {
          student: { targets: [target("small")], fallback: ["middle"] },
          middle: { targets: [target("small")], fallback: "last" },
          last: { targets: [target("other", { max_tokens: 50 })] },
        },
      });
      const reply = await ask(gateway);
      expect(reply.headers.get("x-proctor-target")).toBe("other/m");
      expect(await reply.json()).toMatchObject({ choices: [{ message: { content: "hello from afar" } }] });
      expect(down.requests).toHaveLength(2);
      const stream = await (await ask(gateway, { body: { stream: true } })).text();
      expect(stream).toMatch(/"content":"hello ".*"content":"from afar".*data: \[DONE\]\n\n$/s);
      expect(claude.requests.map(({ path }) => path)).toEqual(["/v1/messages", "/v1/messages"]);
    });

    test("but not for a failure that trying again would not mend, nor for a refusal", async () => {
      const bad = await vendor({
        status: 400,
        chunks: [JSON.stringify({ error: { message: "too long", type: "x" } })],
      });
      const leaks = await vendor(chatReply("Write to anna.schmidt@example.org."));
      const up = await vendor(chatReply("unasked"));
      const gateway = await start({
        providers: { small: at(bad), leaky: at(leaks), big: at(up) },
        models: {
          student: { targets: [target("small")], fallback: "teacher" },
          guarded: { targets: [target("leaky")], fallback: "teacher" },
          teacher: { targets: [target("big")] },
        },
        guardrails: [{ models: ["guarded"], output: [{ evaluator: "pii", mode: "hold" }] }],
      });
      expect((await ask(gateway)).status).toBe(400);
      expect((await ask(gateway, { body: { model: "guarded" } })).headers.get("x-proctor-verdict")).toBe("block");
      expect(up.requests).toEqual([]);
    });

    test("and tells the last failure when that fails too", async () => {
      const down = await vendor(overloaded);
      const gone = await vendor({ status: 529, chunks: ["overloaded"] });
      const gateway = await start({
        providers: { small: at(down), big: at(gone) },
        models: { student: { targets: [target("small")], fallback: "teacher" }, teacher: { targets: [target("big")] } },
      });
      const reply = await ask(gateway);
      expect(reply.status).toBe(529);
      expect(reply.headers.get("x-proctor-target")).toBe("big/m");
    });

    test("never after a first byte: what has begun is not asked for again", async () => {
      const breaks = await vendor({ ...chatStream(["one ", "two"], { cut: 60 }), ending: "reset", chunkDelayMs: 5 });
      const up = await vendor(chatReply("again"));
      const gateway = await start({
        providers: { small: at(breaks), big: at(up) },
        models: {
          student: { targets: [target("small")], retry: { attempts: 3 }, fallback: "teacher" },
          teacher: { targets: [target("big")] },
        },
      });
      const text = await (await ask(gateway, { body: { stream: true } })).text();
      expect(text).toContain("one ");
      expect([breaks.requests.length, up.requests.length]).toEqual([1, 0]);
    });
  });
});
