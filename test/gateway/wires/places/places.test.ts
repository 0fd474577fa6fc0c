import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../../gateway/wires/json.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { ReplyDelta, TextPlace, Wire } from "../../../../gateway/wires/wire.ts";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { responsesFrame } from "../../../support/responses-writing.ts";
import { anySaid, writings } from "../../../support/wire-replies.ts";

/** What a place or a delta says, and where. */
type Told = readonly [type: string, choice: number, part: string, text: string, isWhole: boolean];

/** A JSON object that a reader reads: a reply, or the data of an event. */
interface Readable {
  readonly json: string;
  read(body: JsonObject): readonly ReplyDelta[];
}

const names = ["chat", "messages", "responses"] as const satisfies readonly WireName[];

function parsed(json: string): JsonObject {
  const body: unknown = JSON.parse(json);
  if (isJsonObject(body)) return body;
  throw new TypeError(`This is no JSON object: ${json}`);
}

const whole = (wire: Wire, body: object): Readable => ({
  json: JSON.stringify(body),
  read: (each) => wire.readReply(each),
});

const event = (wire: Wire, json: string): Readable => ({
  json,
  read: (each) => wire.readFrame({ bytes: new Uint8Array(), event: undefined, data: JSON.stringify(each) }).deltas,
});

