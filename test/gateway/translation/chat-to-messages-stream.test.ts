import fc from "fast-check";
import { expect, test } from "vitest";
import { chatToMessages } from "../../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { GatewayError } from "../../../gateway/errors.ts";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../../gateway/wires/json.ts";
import { messagesEvents, textEvents, thinkingEvents, toolEvents } from "../../support/messages-events.ts";

const hello = { model: "alias", messages: [{ role: "user", content: "Hello" }] };

function begin(request: JsonObject = {}) {
  return chatToMessages.begin({ ...hello, ...request }, { model: "target-model", maxTokens: 512 });
}

function streamed(events: readonly JsonObject[], request: JsonObject = {}): JsonObject[] {
  const exchange = begin(request);
  return [...events.flatMap((event) => exchange.event(event)), ...exchange.end()];
}

function deltasOf(chunks: readonly JsonObject[]): JsonObject[] {
  return chunks.flatMap((chunk) => arrayOf(chunk["choices"]).map((choice) => objectOf(objectOf(choice)["delta"])));
}

/** The calls as a client puts them together from the chunks. */
function callsOf(chunks: readonly JsonObject[]): { id: string; name: string; arguments: string }[] {
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const piece of deltasOf(chunks).flatMap((delta) => arrayOf(delta["tool_calls"]).map(objectOf))) {
    const index = Number(piece["index"]);
    const called = objectOf(piece["function"]);
    const call = (calls[index] ??= { id: "", name: "", arguments: "" });
    call.id += stringOf(piece["id"]);
    call.name += stringOf(called["name"]);
    call.arguments += stringOf(called["arguments"]);
  }
  return calls;
}

test("every chunk has the same id, time and model, and the first has the role", () => {
  const chunks = streamed(messagesEvents([textEvents("Hi", " there")]));
  expect(new Set(chunks.map(({ id, created, model }) => JSON.stringify([id, created, model]))).size).toBe(1);
  expect(chunks[0]).toMatchObject({ id: "chatcmpl-fake_1", object: "chat.completion.chunk", model: "fake-model" });
  expect(deltasOf(chunks)[0]).toEqual({ role: "assistant", content: "" });
});

test("one chunk says why it ended, and one without choices says what it cost", () => {
  const chunks = streamed(messagesEvents([textEvents("Hi")]));
  const reasons = chunks.flatMap(({ choices }) => arrayOf(choices).map((choice) => objectOf(choice)["finish_reason"]));
  expect(reasons).toEqual([null, null, "stop"]);
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: {
      prompt_tokens: 17,
      completion_tokens: 7,
      total_tokens: 24,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    },
  });
  expect(chunks.filter((chunk) => "usage" in chunk)).toHaveLength(1);
});

test("a ping makes no chunk", () => {
  expect(begin().event({ type: "ping" })).toEqual([]);
});

test("counts that a later event leaves open stay as they were", () => {
  const [start = {}, ...rest] = messagesEvents([textEvents("Hi")]);
  const usage = { input_tokens: null, cache_read_input_tokens: null, output_tokens: 3 };
  const chunks = streamed([start, { type: "message_delta", delta: {}, usage }, ...rest]);
  expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 17, completion_tokens: 7 } });
});

test("text, thinking and tools that take turns keep their order, and calls are counted on their own", () => {
  const chunks = streamed(
    messagesEvents(
      [thinkingEvents("sig", "Hm."), textEvents("Both."), toolEvents("a", "f", '{"x"', ":1}"), toolEvents("b", "g")],
      { stop_reason: "tool_use" },
    ),
  );
  const kinds = deltasOf(chunks).map((delta) => Object.keys(delta).join());
  expect(kinds).toEqual([
    "role,content",
    "reasoning_content",
    "content",
    "tool_calls",
    "tool_calls",
    "tool_calls",
    "tool_calls",
    "tool_calls",
    "thinking_blocks",
    "",
  ]);
  expect(callsOf(chunks)).toEqual([
    { id: "a", name: "f", arguments: '{"x":1}' },
    { id: "b", name: "g", arguments: "{}" },
  ]);
});

