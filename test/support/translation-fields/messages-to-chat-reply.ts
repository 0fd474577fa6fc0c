import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const choice = (message: JsonObject, members: JsonObject = {}) => ({
  id: "chatcmpl-1",
  model: "target-model",
  choices: [{ index: 0, message, finish_reason: "stop", ...members }],
});

/** A row about a reply in one piece. */
function row(field: string, reply: JsonObject, becomes: string, gives: JsonObject): FieldRow {
  return { part: "reply", field, becomes, reply, gives };
}

function ended(field: string, members: JsonObject, becomes: string, gives: JsonObject): FieldRow {
  return { ...row(field, choice({ content: "x" }, members), becomes, gives), request: { stop_sequences: ["END"] } };
}

const rome = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } };
const romeBlock = { type: "tool_use", id: "call_1", name: "weather", input: { city: "Rome" } };
const counted = {
  prompt_tokens: 100,
  completion_tokens: 50,
  prompt_tokens_details: { cached_tokens: 64 },
  completion_tokens_details: { reasoning_tokens: 30 },
};

const wholeRows: readonly FieldRow[] = [
  row("`id`, `model`", choice({ content: "x" }), "`id` (`msg_…`), `model`: the target's", {
    id: "msg_1",
    model: "target-model",
  }),
  row("`message.content`, a string or parts", choice({ content: "x" }), "a `text` block", {
    content: [{ type: "text", text: "x" }],
  }),
  row("`message.refusal`", choice({ refusal: "No." }), 'a `text` block, and `stop_reason: "refusal"`', {
    content: [{ type: "text", text: "No." }],
    stop_reason: "refusal",
    stop_details: { type: "refusal" },
  }),
  row(
    "`message.reasoning_content` or `reasoning`",
    choice({ reasoning_content: "Hm.", content: "x" }),
    "a `thinking` block before the text, with a `signature` that says where it came from",
    { content: [{ type: "thinking", thinking: "Hm.", signature: "proctor.reasoning_content" }, { type: "text" }] },
  ),
  row(
    "`message.tool_calls[]` (and the old `function_call`)",
    choice({ tool_calls: [rome] }),
    '`tool_use` blocks, `stop_reason: "tool_use"` whatever the server says; an id that is missing or taken is made',
    { content: [romeBlock], stop_reason: "tool_use" },
  ),
  row(
    "`function.arguments` that are empty or `null`",
    choice({ tool_calls: [{ ...rome, function: { name: "weather", arguments: "" } }] }),
    "`input: {}`; anything else that is no JSON object is an error (502, or the stream's error event)",
    { content: [{ ...romeBlock, input: {} }] },
  ),
  row(
    '`function.arguments` that end early with `finish_reason: "length"`',
    choice(
      { tool_calls: [{ ...rome, function: { name: "weather", arguments: '{"city":"Ro' } }] },
      { finish_reason: "length" },
    ),
    '`input` as far as it was written, and `stop_reason: "max_tokens"`',
    { content: [{ input: { city: "Ro" } }], stop_reason: "max_tokens" },
  ),
  ended('`finish_reason: "stop"`', {}, '`stop_reason: "end_turn"`', { stop_reason: "end_turn" }),
  ended(
    "`stop_reason` or `matched_stop` of a choice (not in the chat API)",
    { stop_reason: "END" },
    '`stop_reason: "stop_sequence"` and `stop_sequence`, where the client gave that sequence',
    { stop_reason: "stop_sequence", stop_sequence: "END" },
  ),
  ended('`finish_reason: "length"`', { finish_reason: "length" }, '`stop_reason: "max_tokens"`', {
    stop_reason: "max_tokens",
  }),
  ended('`finish_reason: "content_filter"`', { finish_reason: "content_filter" }, '`stop_reason: "refusal"`', {
    stop_reason: "refusal",
  }),
  ended(
    "`finish_reason` of any other value",
    { finish_reason: "eos" },
    '`stop_reason: "end_turn"`; `error` and `abort` are errors',
    {
      stop_reason: "end_turn",
    },
  ),
  row(
    "`usage`",
    { ...choice({ content: "x" }), usage: counted },
    "`usage`: the cached part of the prompt stands apart from `input_tokens`; zeros where the server counts nothing",
    {
      usage: {
        input_tokens: 36,
        cache_read_input_tokens: 64,
        output_tokens: 50,
        output_tokens_details: { thinking_tokens: 30 },
      },
    },
  ),
  row(
    "`service_tier`: `default`, `priority`",
    { ...choice({ content: "x" }), service_tier: "default" },
    "`usage.service_tier`: `standard`, `priority`",
    { usage: { service_tier: "standard" } },
  ),
  {
    part: "reply",
    field: "`logprobs`",
    becomes: "",
    reply: choice({ content: "x" }, { logprobs: { content: [{ token: "x" }] } }),
    dropped: "reply.logprobs",
  },
  {
    part: "reply",
    field: "any other member of a message, such as `annotations`",
    becomes: "",
    reply: choice({ content: "x", annotations: [{ type: "url_citation" }] }),
    dropped: "reply.annotations",
  },
];

