import { describe, expect, test } from "vitest";
import { createCollector } from "../../../gateway/wires/collect.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { responses } from "../../../gateway/wires/responses.ts";
import { readFrames } from "../../../gateway/wires/server-sent-frames.ts";
import { type ReplyParts, sampleOf } from "../../../gateway/wires/wire.ts";
import { responsesFrame } from "../../support/responses-writing.ts";

const secret = "123-45-6789";

type Event = readonly [type: string, members: object];

async function collected(events: readonly Event[]): Promise<ReplyParts> {
  const collector = createCollector();
  const frames = events.map(([type, members]) => responsesFrame(type, members)).join("");
  const bytes = (async function* whole() {
    yield Buffer.from(frames);
  })();
  for await (const frame of readFrames(bytes)) collector.add(responses.readFrame(frame).deltas);
  return collector.parts();
}

function read(body: JsonObject): ReplyParts {
  const collector = createCollector();
  collector.add(responses.readReply(body));
  return collector.parts();
}

/** All that evaluators are given of a reply. */
const examined = (parts: ReplyParts) => JSON.stringify(sampleOf(parts));

const message = (...content: object[]) => ({ id: "msg_1", type: "message", role: "assistant", content });
const text = (said: string, more: object = {}) => ({ type: "output_text", text: said, annotations: [], ...more });
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
const completed = (...output: object[]): Event => ["response.completed", { response: { status: "completed", output } }];
const delta = (said: string, more: object = {}): Event => [
  "response.output_text.delta",
  { ...place, delta: said, ...more },
];

const items: Record<string, object> = {
  "the text of a message": message(text(secret)),
  "a refusal": message({ type: "refusal", refusal: secret }),
  "a text in place of a list of parts": { type: "message", content: secret },
  "a part of another kind": message({ type: "slide", title: { text: secret } }),
  "the title of a source": message(text("fine", { annotations: [{ type: "url_citation", title: secret, url: "u" }] })),
  "log probabilities": message(text("fine", { logprobs: [{ token: "123-45" }, { token: "-6789" }] })),
  "a member of a message that nobody knows": { ...message(text("fine")), aside: [secret] },
  "the summary of the reasoning": { type: "reasoning", summary: [{ type: "summary_text", text: secret }] },
  "the reasoning itself": { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: secret }] },
  "what a function is called with": { type: "function_call", name: "f", arguments: `{"a":"${secret}"}` },
  "what a function is called with, behind escapes": {
    type: "function_call",
    name: "f",
    arguments: '{"a":"\\u0031\\u00323-45-6789"}',
  },
  "arguments that are an object": { type: "function_call", name: "f", arguments: { a: secret } },
  "a function's name": { type: "function_call", name: secret, arguments: "{}" },
  "what a custom tool is given": { type: "custom_tool_call", name: "f", input: secret },
  "the output of a remote tool": { type: "mcp_call", name: "f", arguments: "{}", output: secret },
  "the code of an interpreter": { type: "code_interpreter_call", code: secret, outputs: null },
  "what an interpreter wrote": { type: "code_interpreter_call", code: "x", outputs: [{ type: "logs", logs: secret }] },
  "what was searched for": { type: "web_search_call", action: { type: "search", query: secret } },
  "what was found in a file": { type: "file_search_call", queries: [], results: [{ text: secret, file_id: "f" }] },
  "the command of a shell": { type: "shell_call", action: { commands: [secret] } },
  "an item that nobody knows": { type: "hologram", layers: [{ words: secret }] },
};

