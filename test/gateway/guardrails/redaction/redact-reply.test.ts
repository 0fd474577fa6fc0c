import { describe, expect, test } from "vitest";
import { type Claim, evaluate } from "../../../../evaluators/index.ts";
import { redactBody, redactFrames } from "../../../../gateway/guardrails/redaction/apply-redaction.ts";
import { redactMarked, redactReply } from "../../../../gateway/guardrails/redaction/redact-reply.ts";
import { joinedPassages } from "../../../../gateway/wires/joined-passages.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { sampleOf, type Wire } from "../../../../gateway/wires/wire.ts";
import { addressesIn, everything, redactedBody, replyIn } from "./redacted.ts";

const { chat, messages, responses } = wires;

const chatBody = (...choices: object[]) => JSON.stringify({ id: "1", object: "chat.completion", choices });
const messagesBody = (...content: object[]) => JSON.stringify({ id: "1", type: "message", content });
const responsesBody = (...output: object[]) => JSON.stringify({ id: "1", status: "completed", output });
const call = (given: string, name = "send") => ({ id: "c", type: "function", function: { name, arguments: given } });
const outputText = (text: string, more: object = {}) => ({ type: "output_text", text, annotations: [], ...more });
const item = (...content: object[]) => ({ id: "m", type: "message", content });