/** The data of frames that hold JSON. */
const dataOf = (frames: readonly string[]) =>
  frames.flatMap((frame) => /(?:^|\n)data: (\{[^\n]*)/.exec(frame)?.[1] ?? []);

function toldBy(delta: ReplyDelta): Told[] {
  if (delta.type === "tool-call-delta") {
    return delta.arguments === ""
      ? []
      : [[delta.type, delta.choice, `${delta.index}`, delta.arguments, delta.whole === true]];
  }
  return "part" in delta && delta.type !== "other-delta"
    ? [[delta.type, delta.choice, delta.part, delta.text, delta.whole === true]]
    : [];
}

/** All but the tokens of a text, which say it again. */
const textsAt = (places: readonly TextPlace[]) => places.filter(({ type }) => type !== "other-delta");
const tell = ({ type, choice, part, text, whole: isWhole = false }: TextPlace): Told => [
  type,
  choice,
  part,
  text,
  isWhole,
];

const saidIn = ({ json, read }: Readable) => read(parsed(json)).flatMap(toldBy);
const placedIn = (wire: Wire, { json }: Readable) => textsAt(wire.places(parsed(json))).map(tell);

/** What is read when one place says something else. */
function saidWith(wire: Wire, { json, read }: Readable, position: number, text: string): Told[] {
  const body = parsed(json);
  textsAt(wire.places(body))[position]?.set(text);
  return read(parsed(JSON.stringify(body))).flatMap(toldBy);
}

/** Sets each place in turn: the reader then reads that text there, and all others as before. */
function checkEachPlace(wire: Wire, readable: Readable, another: string): void {
  const said = saidIn(readable);
  said.forEach(([type, choice, part, , isWhole], position) => {
    const text = type === "tool-call-delta" ? JSON.stringify({ a: another }) : another;
    const expected = said.with(position, [type, choice, part, text, isWhole]);
    expect(saidWith(wire, readable, position, text)).toEqual(expected);
  });
}

describe.each(names)("the places of %s", (name) => {
  const wire = wires[name];

  test("are those of the texts that are read, whole and streamed, and each can say something else", () => {
    fc.assert(
      fc.property(anySaid(writings[name].mostChoices), fc.string({ minLength: 1 }), (said, another) => {
        const readables = [
          whole(wire, writings[name].whole(said)),
          ...dataOf(writings[name].frames(said)).map((data) => event(wire, data)),
        ];
        for (const readable of readables) {
          expect(placedIn(wire, readable)).toEqual(saidIn(readable));
          checkEachPlace(wire, readable, another);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const chunk = (delta: object, more: object = {}) =>
  event(wires.chat, JSON.stringify({ choices: [{ index: 1, delta, ...more }] }));
const completion = (message: object, more: object = {}) =>
  whole(wires.chat, { object: "chat.completion", choices: [{ message, ...more }] });
const blocks = (...content: object[]) => whole(wires.messages, { type: "message", content });
const messagesEvent = (type: string, more: object) => event(wires.messages, JSON.stringify({ type, ...more }));
const output = (...items: object[]) => whole(wires.responses, { object: "response", output: items });
const responsesEvent = (type: string, more: object) =>
  event(wires.responses, dataOf([responsesFrame(type, more)])[0] ?? "");

const part = { type: "output_text", text: "one", annotations: [] };
const refusal = { type: "refusal", refusal: "no" };
const call = { type: "function_call", name: "f", arguments: '{"a":1}' };
const custom = { type: "custom_tool_call", name: "f", input: "in words" };
const reasoning = {
  type: "reasoning",
  summary: [{ type: "summary_text", text: "sum" }],
  content: [{ type: "reasoning_text", text: "why" }],
};
const message = { type: "message", content: [part, refusal] };
const response = { response: { output: [reasoning, message, call, custom] } };
const at = { output_index: 2, content_index: 1 };
const chatCall = { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } };

const examples: Record<string, readonly [Wire, Readable, texts: number]> = {
  "a content of one part": [wires.chat, completion({ content: [{ type: "text", text: "one" }] }), 1],
  "a refusal beside a content": [wires.chat, completion({ content: "one", refusal: "no" }), 2],
  "reasoning in two members": [wires.chat, chunk({ reasoning: "a", reasoning_content: "b" }), 2],
  "reasoning in a list": [wires.chat, completion({ reasoning_details: [{ type: "reasoning.text", text: "a" }] }), 1],
  "tool calls, a custom one among them": [
    wires.chat,
    completion({ tool_calls: [chatCall, { type: "custom", custom: { name: "g", input: "in words" } }] }),
    2,
  ],
  "arguments that are an object": [
    wires.chat,
    completion({ tool_calls: [{ function: { name: "f", arguments: { a: [1] } } }] }),
    1,
  ],
  "a function call of the old kind": [wires.chat, chunk({ function_call: { name: "f", arguments: "{}" } }), 1],
  "the text of a completion": [wires.chat, completion({}, { text: "one" }), 1],
  "a second message in a chunk": [
    wires.chat,
    event(
      wires.chat,
      '{"object":"chat.completion.chunk","choices":[{"delta":{"content":"one"},"message":{"content":"two"}}]}',
    ),
    2,
  ],
  "a content that is a string": [wires.messages, whole(wires.messages, { type: "message", content: "one" }), 1],
  "thinking, text and a tool's input": [
    wires.messages,
    blocks(
      { type: "thinking", thinking: "why", signature: "s" },
      { type: "text", text: "one" },
      { type: "tool_use", id: "t", name: "f", input: { a: { b: "c" } } },
    ),
    3,
  ],
  "a message that begins with something": [
    wires.messages,
    messagesEvent("message_start", { message: { content: [{ type: "text", text: "one" }] } }),
    1,
  ],
  "a block that begins with its input": [
    wires.messages,
    messagesEvent("content_block_start", {
      index: 3,
      content_block: { type: "server_tool_use", name: "f", input: { a: 1 } },
    }),
    1,
  ],
  "a piece of an input": [
    wires.messages,
    messagesEvent("content_block_delta", { index: 3, delta: { type: "input_json_delta", partial_json: '{"a' } }),
    1,
  ],
  "items of every kind": [wires.responses, output(reasoning, message, call, custom), 6],
  "texts in place of a list of parts": [
    wires.responses,
    output({ type: "message", content: "one" }, { type: "reasoning", content: "why" }),
    2,
  ],
  "a text beside the output": [wires.responses, whole(wires.responses, { output: [message], output_text: "other" }), 3],
};

const events: Record<string, readonly [more: object, texts: number]> = {
  "response.created": [response, 6],
  "response.completed": [response, 6],
  "response.incomplete": [response, 6],
  "response.failed": [response, 0],
  "response.output_item.added": [{ output_index: 1, item: message }, 2],
  "response.output_item.done": [{ output_index: 1, item: call }, 1],
  "response.content_part.added": [{ ...at, part }, 1],
  "response.content_part.done": [{ ...at, part: refusal }, 1],
  "response.output_text.delta": [{ ...at, delta: "one" }, 1],
  "response.output_text.done": [{ ...at, text: "one" }, 1],
  "response.output_text.annotation.added": [{ ...at, annotation: { title: "one" } }, 0],
  "response.refusal.delta": [{ ...at, delta: "no" }, 1],
  "response.refusal.done": [{ ...at, refusal: "no" }, 1],
  "response.reasoning_text.delta": [{ ...at, delta: "why" }, 1],
  "response.reasoning_text.done": [{ ...at, text: "why" }, 1],
  "response.reasoning_summary_part.added": [{ ...at, part: { text: "sum" } }, 1],
  "response.reasoning_summary_part.done": [{ ...at, summary_index: 1, part: { text: "sum" } }, 1],
  "response.reasoning_summary_text.delta": [{ ...at, summary_index: 1, delta: "sum" }, 1],
  "response.reasoning_summary_text.done": [{ ...at, summary_index: 1, text: "sum" }, 1],
  "response.function_call_arguments.delta": [{ ...at, delta: '{"a' }, 1],
  "response.function_call_arguments.done": [{ ...at, arguments: '{"a":1}' }, 1],
  "response.custom_tool_call_input.delta": [{ ...at, delta: "in " }, 1],
  "response.custom_tool_call_input.done": [{ ...at, input: "in words" }, 1],
  "response.unheard_of": [{ ...at, delta: "one", text: "two" }, 0],
};

describe("a text has its place in", () => {
  test.each(Object.entries(examples))("%s", (_where, [wire, readable, texts]) => {
    expect(placedIn(wire, readable)).toEqual(saidIn(readable));
    expect(placedIn(wire, readable)).toHaveLength(texts);
    checkEachPlace(wire, readable, "another");
  });

  test.each(Object.entries(events))("the event %s", (type, [more, texts]) => {
    const readable = responsesEvent(type, more);
    expect(placedIn(wires.responses, readable)).toEqual(saidIn(readable));
    expect(placedIn(wires.responses, readable)).toHaveLength(texts);
    checkEachPlace(wires.responses, readable, "another");
  });
});

describe("there is no place", () => {
  test.each([
    [
      "for a text that a reader joins of several",
      wires.chat,
      { choices: [{ message: { content: [{ thinking: ["a", "b"] }] } }] },
    ],
    ["for text in a member without a name", wires.chat, { choices: [{ message: { aside: "a" } }] }],
    [
      "for the title of a source",
      wires.messages,
      { content: [{ type: "text", text: "", citations: [{ title: "a" }] }] },
    ],
    ["for an item of another kind", wires.responses, { output: [{ type: "hologram", words: "a" }] }],
    ["where there is no text", wires.messages, { content: [{ type: "tool_use", name: "f", input: {} }] }],
    [
      "in nonsense",
      wires.responses,
      { output: [null, 3, { type: "message", content: [null, { text: { type: "a" } }] }] },
    ],
  ])("%s", (_what, wire, body) => expect(wire.places(body)).toEqual([]));
});

test("a text that is repeated beside the output is repeated in its new form", () => {
  const body = parsed(JSON.stringify({ output: [message, message], output_text: "oneone" }));
  wires.responses.places(body)[0]?.set("another");
  expect(body).toMatchObject({ output_text: "anotherone" });
});

describe("the tokens of a text have a place from which they are removed", () => {
  const tokens = [{ token: "on", logprob: -1, top_logprobs: [{ token: "off", logprob: -2 }] }, { token: "e" }];
  test.each([
    ["a chat choice", wires.chat, { choices: [{ message: { content: "one" }, logprobs: { content: tokens } }] }],
    ["a part", wires.responses, { output: [{ type: "message", content: [{ ...part, logprobs: tokens }] }] }],
    ["an event", wires.responses, { type: "response.output_text.delta", delta: "one", logprobs: tokens }],
  ])("in %s", (_where, wire, example) => {
    const body = parsed(JSON.stringify(example));
    const place = wire.places(body).find(({ type }) => type === "other-delta");
    expect(place?.text).toBe("one");
    place?.set("");
    expect(JSON.stringify(body)).not.toContain('"token"');
    expect(wire.places(body)).toHaveLength(1);
  });
});
