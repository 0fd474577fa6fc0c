import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

function completion(message: JsonObject, choice: JsonObject = {}, extra: JsonObject = {}): JsonObject {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "m-1",
    choices: [
      { index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: "stop", ...choice },
    ],
    ...extra,
  };
}

function reply(field: string, becomes: string, given: JsonObject, gives: JsonObject): FieldRow {
  return { part: "reply", field, becomes, reply: given, gives };
}

function said(field: string, becomes: string, message: JsonObject, ...output: readonly JsonObject[]): FieldRow {
  return reply(field, becomes, completion(message), { output });
}

const logprobs = { content: [{ token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] }] };
const source = { url: "https://example.com", title: "A page", start_index: 0, end_index: 2 };
const blocks = [{ type: "thinking", thinking: "Hm.", signature: "s" }];

const wholeRows: readonly FieldRow[] = [
  reply("`id`, `created`, `model`", "`id` with `resp_`, `created_at`, `model`", completion({ content: "Hi" }), {
    id: "resp_1",
    object: "response",
    created_at: 1_760_000_000,
    model: "m-1",
    status: "completed",
    error: null,
    store: false,
  }),
  said(
    "`message.content`",
    "a `message` item with `output_text`",
    { content: "Hi" },
    {
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hi", annotations: [] }],
    },
  ),
  said(
    "`message.refusal`",
    "a part of the type `refusal`",
    { refusal: "No." },
    {
      type: "message",
      content: [{ type: "refusal", refusal: "No." }],
    },
  ),
  said(
    "`message.annotations`",
    "`annotations`, flat",
    { content: "Hi", annotations: [{ type: "url_citation", url_citation: source }] },
    { content: [{ type: "output_text", annotations: [{ type: "url_citation", ...source }] }] },
  ),
  said(
    "`message.reasoning_content`, `message.reasoning` (not in the chat API)",
    "the summary of a `reasoning` item",
    { reasoning_content: "Hm.", content: "Hi" },
    { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] },
    { type: "message" },
  ),
  said(
    "`message.thinking_blocks` (not in the chat API)",
    "`encrypted_content` of a `reasoning` item, to be sent back",
    { reasoning_content: "Hm.", thinking_blocks: blocks, content: "Hi" },
    {
      type: "reasoning",
      encrypted_content: `proctor-thinking:${Buffer.from(JSON.stringify({ blocks })).toString("base64")}`,
    },
    { type: "message" },
  ),
  said(
    "`message.tool_calls[]`, `message.function_call`",
    "`function_call` items; no arguments at all are `{}`",
    { tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: "" } }] },
    { type: "function_call", call_id: "call_1", name: "weather", arguments: "{}", status: "completed" },
  ),
  said(
    "`message.tool_calls[]` of the type `custom`",
    "`custom_tool_call` items",
    { tool_calls: [{ id: "call_1", type: "custom", custom: { name: "note", input: "Hi" } }] },
    { type: "custom_tool_call", call_id: "call_1", name: "note", input: "Hi" },
  ),
  reply("`choices[].logprobs`", "`logprobs` of the text", completion({ content: "Hi" }, { logprobs }), {
    output: [{ content: [{ type: "output_text", logprobs: logprobs.content }] }],
  }),
];

const endingRows: readonly FieldRow[] = [
  reply(
    '`finish_reason`: `"stop"`, `"tool_calls"`, `"function_call"`',
    '`status: "completed"`',
    completion({ content: "Hi" }, { finish_reason: "tool_calls" }),
    { status: "completed", incomplete_details: null },
  ),
  reply(
    '`finish_reason: "length"`',
    '`status: "incomplete"` for `max_output_tokens`; so is the last item',
    completion({ content: "Hi" }, { finish_reason: "length" }),
    { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [{ status: "incomplete" }] },
  ),
  reply(
    '`finish_reason: "content_filter"`',
    '`status: "incomplete"` for `content_filter`; with a refusal in words, `"completed"`',
    completion({ content: "Hi" }, { finish_reason: "content_filter" }),
    { status: "incomplete", incomplete_details: { reason: "content_filter" } },
  ),
  reply(
    "`usage`",
    "`usage`, with cached and reasoning tokens",
    completion(
      { content: "Hi" },
      {},
      {
        usage: {
          prompt_tokens: 20,
          completion_tokens: 9,
          total_tokens: 29,
          prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 5 },
        },
      },
    ),
    {
      usage: {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 8, cache_write_tokens: 4 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 5 },
        total_tokens: 29,
      },
    },
  ),
  reply("no `usage`", "`usage: null`", completion({ content: "Hi" }), { usage: null }),
  reply("`service_tier`", "the same", completion({ content: "Hi" }, {}, { service_tier: "flex" }), {
    service_tier: "flex",
  }),
  {
    part: "reply",
    field: "any other member of a message, such as `audio`",
    becomes: "",
    reply: completion({ content: "Hi", audio: { data: "AAAA" } }),
    dropped: "reply.choices[].message.audio",
  },
  {
    part: "reply",
    field: "choices after the first",
    becomes: "",
    reply: {
      ...completion({ content: "Hi" }),
      choices: [
        { index: 0, message: { content: "a" } },
        { index: 1, message: { content: "b" } },
      ],
    },
    dropped: "reply.choices[]",
  },
];