/** The reply as JSON, redacted. */
function redacted(wire: Wire, body: string): unknown {
  const text = redactedBody(wire, body);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

describe("of a whole reply, redaction replaces", () => {
  test.each([
    [
      "the content of every choice and the reasoning, the same value by the same placeholder",
      chat,
      chatBody(
        { index: 0, message: { content: "to ann@x.com", reasoning_content: "bob@x.com or ann@x.com?" } },
        { index: 1, message: { content: [{ type: "text", text: "to bob@x.com, ann@x.com" }] } },
      ),
      chatBody(
        { index: 0, message: { content: "to [EMAIL_1]", reasoning_content: "[EMAIL_2] or [EMAIL_1]?" } },
        { index: 1, message: { content: [{ type: "text", text: "to [EMAIL_2], [EMAIL_1]" }] } },
      ),
    ],
    [
      "a refusal",
      chat,
      chatBody({ index: 0, message: { content: null, refusal: "I do not write to ann@x.com" } }),
      chatBody({ index: 0, message: { content: null, refusal: "I do not write to [EMAIL_1]" } }),
    ],
    [
      "what tools are called with, JSON in a string and escapes included",
      chat,
      chatBody({
        index: 0,
        message: {
          tool_calls: [
            call(String.raw`{"to":"\u0061nn@x.com","n":[4111111111111111]}`),
            call(String.raw`{"body":"{\"to\":\"ann@x.com\"}"}`),
          ],
        },
      }),
      chatBody({
        index: 0,
        message: {
          tool_calls: [
            call('{"to":"[EMAIL_1]","n":["[CARD_1]"]}'),
            call(String.raw`{"body":"{\"to\":\"[EMAIL_1]\"}"}`),
          ],
        },
      }),
    ],
    [
      "a text whose tokens are said as well, which are left out",
      chat,
      chatBody(
        { index: 0, message: { content: "ann@x.com" }, logprobs: { content: [{ token: "ann@" }, { token: "x.com" }] } },
        { index: 1, message: { content: "fine" }, logprobs: { content: [{ token: "fine", logprob: -1 }] } },
      ),
      chatBody(
        { index: 0, message: { content: "[EMAIL_1]" }, logprobs: null },
        { index: 1, message: { content: "fine" }, logprobs: { content: [{ token: "fine", logprob: -1 }] } },
      ),
    ],
    [
      "the tokens alone where only they say it",
      chat,
      chatBody({ message: { content: "fine" }, logprobs: { content: [{ token: "ann@" }, { token: "x.com" }] } }),
      chatBody({ message: { content: "fine" }, logprobs: null }),
    ],
    [
      "thinking, text and the input of a tool",
      messages,
      messagesBody(
        { type: "thinking", thinking: "ann@x.com?", signature: "s" },
        { type: "text", text: "To ann@x.com" },
        { type: "tool_use", id: "t", name: "send", input: { "ann@x.com": { n: [1, "bob@x.com"] } } },
      ),
      messagesBody(
        { type: "thinking", thinking: "[EMAIL_1]?", signature: "s" },
        { type: "text", text: "To [EMAIL_1]" },
        { type: "tool_use", id: "t", name: "send", input: { "[EMAIL_1]": { n: [1, "[EMAIL_2]"] } } },
      ),
    ],
    [
      "what the items of a response say, and its repetition beside them",
      responses,
      JSON.stringify({
        output: [
          { type: "reasoning", summary: [{ type: "summary_text", text: "bob@x.com" }] },
          item(outputText("ann@x.com", { logprobs: [{ token: "ann@x.com", bytes: [97] }] })),
          item({ type: "refusal", refusal: "not bob@x.com" }),
          { type: "custom_tool_call", name: "send", input: "to ann@x.com" },
        ],
        output_text: "ann@x.com",
      }),
      JSON.stringify({
        output: [
          { type: "reasoning", summary: [{ type: "summary_text", text: "[EMAIL_2]" }] },
          item(outputText("[EMAIL_1]", { logprobs: [] })),
          item({ type: "refusal", refusal: "not [EMAIL_2]" }),
          { type: "custom_tool_call", name: "send", input: "to [EMAIL_1]" },
        ],
        output_text: "[EMAIL_1]",
      }),
    ],
  ])("%s", (_what, wire, body, expected) => expect(redacted(wire, body)).toEqual(JSON.parse(expected)));
});

test("numbers keep their digits beside what is replaced", () => {
  const body = `{"id":"1","created":1.00,"choices":[{"index":0,"message":{"tool_calls":[{"function":{"name":"f",
    "arguments":"{\\"id\\":900719925474099312345,\\"to\\":\\"ann@x.com\\",\\"more\\":[1e400,0.10]}"}}]},"x":12345678901234567890}]}`;
  const text = redactedBody(chat, body);
  expect(text).toContain('"x":12345678901234567890');
  expect(text).toContain(String.raw`{\"id\":900719925474099312345,\"to\":\"[EMAIL_1]\",\"more\":[1e400,0.1]}`);
  const input = messagesBody({ type: "tool_use", name: "f", input: { to: "ann@x.com", n: 0 } });
  const long = input.replace('"n":0', '"n":[900719925474099312345,411111111111111111111]');
  expect(redactedBody(messages, long)).toContain('{"to":"[EMAIL_1]","n":[900719925474099312345,"[CARD_1]"]}');
});

test("what an evaluator of personal data marks is found by it no more", async () => {
  const body = chatBody(
    { index: 0, message: { content: "Call 4111 1111 1111 1111", reasoning: String.raw`ann@x.com\u0040` } },
    {
      index: 1,
      message: {
        refusal: "ann@x.com",
        tool_calls: [call("{}"), call(String.raw`{"\u0061":["bob\u0040x.com", 4111111111111111], "b":1.50}`)],
      },
    },
  );
  const examined = async (text: string) => {
    const reply = replyIn(chat, text);
    return { reply, ...(await evaluate("pii", sampleOf(reply))) };
  };
  const { reply, outcome, claims = [] } = await examined(body);
  expect(outcome).toBe("fail");
  const redaction = redactReply(reply, claims, new Map(), everything);
  const text = (redaction && redactBody(chat, redaction, body)) ?? "";
  expect((await examined(text)).outcome).toBe("pass");
  expect(text).toContain('"content":"Call [CREDIT_CARD_1]"');
  expect(text).toContain('"refusal":"[EMAIL_1]"');
  expect(text).toContain(String.raw`{\"a\":[\"[EMAIL_2]\",\"[CREDIT_CARD_2]\"],\"b\":1.5}`);
});

test("placeholders agree with other texts that share them", () => {
  const placeholders = new Map([["email\nann@x.com", "[EMAIL_4]"]]);
  const body = chatBody({ index: 0, message: { content: "bob@x.com ann@x.com" } });
  expect(redactedBody(chat, body, placeholders)).toContain('"[EMAIL_5] [EMAIL_4]"');
});

describe("nothing can be redacted, so that the reply must be withheld,", () => {
  test.each([
    ["of a tool's name", chat, chatBody({ message: { tool_calls: [call("{}", "ann@x.com")] } })],
    [
      "of a text that is joined of several",
      chat,
      chatBody({ message: { content: [{ thinking: ["ann@x.com", "b"] }] } }),
    ],
    ["in a place without a name", chat, chatBody({ message: { content: "fine", aside: "ann@x.com" } })],
    [
      "in the title of a source",
      messages,
      messagesBody({ type: "text", text: "a", citations: [{ title: "ann@x.com" }] }),
    ],
    ["in an item that nobody knows", responses, responsesBody({ type: "hologram", words: "ann@x.com" })],
    [
      "where two keys would become one",
      chat,
      chatBody({ message: { content: "ann@x.com", tool_calls: [call('{"[EMAIL_1]":1,"ann@x.com":2}')] } }),
    ],
    ["where nothing is marked", chat, chatBody({ message: { content: "fine" } })],
  ])("%s", (_where, wire, body) => expect(redactedBody(wire, body)).toBeUndefined());

  const reply = replyIn(chat, chatBody({ message: { content: "write to ann@x.com", tool_calls: [call('{"a":1}')] } }));
  const claim: Claim = { text: "ann@x.com", start: 9, end: 18, verdict: "violation", kind: "email" };
  const redaction = (claims: readonly Claim[]) => redactReply(reply, claims, new Map(), everything);

  test.each<[string, readonly Claim[]]>([
    ["where a claim has another text", [claim, { ...claim, text: "bob@x.com" }]],
    ["where a claim is past the end", [claim, { ...claim, start: 40, end: 49 }]],
    ["where a claim is about the request", [claim, { ...claim, field: "input" }]],
    ["where a claim is about a call that is not there", [claim, { ...claim, field: "tool_calls", index: 1 }]],
    ["where a claim does not say which call it is about", [claim, { ...claim, field: "tool_calls" }]],
    ["where a claim is about other arguments", [claim, { ...claim, field: "tool_calls", index: 0, start: 0, end: 9 }]],
    ["where claims are no violations", [{ ...claim, verdict: "contradicted" }]],
    ["without a claim", []],
  ])("%s", (_why, claims) => {
    expect(redaction([claim])).toBeDefined();
    expect(redaction(claims)).toBeUndefined();
  });

  test("where one of several evaluators marked nothing", () => {
    const marked = { claims: [claim], covers: everything };
    expect(redactMarked(reply, [marked, marked], new Map())).toBeDefined();
    expect(redactMarked(reply, [marked, { claims: [], covers: everything }], new Map())).toBeUndefined();
    expect(redactMarked(reply, [], new Map())).toBeUndefined();
  });

  test("where the bytes are those of another reply", async () => {
    const made = redaction([claim]);
    expect(made).toBeDefined();
    if (!made) return;
    expect(
      redactBody(chat, made, chatBody({ message: { content: "write to bob@x.com", tool_calls: [] } })),
    ).toBeUndefined();
    expect(redactBody(chat, made, "no JSON")).toBeUndefined();
    expect(
      await redactFrames(chat, made, [Buffer.from('data: {"choices":[{"delta":{"content":"write"}}]}\n\n')]),
    ).toBeUndefined();
  });
});

describe("claims count in the kinds of text that were covered", () => {
  const body = chatBody(
    { index: 0, message: { content: "first", refusal: "not ann@x.com" } },
    { index: 1, message: { content: "ann@x.com", reasoning: "bob@x.com" } },
  );
  const reply = replyIn(chat, body);
  const marksIn = (covers: readonly string[]) => {
    const { output, reasoning } = joinedPassages(reply.passages, covers);
    return { covers, claims: addressesIn({ output: output.text, reasoning: reasoning.text }) };
  };
  const contents = (text: string | undefined) =>
    [...(text ?? "").matchAll(/"([^"]*(?:@x|EMAIL)[^"]*)"/g)].map(([, each]) => each);

  test.each([
    [["text"], ["not ann@x.com", "[EMAIL_1]", "bob@x.com"]],
    [
      ["refusal", "reasoning"],
      ["not [EMAIL_1]", "ann@x.com", "[EMAIL_2]"],
    ],
  ])("%j", (covers, said) => {
    const { claims } = marksIn(covers);
    const redaction = redactReply(reply, claims, new Map(), covers);
    expect(contents(redaction && redactBody(chat, redaction, body))).toEqual(said);
  });

  test("also where each of several evaluators covers others", () => {
    const redaction = redactMarked(
      reply,
      [marksIn(["text"]), marksIn(["refusal", "text"]), marksIn(["reasoning"])],
      new Map(),
    );
    expect(contents(redaction && redactBody(chat, redaction, body))).toEqual([
      "not [EMAIL_1]",
      "[EMAIL_1]",
      "[EMAIL_2]",
    ]);
  });

  test("and one that runs over two passages is replaced in each", () => {
    const { output } = sampleOf(reply);
    const claim: Claim = { text: (output ?? "").slice(2, 12), start: 2, end: 12, verdict: "violation", kind: "name" };
    const redaction = redactReply(reply, [claim], new Map(), everything);
    const text = redaction && redactBody(chat, redaction, body);
    expect(text).toContain('"content":"fi[NAME_1]"');
    expect(text).toContain('"refusal":"[NAME_2]nn@x.com"');
  });
});
