import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { chatReply, messagesReply, type VendorReply } from "../../support/fake-vendor.ts";
import {
  dialects,
  type Guarded,
  type GuardedOptions,
  secret,
  startGuarded,
  streamOf,
  verdictOf,
  wholeOf,
} from "./guarded.ts";

async function start(options: Partial<GuardedOptions>): Promise<Guarded> {
  return closing(await startGuarded({ answer: () => "Fine.", ...options }));
}

const telling = `I am ${secret}, you know.`;
const pii = (more: object) => ({ evaluator: "pii", mode: "hold", ...more });
const modes = ["hold", "window"] as const;
const streams = [false, true] as const;

function chatFrames(choices: readonly unknown[], beside: object = {}): VendorReply {
  const frame = (each: unknown, more: object = {}) =>
    `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [each], ...more })}\n\n`;
  const end = frame({ index: 0, delta: {}, finish_reason: "stop" });
  const frames = choices.map((choice) => frame(choice, beside));
  return { headers: { "content-type": "text/event-stream" }, chunks: [...frames, end, "data: [DONE]\n\n"] };
}

const saying = (delta: object) => ({ index: 0, delta, finish_reason: null });
const calling = (called: object, more: object = {}) =>
  saying({ tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", ...called }, ...more }] });

describe("a request that one guardrail sends to another alias", () => {
  const byTools = pii({ on_fail: "fallback", fallback: "teacher", covers: ["tools"] });
  const request = {
    messages: [{ role: "user", content: telling }],
    tools: [{ type: "function", function: { name: "f", description: telling, parameters: {} } }],
  };

  test.each([
    { name: "before", input: [pii({ on_fail: "redact" }), byTools] },
    { name: "after", input: [byTools, pii({ on_fail: "redact" })] },
  ])("goes there without what another one redacts ($name)", async ({ input }) => {
    const { ask, student, teacher } = await start({ input });
    const asked = await ask(request);
    expect(verdictOf(asked)).toBe("redact");
    expect(student.requests).toEqual([]);
    expect(teacher.requests).toHaveLength(1);
    expect(teacher.requests[0]?.text).not.toContain(secret);
  });

  test("goes nowhere when a guardrail after it blocks", async () => {
    const { ask, student, teacher } = await start({ input: [byTools, pii({ on_fail: "block", covers: ["user"] })] });
    const asked = await ask(request);
    expect(verdictOf(asked)).toBe("block");
    expect([...student.requests, ...teacher.requests]).toEqual([]);
  });

  test("is not copied to a shadow of the alias that it was kept from", async () => {
    const targets = [{ provider: "vendor", model: "m" }];
    const { ask, student, teacher, gateway } = await start({
      input: [pii({ on_fail: "fallback", fallback: "teacher" })],
      models: { student: { targets, shadow: { model: "spy", sample: 1 } }, spy: { targets } },
    });
    await ask({ messages: [{ role: "user", content: telling }] });
    await gateway.close();
    expect(teacher.requests).toHaveLength(1);
    expect(student.requests).toEqual([]);
  });
});

describe("a request with personal data", () => {
  const tool = (parameters: object) => ({ tools: [{ type: "function", function: { name: "f", parameters } }] });
  test.each([
    { name: "the default of a parameter", body: tool({ properties: { a: { default: { customer_id: secret } } } }) },
    { name: "an example of one", body: tool({ properties: { a: { examples: [{ user_id: secret }] } } }) },
    { name: "a key of its default", body: tool({ properties: { a: { default: { [secret]: 1 } } } }) },
    { name: "the examples of a tool", body: { tools: [{ name: "f", input_examples: [{ customer_id: secret }] }] } },
    {
      name: "what only calls itself encrypted",
      body: { messages: [{ role: "user", content: [{ type: "text.encrypted", text: telling }] }] },
    },
    {
      name: "arguments in which a second key hides it",
      body: {
        messages: [
          { role: "user", content: "x" },
          {
            role: "assistant",
            tool_calls: [
              { id: "a", type: "function", function: { name: "f", arguments: `{"a":"${secret}","a":"x"}` } },
            ],
          },
        ],
      },
    },
  ])("in $name never reaches the model", async ({ body }) => {
    const { ask, student } = await start({ input: [pii({ on_fail: "block" })] });
    expect(verdictOf(await ask(body))).toBe("block");
    expect(student.requests).toEqual([]);
  });
});

describe.each(modes)("an answer in %s", (mode) => {
  test.each([
    { name: "a second key of a call's arguments", said: calling({ arguments: `{"a":"${secret}","a":"x"}` }) },
    {
      name: "arguments that never end and hide it behind escapes",
      said: calling({ arguments: `{"a":"\\u0031\\u0032\\u0033-45-6789 ` }),
    },
    { name: "a member beside the arguments", said: calling({ arguments: "{}", comment: telling }) },
    { name: "a member beside the function", said: calling({ arguments: "{}" }, { extra: { note: telling } }) },
    { name: "a second kind of call", said: calling({ arguments: "{}" }, { custom: { name: "g", input: telling } }) },
    {
      name: "calls that are no list",
      said: saying({ content: "x", tool_calls: { function: { arguments: telling } } }),
    },
    { name: "a delta that is a text", said: { index: 0, delta: telling } },
    { name: "a member that names things", said: saying({ content: "Hi. ", audio: { data: telling } }) },
    { name: "a key", said: saying({ content: "Hi. ", extra: { [telling]: 1 } }) },
  ])("does not tell it in $name", async ({ said }) => {
    const { ask } = await start({ answer: () => chatFrames([said]), output: [pii({ mode })] });
    const asked = await ask({ stream: true });
    expect(verdictOf(asked)).toBe("block");
    expect(asked.body).not.toContain("45-6789");
  });

  test("does not tell it beside the choices of a chunk, and lets one through that repeats something harmless", async () => {
    const chunks = ["Hello. ", "Good. ", "Bye. "].map((content) => saying({ content }));
    const { ask } = await start({
      answer: (_request, count) => chatFrames(chunks, { citations: [count === 1 ? telling : "A page of no harm."] }),
      output: [pii({ mode })],
    });
    const bad = await ask({ stream: true });
    expect(verdictOf(bad)).toBe("block");
    expect(bad.body).not.toContain(secret);
    const good = await ask({ stream: true });
    expect(verdictOf(good)).toBe("allow");
    expect(good.body).toContain("A page of no harm.");
  });

  describe.each(dialects)("(%s)", (dialect) => {
    test.each(streams)("does not tell it behind the escapes of a JSON text (stream: %s)", async (stream) => {
      const json = `{"number": "\\u0031\\u0032\\u0033-45-6789"}`;
      const pieces = json.match(/.{1,4}/gs) ?? [];
      const { ask } = await start({
        dialect,
        answer: () => (stream ? streamOf(dialect, pieces) : wholeOf(dialect, json)),
        output: [pii({ mode })],
      });
      const asked = await ask({ stream });
      expect(verdictOf(asked)).toBe("block");
      expect(asked.body).not.toContain("u0031");
    });
  });
});

test.each([
  { dialect: "chat", answer: chatReply("Hi.", { search_results: [{ title: telling }] }) },
  { dialect: "messages", answer: messagesBeside({ citations: [telling] }) },
  { dialect: "messages", answer: messagesBeside({ content: [telling] }) },
  { dialect: "messages", answer: messagesBeside({ usage: { note: telling } }) },
  { dialect: "responses", answer: responseOf([telling]) },
  { dialect: "responses", answer: responseOf([{ type: "message", content: { text: telling } }]) },
  { dialect: "responses", answer: responseOf([{ type: "reasoning", summary: telling }]) },
  { dialect: "responses", answer: responseOf([{ type: "function_call", name: [telling], arguments: "{}" }]) },
  { dialect: "responses", answer: responseOf([{ type: "function_call", name: "f", arguments: "{}", input: telling }]) },
] as const)("a whole answer of $dialect in an odd shape does not tell it (%#)", async ({ dialect, answer }) => {
  const { ask } = await start({ dialect, answer: () => answer, output: [pii({})] });
  const asked = await ask();
  expect(verdictOf(asked)).toBe("block");
  expect(asked.body).not.toContain(secret);
});

function messagesBeside(more: object): VendorReply {
  const body = JSON.parse(messagesReply("Hi.").chunks.join("")) as object;
  return { chunks: [JSON.stringify({ ...body, ...more })] };
}

function responseOf(output: readonly unknown[]): VendorReply {
  return { chunks: [JSON.stringify({ id: "r", object: "response", status: "completed", model: "m", output })] };
}