describe("an examiner is given", () => {
  test.each(Object.entries(items))("%s, in one piece", (_place, item) => {
    expect(examined(read({ status: "completed", output: [item] }))).toContain(secret);
  });

  test.each(Object.entries(items))("%s, in any event that may hold it", async (_place, item) => {
    const added: Event = ["response.output_item.added", { output_index: 0, item }];
    const done: Event = ["response.output_item.done", { output_index: 0, item }];
    for (const event of [added, done, completed(item)]) expect(examined(await collected([event]))).toContain(secret);
  });

  test("the text that some servers repeat beside the output, unless it is the same", () => {
    expect(examined(read({ output: [message(text("fine"))], output_text: secret }))).toContain(secret);
    expect(read({ output: [message(text("fine"))], output_text: "fine" }).choices).toEqual(["fine"]);
  });

  test("members of a response that nobody knows, and none that repeat the request", () => {
    expect(examined(read({ output: [], epilogue: { text: secret } }))).toContain(secret);
    const asked = { instructions: secret, tools: [{ description: secret }], metadata: { note: secret } };
    expect(examined(read({ output: [message(text("fine"))], ...asked }))).not.toContain(secret);
  });
});

const onlyAtTheEnd: Record<string, readonly Event[]> = {
  "output_text.done": [["response.output_text.done", { ...place, text: secret }]],
  "refusal.done": [["response.refusal.done", { ...place, refusal: secret }]],
  "content_part.done": [["response.content_part.done", { ...place, part: text(secret) }]],
  "output_item.done": [["response.output_item.done", { output_index: 0, item: message(text(secret)) }]],
  "reasoning_text.done": [["response.reasoning_text.done", { ...place, text: secret }]],
  "reasoning_summary_text.done": [
    ["response.reasoning_summary_text.done", { output_index: 0, summary_index: 0, text: secret }],
  ],
  "reasoning_summary_part.done": [
    ["response.reasoning_summary_part.done", { output_index: 0, summary_index: 0, part: { text: secret } }],
  ],
  "function_call_arguments.done": [["response.function_call_arguments.done", { output_index: 1, arguments: secret }]],
  "custom_tool_call_input.done": [["response.custom_tool_call_input.done", { output_index: 1, input: secret }]],
  "an unknown event's end": [["response.hologram.done", { output_index: 0, words: secret }]],
  "response.completed": [completed(message(text(secret)))],
};

describe("what a stream says again at its end", () => {
  test.each(Object.entries(onlyAtTheEnd))("is examined when only %s has it", async (_event, events) => {
    expect(examined(await collected(events))).toContain(secret);
    const differing = await collected([delta("fine"), ...events]);
    expect(examined(differing)).toContain(secret);
    expect(examined(differing)).toContain("fine");
  });

  test("counts once when it is the same, wherever it stands", async () => {
    const events: Event[] = [
      ["response.output_item.added", { output_index: 0, item: message() }],
      ["response.content_part.added", { ...place, part: text("") }],
      delta("fi"),
      delta("ne"),
      ["response.output_text.done", { ...place, text: "fine" }],
      ["response.content_part.done", { ...place, part: text("fine") }],
      ["response.output_item.done", { output_index: 0, item: message(text("fine")) }],
      // A server that leaves an item out of the response moves the others up.
      completed({ type: "reasoning", summary: [] }, message(text("fine"))),
    ];
    expect(await collected(events)).toMatchObject({ choices: ["fine"], reasoning: "", finishReasons: ["completed"] });
  });

  test("is kept in both versions when it differs", async () => {
    const parts = await collected([
      delta("It is safe."),
      ["response.output_text.done", { ...place, text: "It is not." }],
    ]);
    expect(parts.choices).toEqual(["It is safe.\n\nIt is not."]);
  });

  const call = { id: "fc_1", type: "function_call", call_id: "c", name: "f" };
  const begun: Event = ["response.output_item.added", { output_index: 0, item: { ...call, arguments: "" } }];
  const given = (said: string): Event => ["response.function_call_arguments.delta", { output_index: 0, delta: said }];
  const done = (said: string): Event => ["response.function_call_arguments.done", { output_index: 0, arguments: said }];
  const closed = (said: string): Event => [
    "response.output_item.done",
    { output_index: 0, item: { ...call, arguments: said } },
  ];

  test.each([
    { what: "came in pieces", events: [begun, given('{"a"'), given(":1}"), done('{"a":1}'), closed('{"a":1}')] },
    { what: "came only at the end", events: [begun, done('{"a":1}'), closed('{"a":1}')] },
    { what: "came only with the item", events: [closed('{"a":1}'), completed({ ...call, arguments: '{"a":1}' })] },
    { what: "came without its name first", events: [given('{"a":1}'), closed('{"a":1}')] },
    { what: "is written with white space", events: [begun, given('{"a":1}'), done('{ "a": 1 }')] },
  ])("a call that $what is one call", async ({ events }) => {
    const { toolCalls } = await collected(events);
    expect(toolCalls.map((each) => [each.name, JSON.parse(each.arguments) as unknown])).toEqual([["f", { a: 1 }]]);
  });

  test("a call that ends with other arguments is two", async () => {
    const { toolCalls } = await collected([begun, given('{"a":1}'), closed('{"a":2}')]);
    expect(toolCalls).toEqual([
      { name: "f", arguments: '{"a":1}' },
      { name: "f", arguments: '{"a":2}' },
    ]);
  });

  test("two calls that are alike stay two", async () => {
    const second = (event: Event): Event => [event[0], { ...event[1], output_index: 1 }];
    const { toolCalls } = await collected([begun, given("{}"), second(begun), second(given("{}")), closed("{}")]);
    expect(toolCalls).toHaveLength(2);
  });
});