test("deltas of two blocks that come mixed find their calls", () => {
  const [start = {}, ping = {}, ...rest] = messagesEvents([
    toolEvents("a", "f", "{", "}"),
    toolEvents("b", "g", "[", "]"),
  ]);
  const isEnd = (event: JsonObject) => stringOf(event["type"]).startsWith("message");
  const blocks = rest.filter((event) => !isEnd(event));
  const turns = [0, 4, 1, 5, 2, 6, 3, 7].map((at) => blocks[at] ?? {});
  expect(callsOf(streamed([start, ping, ...turns, ...rest.filter(isEnd)])).map((call) => call.arguments)).toEqual([
    "{}",
    "[]",
  ]);
});

test("arguments that came whole with the start of the call are not lost", () => {
  const start = {
    type: "content_block_start",
    content_block: { type: "tool_use", id: "a", name: "f", input: { x: 1 } },
  };
  expect(callsOf(streamed(messagesEvents([[start, { type: "content_block_stop" }]])))[0]?.arguments).toBe('{"x":1}');
});

test("a call whose block was never closed still has arguments", () => {
  const start = { type: "content_block_start", content_block: { type: "tool_use", id: "a", name: "f", input: {} } };
  expect(callsOf(streamed(messagesEvents([[start]])))[0]?.arguments).toBe("{}");
});

test("a stream that ends without having begun is broken", () => {
  expect(() => begin().end()).toThrow(GatewayError);
  expect(() => begin().end()).toThrow(/without having begun/);
});

test("an event that nobody knew is named and not sent on", () => {
  const exchange = begin();
  expect(exchange.event({ type: "server_news", text: "x" })).toEqual([]);
  expect(exchange.dropped).toEqual(["reply.server_news"]);
});

test("however the arguments were cut, the pieces together are the arguments", () => {
  const anyCall = fc.record({ input: fc.dictionary(fc.string(), fc.jsonValue()), cuts: fc.array(fc.nat(200)) });
  fc.assert(
    fc.property(fc.array(anyCall, { minLength: 1, maxLength: 4 }), (calls) => {
      const texts = calls.map(({ input }) => JSON.stringify(input));
      const blocks = calls.map(({ cuts }, at) => toolEvents(`id_${at}`, `f_${at}`, ...piecesOf(texts[at] ?? "", cuts)));
      const read = callsOf(streamed(messagesEvents(blocks, { stop_reason: "tool_use" })));
      expect(read).toEqual(texts.map((text, at) => ({ id: `id_${at}`, name: `f_${at}`, arguments: text })));
    }),
    { numRuns: 300 },
  );
});

test("whole and streamed, a message says the same", () => {
  const anyBlock = fc.oneof(
    fc.record({ type: fc.constant("text"), text: fc.string({ minLength: 1 }) }),
    fc.record({ type: fc.constant("thinking"), thinking: fc.string({ minLength: 1 }), signature: fc.string() }),
    fc.record({
      type: fc.constant("tool_use"),
      id: fc.uuid(),
      name: fc.string({ minLength: 1 }),
      input: fc.dictionary(fc.string(), fc.jsonValue()),
    }),
  );
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 6 }), (content) => {
      const whole = begin().reply({ id: "msg_1", model: "m", content, stop_reason: "end_turn", usage: {} });
      const message = objectOf(objectOf(arrayOf(whole["choices"])[0])["message"]);
      const chunks = streamed(messagesEvents(content.map(eventsOf)));
      const deltas = deltasOf(chunks);
      const said = (name: string) => deltas.map((delta) => stringOf(delta[name])).join("");
      expect(said("content")).toBe(message["content"] ?? "");
      expect(said("reasoning_content")).toBe(message["reasoning_content"] ?? "");
      expect(deltas.flatMap((delta) => arrayOf(delta["thinking_blocks"]))).toEqual(arrayOf(message["thinking_blocks"]));
      const calls = arrayOf(message["tool_calls"]).map(objectOf);
      expect(callsOf(chunks)).toEqual(calls.map(({ id, function: called }) => ({ id, ...objectOf(called) })));
    }),
    { numRuns: 300 },
  );
});

function eventsOf(block: JsonObject): JsonObject[] {
  if (block["type"] === "text") return textEvents(stringOf(block["text"]));
  if (block["type"] === "thinking") return thinkingEvents(stringOf(block["signature"]), stringOf(block["thinking"]));
  return toolEvents(stringOf(block["id"]), stringOf(block["name"]), JSON.stringify(block["input"]));
}

function piecesOf(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}
