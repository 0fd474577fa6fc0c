import { describe, expect, test } from "vitest";
import { evaluate } from "../../../evaluators/index.ts";
import { sandbox } from "../../../gateway/providers/sandbox.ts";
import { ask, context, question, read, says, send } from "../../support/sandbox.ts";

describe("the behaviour", () => {
  test("is chosen by the model's name, with or without the prefix", async () => {
    expect(await ask(question, "sandbox/refuses")).toBe("I'm sorry, but I can't help with that.");
    expect(await ask(question, "refuses")).toBe("I'm sorry, but I can't help with that.");
  });

  test("is chosen by the last user message when the model's name is none", async () => {
    expect(await ask(`${question} sandbox/refuses`)).toMatch(/^I'm sorry/);
    expect(await ask(`${question} (sandbox/unfaithful).`)).toContain("75 days");
    expect(await ask(`${question} sandbox/refuses`, "faithful")).toContain("30 days");
    const earlier = [...says("sandbox/refuses"), { role: "assistant", content: "No." }, ...says(question)];
    expect(await read(await send({ messages: earlier }))).toContain("30 days");
  });

  test("is faithful when nothing names another", async () => {
    expect(await ask(question)).toBe("Lamps can be returned within 30 days.");
    expect(await ask(`${question} See sandbox/src.`)).toBe("Lamps can be returned within 30 days.");
  });

  test("is listed as models that can be asked for", () => {
    const names = "faithful unfaithful refuses leaks-pii tool-call slow drops-mid-stream judge".split(" ");
    expect(sandbox.models).toEqual(names.map((name) => `sandbox/${name}`));
  });

  test("is the same, byte for byte, for the same request", async () => {
    for (const name of ["faithful", "unfaithful", "leaks-pii", "tool-call"]) {
      const body = {
        messages: says(question),
        stream: true,
        tools: [{ type: "function", function: { name: "t", parameters: {} } }],
      };
      const replies = await Promise.all(
        [send(body, { model: name }), send(body, { model: name })].map(async (reply) => read(await reply)),
      );
      const [first, second] = replies.map((reply) => reply.replaceAll(/"created":\d+/g, ""));
      expect(first).toBe(second);
    }
  });
});

describe("a faithful answer", () => {
  test("uses the system prompt's context, a document's tags and attributes, and two sentences for two questions", async () => {
    const messages = [
      {
        role: "system",
        content: '<document index="1"><source>a.txt</source>Lamps cost 9 euros.\nCables are red.</document>',
      },
      ...says("What do lamps cost?"),
    ];
    expect(await read(await send({ messages }))).toContain('"content":"Lamps cost 9 euros."');
    expect(await ask(`${context} What does shipping cost, and within how many days can lamps be returned?`)).toBe(
      "Lamps can be returned within 30 days. Shipping costs 5 euros.",
    );
  });

  test("says so when the context has nothing, and when there is no context", async () => {
    expect(await ask(`${context} Who founded Rome?`)).toBe("The given context does not say.");
    expect(await ask("Who founded Rome?")).toMatch(/^This is Proctor's offline sandbox/);
  });

  test("is found faithful, and an unfaithful one is not", async () => {
    const passages = ["Lamps can be returned within 30 days. Cables cannot be returned. Shipping costs 5 euros."];
    const sample = { input: "How long can I return lamps?", context: passages };
    const honest = await evaluate("faithfulness", { ...sample, output: await ask(question) });
    const invented = await evaluate("faithfulness", { ...sample, output: await ask(question, "sandbox/unfaithful") });
    expect([honest.outcome, invented.outcome]).toEqual(["pass", "fail"]);
  });
});

describe("an unfaithful answer", () => {
  test("changes a number and adds a claim with numbers that the context lacks", async () => {
    const answer = await ask(question, "unfaithful");
    expect(answer).toBe(
      "Lamps can be returned within 75 days. In addition, 61 percent of all cases are settled within 47 hours.",
    );
  });

  test("turns a sentence without a number into its opposite", async () => {
    expect(
      await ask(
        "<context>Cables cannot be returned. Lamps are not red. Shelves are oak.</context> Are lamps red?",
        "unfaithful",
      ),
    ).toMatch(/^Lamps are red\./);
    expect(await ask("<context>Shelves are oak.</context> Are shelves oak?", "unfaithful")).toMatch(
      /^Shelves are not oak\./,
    );
  });

  test("never uses a number of the context for its invention", async () => {
    const crowded = `<context>Numbers: 30 75 76 61 62 63 47 48.</context> Which numbers?`;
    expect(await ask(crowded, "unfaithful")).toContain("64 percent of all cases are settled within 49 hours");
  });
});

test("leaked personal data is found by the evaluator for it", async () => {
  const output = await ask(question, "sandbox/leaks-pii");
  const found = await evaluate("pii", { output });
  expect(found.outcome).toBe("fail");
  expect(found.claims?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["credit_card", "email"]));
});

describe("a slow answer", () => {
  test("begins after a second and then comes piece by piece", async () => {
    const started = performance.now();
    const times: number[] = [];
    const reply = await send({ messages: says(`${context} cables?`), stream: true, max_tokens: 3 }, { model: "slow" });
    for await (const _chunk of reply.body) times.push(performance.now() - started);
    expect(times[0]).toBeGreaterThan(950);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(80 * (times.length - 1));
  });

  test("ends at once when the caller leaves, with the caller's reason", async () => {
    const left = new AbortController();
    const reply = await send({ messages: says(question), stream: true }, { model: "slow", signal: left.signal });
    const started = performance.now();
    const reason = new Error("the client left");
    setTimeout(() => left.abort(reason), 30);
    await expect(read(reply)).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test("a caller who has left gets no reply at all", async () => {
  const reason = new Error("the client left");
  await expect(send({ messages: says("Hi") }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("a cut stream ends in an error after half of its frames, and never in [DONE]", async () => {
  const seen: string[] = [];
  const reply = await send({ messages: says(question), stream: true }, { model: "drops-mid-stream" });
  const reading = (async () => {
    for await (const chunk of reply.body) seen.push(Buffer.from(chunk).toString());
  })();
  await expect(reading).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(seen.join("")).toContain('"content":"Lamps"');
  expect(seen.join("")).not.toContain("[DONE]");
});

describe("a stream", () => {
  test("has a usage chunk only when it was asked for", async () => {
    const body = { messages: says(question), stream: true };
    expect(await read(await send(body))).not.toContain('"usage"');
    const withUsage = await read(await send({ ...body, stream_options: { include_usage: true } }));
    expect(withUsage.match(/"choices":\[\],"usage":\{"prompt_tokens"/g)).toHaveLength(1);
    expect(withUsage.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("without a tool to call, or when none may be called, says so in words", async () => {
    expect(await ask("Hi", "tool-call")).toContain("offers none");
    const tools = [{ type: "function", function: { name: "t", parameters: {} } }];
    expect(
      await read(await send({ messages: says("Hi"), tools, tool_choice: "none" }, { model: "tool-call" })),
    ).toContain("offers none");
  });
});

describe("a request that a vendor would refuse", () => {
  test.each([
    ["chat", "not json"],
    ["chat", "[]"],
    ["chat", "{}"],
    ["chat", '{"messages":[]}'],
    ["chat", '{"messages":"hello"}'],
    ["chat", '{"messages":[{"content":"no role"}]}'],
    ["chat", '{"messages":[{"role":"user","content":"x"}],"max_tokens":0}'],
    ["messages", "{}"],
    ["messages", '{"max_tokens":10}'],
    ["messages", '{"messages":[{"role":"user","content":"x"}]}'],
    ["messages", '{"messages":[{"role":"tool","content":"x"}],"max_tokens":10}'],
  ] as const)("is a 400 on the %s wire: %s", async (wire, body) => {
    const reply = await send(body, { wire });
    const answer = JSON.parse(await read(reply)) as { type?: string; error: { type: string; message: string } };
    expect(reply.status).toBe(400);
    expect(answer.error).toMatchObject({
      type: "invalid_request_error",
      message: expect.stringMatching(/\w+.*\.$/) as unknown,
    });
    expect(answer.type).toBe(wire === "messages" ? "error" : undefined);
  });

  test("does not include content that is absent, null, parts of any kind, or fields of the vendor's", async () => {
    const messages = [
      { role: "assistant", content: null },
      {
        role: "user",
        content: [
          { type: "image_url", image_url: {} },
          { type: "text", text: "Hi" },
        ],
        x: 1,
      },
    ];
    expect((await send({ messages, logit_bias: {}, n: null })).status).toBe(200);
  });
});
