import type { JsonObject } from "../../../gateway/wires/json.ts";
import { functions, redacted, reply, shell, thinking, toolUse } from "./chat-to-messages-reply.ts";
import type { FieldRow } from "./field-row.ts";

const begin = { type: "message_start", message: reply({ content: [], stop_reason: null }) };
const finish = [
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 9 } },
  { type: "message_stop" },
];

function block(index: number, content_block: JsonObject, ...deltas: readonly JsonObject[]): JsonObject[] {
  return [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function pieces(...texts: readonly string[]): JsonObject[] {
  return texts.map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

function delta(said: JsonObject): JsonObject {
  return { object: "chat.completion.chunk", choices: [{ delta: said }] };
}

function stream(field: string, becomes: string, events: readonly JsonObject[], gives: readonly JsonObject[]): FieldRow {
  return { part: "stream", field, becomes, events: [begin, ...events, ...finish], gives };
}

function callDelta(index: number, called: JsonObject): JsonObject {
  return delta({ tool_calls: [{ index, ...called }] });
}

/** Streams of a messages target, for a chat client. */
export const chatStreamRows: readonly FieldRow[] = [
  stream("`message_start`", "the first chunk, with the role", [], [delta({ role: "assistant", content: "" })]),
  stream(
    "`text_delta`",
    "`delta.content`",
    block(0, { type: "text", text: "" }, { type: "text_delta", text: "Hi" }, { type: "text_delta", text: "." }),
    [delta({ content: "Hi" }), delta({ content: "." })],
  ),
  stream(
    "`tool_use`, `input_json_delta`",
    "`delta.tool_calls[]`: calls are counted from 0, the first chunk has id and name, the pieces follow as they came",
    [
      ...block(1, { ...toolUse, input: {} }, ...pieces("", '{"ci', 'ty":"Paris"}')),
      ...block(2, { ...toolUse, id: "toolu_2", input: {} }),
    ],
    [
      callDelta(0, { id: "toolu_1", type: "function", function: { name: "weather", arguments: "" } }),
      callDelta(0, { function: { arguments: '{"ci' } }),
      callDelta(0, { function: { arguments: 'ty":"Paris"}' } }),
      callDelta(1, { id: "toolu_2", type: "function", function: { name: "weather", arguments: "" } }),
      callDelta(1, { function: { arguments: "{}" } }),
    ],
  ),
  {
    ...stream(
      "`tool_use` of a tool that was offered as `custom`",
      "`delta.tool_calls[].custom`, in one piece",
      block(0, { ...toolUse, name: "shell", input: {} }, ...pieces('{"input":', '"ls"}')),
      [callDelta(0, { id: "toolu_1", type: "custom", custom: { name: "shell", input: "ls" } })],
    ),
    request: shell,
  },
  {
    ...stream(
      "`tool_use` for a client of `functions`",
      "`delta.function_call`",
      block(0, { ...toolUse, input: {} }, ...pieces('{"city":', '"Paris"}')),
      [
        delta({ function_call: { name: "weather", arguments: "" } }),
        delta({ function_call: { arguments: '{"city":' } }),
        delta({ function_call: { arguments: '"Paris"}' } }),
      ],
    ),
    request: functions,
  },
  stream(
    "`thinking_delta`, `signature_delta`, `redacted_thinking`",
    "`delta.reasoning_content`; whole `thinking_blocks` in one chunk before the last",
    [
      ...block(
        0,
        { type: "thinking", thinking: "", signature: "" },
        { type: "thinking_delta", thinking: "H" },
        { type: "thinking_delta", thinking: "m." },
        { type: "signature_delta", signature: "c2ln" },
      ),
      ...block(1, redacted),
    ],
    [
      delta({ reasoning_content: "H" }),
      delta({ reasoning_content: "m." }),
      delta({ thinking_blocks: [thinking, redacted] }),
    ],
  ),
  {
    ...stream(
      "`citations_delta`",
      "",
      block(0, { type: "text", text: "" }, { type: "citations_delta", citation: { cited_text: "x" } }),
      [],
    ),
    dropped: "reply.content[].citations",
  },
  stream("`ping`", "nothing", [{ type: "ping" }], []),
  stream(
    "`message_delta`, `message_stop`",
    "a chunk with `finish_reason`, then one with `usage` and no choices (shown to those who asked), then `[DONE]`",
    [],
    [
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      { choices: [], usage: { prompt_tokens: 10, completion_tokens: 9, total_tokens: 19 } },
    ],
  ),
  {
    part: "stream",
    field: '`stop_reason: "refusal"`',
    becomes: '`delta.refusal`, then `finish_reason: "content_filter"`',
    events: [
      begin,
      { type: "message_delta", delta: { stop_reason: "refusal", stop_details: { explanation: "No." } }, usage: {} },
      { type: "message_stop" },
    ],
    gives: [delta({ refusal: "No." }), { choices: [{ finish_reason: "content_filter" }] }],
  },
];