describe("a frame", () => {
  const frame = (event: string | undefined, data: string) =>
    responses.readFrame({ bytes: Buffer.from("x"), event, data });

  test("whose name and type differ breaks the stream", () => {
    expect(() => frame("response.output_text.delta", '{"type":"response.created"}')).toThrow(/name and type differ/);
  });

  test("that says [DONE] is neither an end nor passed on", () => {
    expect(frame(undefined, "[DONE]")).toMatchObject({ kind: "content", deltas: [], bytes: new Uint8Array(0) });
  });

  test("of padding says nothing", () => {
    const padded = { type: "response.output_text.delta", delta: "fine", obfuscation: "Xy7" };
    expect(frame(undefined, JSON.stringify(padded)).deltas).toEqual([
      { type: "text-delta", choice: 0, part: "0.0", text: "fine" },
    ]);
    expect(frame("keepalive", '{"type":"keepalive","sequence_number":3}')).toMatchObject({
      kind: "content",
      deltas: [],
    });
  });

  test.each([
    ["response.completed", { status: "completed" }, "completed"],
    [
      "response.incomplete",
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      "max_output_tokens",
    ],
  ])("%s ends the stream", (type, response, reason) => {
    const { kind, deltas } = frame(type, JSON.stringify({ type, response }));
    expect(kind).toBe("end");
    expect(deltas).toContainEqual({ type: "finish", choice: 0, reason });
  });

  test.each([
    ["response.failed", { response: { status: "failed", error: { code: "server_error", message: "It broke." } } }],
    ["error", { code: "server_error", message: "It broke." }],
    ["error", { error: { code: "server_error", message: "It broke." } }],
  ])("%s is an error with its sentence", (type, members) => {
    const { kind, deltas } = frame(type, JSON.stringify({ type, ...members }));
    expect(kind).toBe("error");
    expect(deltas).toContainEqual({ type: "error", message: "It broke." });
  });
});

test("tokens count what was cached and what was thought", () => {
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
    output_tokens: 40,
    output_tokens_details: { reasoning_tokens: 30 },
    total_tokens: 140,
  };
  expect(read({ output: [], usage }).usage).toEqual({
    inputTokens: 100,
    outputTokens: 40,
    cacheReadTokens: 60,
    cacheWriteTokens: 10,
    reasoningTokens: 30,
  });
});

test("a response that failed is an error although its status says success", () => {
  const failed = {
    object: "response",
    status: "failed",
    error: { code: "server_error", message: "It broke." },
    output: [],
  };
  expect(responses.isError(failed)).toBe(true);
  expect(responses.isError({ ...failed, status: "completed", error: null })).toBe(false);
});
