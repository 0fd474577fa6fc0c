import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

function becoming(field: string, becomes: string, input: unknown, messages: readonly JsonObject[]): FieldRow {
  return { part: "request", field, becomes, request: { input }, gives: { messages } };
}

function part(field: string, becomes: string, given: JsonObject, made: JsonObject): FieldRow {
  const input = [{ role: "user", content: [given] }];
  return becoming(field, becomes, input, [{ role: "user", content: [made] }]);
}

function refused(field: string, item: JsonObject, sentence: RegExp): FieldRow {
  return { part: "request", field, becomes: "", request: { input: [item] }, refused: sentence };
}

const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "weather", arguments: '{"city":"Bonn"}' };
const madeCall = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bonn"}' } };
const png = "data:image/png;base64,AAAA";
const seal =
  "proctor-thinking:eyJibG9ja3MiOlt7InR5cGUiOiJ0aGlua2luZyIsInRoaW5raW5nIjoiSG0uIiwic2lnbmF0dXJlIjoicyJ9XX0=";

const messageRows: readonly FieldRow[] = [
  becoming("`input`, a text", "a user message", "Hello", [{ role: "user", content: "Hello" }]),
  {
    part: "request",
    field: "`instructions`",
    becomes: "a system message before all others",
    request: { instructions: "Be brief." },
    gives: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello" },
      ],
    },
  },
  becoming(
    "`input[]` messages of user, system and developer",
    "messages with the same role",
    [
      { role: "developer", content: "Be brief." },
      { type: "message", role: "user", content: "Hi" },
    ],
    [
      { role: "developer", content: "Be brief." },
      { role: "user", content: "Hi" },
    ],
  ),
  part("`input_text`", "`text`", { type: "input_text", text: "Hi" }, { type: "text", text: "Hi" }),
  part(
    "`input_image.image_url`, `detail`",
    "`image_url`",
    { type: "input_image", image_url: png, detail: "low" },
    { type: "image_url", image_url: { url: png, detail: "low" } },
  ),
  {
    ...part(
      '`input_image.detail: "original"`',
      '`detail: "high"`',
      { type: "input_image", image_url: png, detail: "original" },
      { type: "image_url", image_url: { url: png, detail: "high" } },
    ),
    dropped: "input[].content[].detail",
  },
  refused(
    "`input_image.file_id`",
    { role: "user", content: [{ type: "input_image", file_id: "file_1" }] },
    /"input\[0\]\.content\[0\]" names an image that is stored elsewhere\. Send the image itself/,
  ),
  part(
    "`input_file.file_data`, `filename`",
    "`file`",
    { type: "input_file", file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" },
    { type: "file", file: { file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" } },
  ),
  part(
    "`input_file.file_id`",
    "`file.file_id`, for targets that share the store",
    { type: "input_file", file_id: "file_1" },
    { type: "file", file: { file_id: "file_1" } },
  ),
  part(
    "`input_file.file_url`",
    "`file.file_url` (not in the chat API)",
    { type: "input_file", file_url: "https://example.com/a.pdf" },
    { type: "file", file: { file_url: "https://example.com/a.pdf" } },
  ),
  part(
    "`input_audio`",
    "the same",
    { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
    { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
  ),
  part(
    "`prompt_cache_breakpoint` on a part",
    "the same",
    { type: "input_text", text: "Hi", prompt_cache_breakpoint: { mode: "explicit" } },
    { type: "text", text: "Hi", prompt_cache_breakpoint: { mode: "explicit" } },
  ),
  refused(
    "any other part",
    { role: "user", content: [{ type: "hologram" }] },
    /"input\[0\]\.content\[0\]" is of the type "hologram"/,
  ),
];

const assistantRows: readonly FieldRow[] = [
  becoming(
    "`input[]` messages of the assistant: `output_text`, `refusal`",
    "`content` and `refusal` of an assistant message; what the assistant thinks, says and calls in a row is one message",
    [
      { role: "assistant", content: [{ type: "output_text", text: "Let me see.", annotations: [] }] },
      call,
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
    ],
    [{ role: "assistant", content: "Let me see.", refusal: "No.", tool_calls: [madeCall] }],
  ),
  {
    part: "request",
    field: "`phase` of a message",
    becomes: "",
    request: { input: [{ role: "assistant", content: "Hm.", phase: "commentary" }] },
    dropped: "input[].phase",
  },
  becoming(
    "`function_call`",
    "an entry of `tool_calls` with the id `call_id`",
    [call],
    [{ role: "assistant", content: null, tool_calls: [madeCall] }],
  ),
  becoming(
    "`custom_tool_call`",
    "an entry of `tool_calls` of the type `custom`",
    [{ type: "custom_tool_call", call_id: "call_1", name: "note", input: "Hi" }],
    [{ role: "assistant", tool_calls: [{ id: "call_1", type: "custom", custom: { name: "note", input: "Hi" } }] }],
  ),
  becoming(
    "`function_call_output`, `custom_tool_call_output`",
    "a tool message",
    [call, { type: "function_call_output", call_id: "call_1", output: "Rain" }],
    [
      { role: "assistant", tool_calls: [madeCall] },
      { role: "tool", tool_call_id: "call_1", content: "Rain" },
    ],
  ),
  becoming(
    "images and files of an output",
    "a user message after all results, which says whose result it is",
    [
      call,
      {
        type: "function_call_output",
        call_id: "call_1",
        output: [
          { type: "input_text", text: "A map" },
          { type: "input_image", image_url: png },
        ],
      },
    ],
    [
      { role: "assistant", tool_calls: [madeCall] },
      { role: "tool", tool_call_id: "call_1", content: "A map" },
      {
        role: "user",
        content: [
          { type: "text", text: "Result of the tool call call_1:" },
          { type: "image_url", image_url: { url: png } },
        ],
      },
    ],
  ),
  becoming(
    "`reasoning`: `content`, or else `summary`",
    "`reasoning_content` of the assistant message (not in the chat API)",
    [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "It rains." }] }, call],
    [{ role: "assistant", content: null, reasoning_content: "It rains.", tool_calls: [madeCall] }],
  ),
  becoming(
    "`reasoning.encrypted_content` that came from here",
    "`thinking_blocks` of the assistant message (not in the chat API)",
    [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: seal }, call],
    [{ role: "assistant", thinking_blocks: [{ type: "thinking", thinking: "Hm.", signature: "s" }] }],
  ),
  {
    part: "request",
    field: "`reasoning.encrypted_content` of another vendor",
    becomes: "",
    request: { input: [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" }, call] },
    dropped: "input[].encrypted_content",
  },
  {
    part: "request",
    field: "`item_reference` to reasoning (`rs_…`)",
    becomes: "",
    request: { input: [{ type: "item_reference", id: "rs_1" }, call] },
    dropped: "input[].item_reference",
  },
  refused(
    "`item_reference` to anything else",
    { type: "item_reference", id: "msg_1" },
    /"input\[0\]" refers to an item that is stored elsewhere, .* many clients do so with store: false\./,
  ),
  refused(
    "items of tools that the service runs (`web_search_call`, `mcp_call`, …), `compaction` and any other item",
    { type: "web_search_call", id: "ws_1", status: "completed" },
    /"input\[0\]" is of the type "web_search_call"/,
  ),
];

/** The conversation. */
export const responsesInputRows: readonly FieldRow[] = [...messageRows, ...assistantRows];