const chunk = (delta: JsonObject, members: JsonObject = {}) => ({
  id: "chatcmpl-1",
  model: "target-model",
  choices: [{ index: 0, delta, finish_reason: null, ...members }],
});
const piece = (index: number, given: string, members: JsonObject = {}, name?: string) =>
  chunk({
    tool_calls: [{ index, ...members, function: { ...(name === undefined ? {} : { name }), arguments: given } }],
  });
const stop = chunk({}, { finish_reason: "stop" });

function streamed(
  field: string,
  events: readonly JsonObject[],
  becomes: string,
  gives: readonly JsonObject[],
): FieldRow {
  return { part: "stream", field, becomes, events, gives };
}

const streamRows: readonly FieldRow[] = [
  streamed(
    "the first chunk with a choice",
    [{ ...chunk({}), choices: [] }, chunk({ role: "assistant", content: "" }), stop],
    "`message_start`, with the usage as far as it is known",
    [{ type: "message_start", message: { id: "msg_1", usage: { input_tokens: 0, output_tokens: 0 } } }],
  ),
  streamed("`delta.content`", [chunk({ content: "x" }), stop], "a block of the type `text`, `text_delta`", [
    { type: "content_block_start", index: 0, content_block: { type: "text" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } },
    { type: "content_block_stop", index: 0 },
  ]),
  streamed(
    "`delta.reasoning_content` or `reasoning`",
    [chunk({ reasoning: "Hm." }), chunk({ content: "x" }), stop],
    "a block of the type `thinking`, `thinking_delta`, and a `signature_delta` at its end",
    [
      { type: "content_block_delta", delta: { type: "thinking_delta", thinking: "Hm." } },
      { type: "content_block_delta", delta: { type: "signature_delta", signature: "proctor.reasoning" } },
      { type: "content_block_start", index: 1, content_block: { type: "text" } },
    ],
  ),
  streamed(
    "`delta.tool_calls[]`",
    [
      piece(0, "", { id: "call_1" }, "weather"),
      piece(1, '{"city":"Paris"}', { id: "call_2" }, "weather"),
      piece(0, '{"city":"Rome"}'),
      stop,
    ],
    "a block of the type `tool_use` for each call, `input_json_delta`; a call waits until the one before it is whole",
    [
      { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "call_1", name: "weather" } },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"city":"Rome"}' } },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: "call_2" } },
      { type: "content_block_delta", index: 1, delta: { partial_json: '{"city":"Paris"}' } },
    ],
  ),
  streamed(
    "`finish_reason`, `usage`, `[DONE]`",
    [chunk({ content: "x" }), stop, { ...chunk({}), choices: [], usage: counted }],
    "`message_delta` with `stop_reason` and the whole usage, then `message_stop`",
    [
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { input_tokens: 36, cache_read_input_tokens: 64, output_tokens: 50 },
      },
    ],
  ),
];

/** Rows about replies, whole and streamed. */
export const messagesReplyRows: readonly FieldRow[] = [...wholeRows, ...streamRows];
