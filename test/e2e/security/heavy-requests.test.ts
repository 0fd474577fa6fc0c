import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireName } from "../../../gateway/providers/provider.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { chatReply, type FakeVendor, messagesReply, startFakeVendor } from "../../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { ask } from "./ask.ts";

let vendor: FakeVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startFakeVendor(({ path }) =>
    path.endsWith("/messages") ? messagesReply("Hello.") : chatReply("Hello."),
  );
  gateway = await startTestGateway({
    providers: {
      chat: { kind: "openai", base_url: vendor.url },
      messages: { kind: "anthropic", base_url: vendor.url },
    },
    models: {
      chat: { targets: [{ provider: "chat", model: "m" }] },
      messages: { targets: [{ provider: "messages", model: "m" }] },
    },
    // Context makes the tags be looked for.
    evaluators: { faithfulness: { engine: "local" } },
    guardrails: [
      {
        models: ["chat", "messages"],
        output: [{ evaluator: "faithfulness", mode: "hold" }],
      },
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await vendor.close();
});

const megabyte = 1024 * 1024;
const fill = (piece: string): string => piece.repeat(Math.ceil(megabyte / piece.length));

/** A megabyte each, of what makes slow patterns slow. */
const texts: Readonly<Record<string, string>> = {
  "opening tags": fill("<context "),
  "tags that are never closed": fill("<context>"),
  "closing tags of another name": `<context>${fill("</document>")}`,
  "halves of closing tags": `<context>${fill("</context ")}`,
  "tags with long attributes": `<document ${fill("a=")}`,
  "documents one in the other": fill("<documents><document>"),
  spaces: fill(" "),
  "spaces and a word": `${fill("\t \n")}x`,
  "quotes and backslashes": fill('\\"\\'),
  "one word": fill("a"),
  digits: fill("1"),
  "numbers with signs": fill("1.,-"),
  "addresses that are none": fill("a@a."),
  "data URLs": fill("data:image/png;base64,"),
  "combining characters": fill("a\u0301\u200d"),
  "half pairs": fill("\ud83d"),
  "line ends": fill("\r\n\r"),
  fences: fill("```\n~~~"),
};

const places = [
  { wire: "chat", model: "chat" },
  { wire: "chat", model: "messages" },
  { wire: "messages", model: "chat" },
  { wire: "responses", model: "chat" },
] as const;

const body = (wire: WireName, model: string, content: unknown, more: object = {}): string =>
  JSON.stringify({
    model,
    ...(wire === "responses" ? { input: [{ role: "user", content }] } : { messages: [{ role: "user", content }] }),
    ...(wire === "messages" ? { max_tokens: 5 } : {}),
    ...more,
  });

/** How long the gateway keeps everyone else waiting, at worst, while it does this. */
async function longestStall(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }, 10);
  await work();
  longest = Math.max(longest, performance.now() - before);
  clearInterval(watch);
  return longest;
}

// What a slow pattern takes for a megabyte is counted in minutes; what is counted here is a few hundred milliseconds on an idle machine.
const mostStall = 6000;

describe.each(places)("$wire to a target that speaks $model", ({ wire, model }) => {
  test.each(Object.entries(texts))(
    "a megabyte of %s is answered, and holds nobody up for long",
    async (_what, text) => {
      const asking = { path: wires[wire].path, body: body(wire, model, text) };
      let status = 0;
      const stall = await longestStall(async () => ({ status } = await ask(gateway.url, asking)));
      expect([200, 400, 422]).toContain(status);
      expect(stall).toBeLessThan(mostStall);
    },
    60_000,
  );

  test("ten thousand messages, tools, pieces of content and stop words are answered", async () => {
    const many = <T>(make: (index: number) => T): T[] => Array.from({ length: 10_000 }, (_, index) => make(index));
    const turns = many((index) => ({ role: index % 2 === 0 ? "user" : "assistant", content: `word ${index}` }));
    const tool = (index: number): object => {
      const schema = { type: "object", properties: { [`p${index}`]: { type: "string" } } };
      if (wire === "messages") return { name: `tool_${index}`, input_schema: schema };
      const named = { name: `tool_${index}`, parameters: schema };
      return wire === "chat" ? { type: "function", function: named } : { type: "function", ...named };
    };
    const piece = { type: wire === "responses" ? "input_text" : "text", text: "x" };
    const bodies = [
      body(wire, model, "", wire === "responses" ? { input: turns } : { messages: turns }),
      body(wire, model, "Hello?", { tools: many(tool) }),
      body(
        wire,
        model,
        many(() => piece),
      ),
      body(wire, model, "Hello?", wire === "messages" ? { stop_sequences: many(String) } : { stop: many(String) }),
      body(wire, model, "Hello?", { proctor: { context: many((index) => `passage ${index}`) } }),
      body(wire, model, "Hello?", { metadata: Object.fromEntries(many((index) => [`k${index}`, "v"])) }),
    ];
    for (const each of bodies) {
      let status = 0;
      const stall = await longestStall(
        async () => ({ status } = await ask(gateway.url, { path: wires[wire].path, body: each })),
      );
      expect([200, 400, 422]).toContain(status);
      expect(stall).toBeLessThan(mostStall);
    }
    expect(gateway.errors).toEqual([]);
  }, 60_000);
});

test("headers of sixteen kilobytes of commas are read at once", async () => {
  const long = ",".repeat(7000);
  for (const name of [
    "x-proctor-tags",
    "x-proctor-evaluators",
    "authorization",
    "accept",
    "connection",
    "tracestate",
    "baggage",
  ]) {
    const { status } = await ask(gateway.url, { headers: { [name]: long }, body: body("chat", "chat", "Hello?") });
    expect([name, status]).toEqual([name, 200]);
  }
});

test("a body that says that it is compressed is not unpacked", async () => {
  const bomb = Buffer.from("1f8b08000000000000034bcc03006cc5b4b302000000", "hex");
  for (const path of [
    "/v1/chat/completions",
    "/v1/messages",
    "/v1/responses",
    "/v1/evaluations",
    "/v1/embeddings",
    "/v1/messages/count_tokens",
  ]) {
    for (const encoding of ["gzip", "deflate", "br", "zstd", "GZIP, identity"]) {
      const { status, text } = await ask(gateway.url, { path, headers: { "content-encoding": encoding }, body: bomb });
      expect([path, status]).toEqual([path, 415]);
      expect(text).toContain(`content-encoding \\"${encoding}\\"`);
    }
  }
  const batch = { "content-type": "application/x-ndjson", "content-encoding": "gzip" };
  expect(
    (await ask(gateway.url, { path: "/v1/evaluations?evaluators=length", headers: batch, body: bomb })).status,
  ).toBe(415);
  const plain = { headers: { "content-encoding": "identity" }, body: body("chat", "chat", "Hello?") };
  expect((await ask(gateway.url, plain)).status).toBe(200);
});