const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_760_000_000,
  model: "m-1",
  choices: [{ index: 0, delta, finish_reason }],
});
const calling = (index: number, call: JsonObject): JsonObject => chunk({ tool_calls: [{ index, ...call }] });

function stream(
  field: string,
  becomes: string,
  events: readonly JsonObject[],
  ...gives: readonly JsonObject[]
): FieldRow {
  return { part: "stream", field, becomes, events, gives };
}

const streamRows: readonly FieldRow[] = [
  stream(
    "the first chunk",
    "`response.created`, `response.in_progress`",
    [chunk({ role: "assistant", content: "" })],
    { type: "response.created", sequence_number: 0, response: { id: "resp_1", status: "in_progress", output: [] } },
    { type: "response.in_progress", sequence_number: 1 },
  ),
  stream(
    "`delta.content`",
    "`response.output_text.delta` between the beginning and the end of its item and its part",
    [chunk({ content: "H" }), chunk({ content: "i" }), chunk({}, "stop")],
    { type: "response.output_item.added", output_index: 0, item: { type: "message", status: "in_progress" } },
    { type: "response.content_part.added", output_index: 0, content_index: 0, part: { type: "output_text", text: "" } },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "H" },
    { type: "response.output_text.delta", delta: "i" },
    { type: "response.output_text.done", text: "Hi" },
    { type: "response.content_part.done", part: { type: "output_text", text: "Hi" } },
    { type: "response.output_item.done", item: { type: "message", status: "completed" } },
    { type: "response.completed", response: { status: "completed" } },
  ),
  stream(
    "`delta.refusal`",
    "`response.refusal.delta`, `.done`",
    [chunk({ refusal: "No." })],
    { type: "response.refusal.delta", delta: "No." },
    { type: "response.refusal.done", refusal: "No." },
  ),
  stream(
    "`delta.reasoning_content`, `delta.reasoning`",
    "`response.reasoning_summary_part.added`, `response.reasoning_summary_text.delta`, `.done`",
    [chunk({ reasoning: "H" }), chunk({ reasoning: "m." }), chunk({ content: "Hi" })],
    { type: "response.output_item.added", item: { type: "reasoning" } },
    { type: "response.reasoning_summary_part.added", summary_index: 0 },
    { type: "response.reasoning_summary_text.delta", delta: "H" },
    { type: "response.reasoning_summary_text.delta", delta: "m." },
    { type: "response.reasoning_summary_text.done", text: "Hm." },
    { type: "response.output_item.done", output_index: 0 },
    { type: "response.output_text.delta", output_index: 1, delta: "Hi" },
  ),
  stream(
    "`delta.tool_calls[]`, also in turns",
    "`response.function_call_arguments.delta` of the item of each call, `.done` at the end",
    [
      calling(0, { id: "call_a", type: "function", function: { name: "weather", arguments: '{"a"' } }),
      calling(1, { id: "call_b", type: "function", function: { name: "time", arguments: "{" } }),
      calling(0, { function: { arguments: ":1}" } }),
      calling(1, { function: { arguments: "}" } }),
      chunk({}, "tool_calls"),
    ],
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { call_id: "call_a", name: "weather", arguments: "" },
    },
    { type: "response.output_item.added", output_index: 1, item: { call_id: "call_b", name: "time", arguments: "" } },
    { type: "response.function_call_arguments.delta", output_index: 0, delta: ":1}" },
    { type: "response.function_call_arguments.delta", output_index: 1, delta: "}" },
    { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"a":1}' },
    { type: "response.output_item.done", output_index: 0, item: { arguments: '{"a":1}', status: "completed" } },
    { type: "response.function_call_arguments.done", output_index: 1, arguments: "{}" },
  ),
  stream(
    '`finish_reason: "length"`',
    "`response.incomplete` as the last event",
    [chunk({ content: "Hi" }), chunk({}, "length")],
    { type: "response.incomplete", response: { incomplete_details: { reason: "max_output_tokens" } } },
  ),
  stream(
    "the chunk with `usage`",
    "`usage` of the last event",
    [
      chunk({ content: "Hi" }, "stop"),
      { ...chunk({}), choices: [], usage: { prompt_tokens: 3, completion_tokens: 1 } },
    ],
    { type: "response.completed", response: { usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 } } },
  ),
];

/** What the client gets. */
export const responsesReplyRows: readonly FieldRow[] = [...wholeRows, ...endingRows, ...streamRows];
