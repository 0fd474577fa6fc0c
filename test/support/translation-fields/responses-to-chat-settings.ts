import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const schema = { type: "object", properties: {} };
const weather = { type: "function", name: "weather", parameters: schema };
const madeWeather = { type: "function", function: { name: "weather", parameters: schema } };

function setting(field: string, becomes: string, request: JsonObject, gives: JsonObject): FieldRow {
  return { part: "request", field, becomes, request, gives };
}

function same(name: string, value: unknown): FieldRow {
  return setting(`\`${name}\``, "the same", { [name]: value }, { [name]: value });
}

function leftOut(field: string, request: JsonObject, dropped: string): FieldRow {
  return { part: "request", field, becomes: "", request, dropped };
}

function refused(field: string, request: JsonObject, sentence: RegExp): FieldRow {
  return { part: "request", field, becomes: "", request, refused: sentence };
}

const toolRows: readonly FieldRow[] = [
  setting(
    "`tools[]` of the type `function`",
    "the same, nested",
    { tools: [{ ...weather, description: "Tells it.", strict: true }] },
    {
      tools: [
        { type: "function", function: { name: "weather", description: "Tells it.", parameters: schema, strict: true } },
      ],
    },
  ),
  setting(
    "`tools[]` of the type `custom`, with its `format`",
    "the same, nested",
    { tools: [{ type: "custom", name: "note", format: { type: "grammar", syntax: "lark", definition: "start: x" } }] },
    {
      tools: [
        {
          type: "custom",
          custom: { name: "note", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: x" } } },
        },
      ],
    },
  ),
  leftOut(
    "any other member of a tool, such as `defer_loading`",
    { tools: [{ ...weather, defer_loading: true }] },
    "tools[].defer_loading",
  ),
  refused(
    "`tools[]` that the service runs: `web_search`, `file_search`, `code_interpreter`, `mcp`, `image_generation`, …",
    { tools: [{ type: "web_search" }] },
    /A tool of the type "web_search" runs inside the native service.* Offer a function tool of your own/,
  ),
  setting(
    '`tool_choice`: `"auto"`, `"none"`, `"required"`',
    "the same, where there are tools",
    { tools: [weather], tool_choice: "required" },
    { tools: [madeWeather], tool_choice: "required" },
  ),
  setting(
    "`tool_choice` of a function or custom tool",
    "the same, nested",
    { tools: [weather], tool_choice: { type: "function", name: "weather" } },
    { tool_choice: { type: "function", function: { name: "weather" } } },
  ),
  setting(
    '`tool_choice.type: "allowed_tools"`',
    "the same, nested",
    {
      tools: [weather],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "weather" }] },
    },
    {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "weather" } }] },
      },
    },
  ),
  refused(
    "`tool_choice` of a tool that the service runs",
    { tools: [weather], tool_choice: { type: "file_search" } },
    /"tool_choice" asks for "file_search"/,
  ),
  setting(
    "`parallel_tool_calls`",
    "the same, where there are tools",
    { tools: [weather], parallel_tool_calls: false },
    { parallel_tool_calls: false },
  ),
  leftOut("`max_tool_calls`", { max_tool_calls: 3 }, "max_tool_calls"),
];

const format = { type: "json_schema", name: "answer", schema, strict: true };

const outputRows: readonly FieldRow[] = [
  setting("`max_output_tokens`", "`max_completion_tokens`", { max_output_tokens: 9 }, { max_completion_tokens: 9 }),
  setting(
    '`text.format.type: "json_schema"`',
    "`response_format`, nested",
    { text: { format } },
    { response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } } },
  ),
  setting(
    '`text.format.type: "json_object"`',
    "`response_format`",
    { text: { format: { type: "json_object" } } },
    { response_format: { type: "json_object" } },
  ),
  setting("`text.verbosity`", "`verbosity`", { text: { verbosity: "low" } }, { verbosity: "low" }),
  setting("`reasoning.effort`", "`reasoning_effort`", { reasoning: { effort: "low" } }, { reasoning_effort: "low" }),
  leftOut(
    "`reasoning.summary` and any other member of it; the reasoning that a target shows comes anyway",
    { reasoning: { summary: "auto" } },
    "reasoning.summary",
  ),
  setting(
    "`stream: true`",
    "the same, with `stream_options.include_usage`",
    { stream: true },
    { stream: true, stream_options: { include_usage: true } },
  ),
  leftOut(
    "`stream_options.include_obfuscation: true`",
    { stream_options: { include_obfuscation: true } },
    "stream_options.include_obfuscation",
  ),
  setting(
    '`include[]`: `"message.output_text.logprobs"`, `top_logprobs`',
    "`logprobs`, `top_logprobs`",
    { include: ["message.output_text.logprobs"], top_logprobs: 3 },
    { logprobs: true, top_logprobs: 3 },
  ),
  setting(
    '`include[]`: `"reasoning.encrypted_content"`',
    "comes anyway, where the target signs its thinking",
    { include: ["reasoning.encrypted_content"] },
    {},
  ),
  leftOut("`include[]`: anything else", { include: ["file_search_call.results"] }, "include[file_search_call.results]"),
];

/** Everything but the conversation. */
export const responsesSettingRows: readonly FieldRow[] = [
  ...toolRows,
  ...outputRows,
  same("temperature", 0.3),
  same("top_p", 0.9),
  same("metadata", { team: "support" }),
  same("user", "ada"),
  same("safety_identifier", "ada"),
  same("prompt_cache_key", "ada"),
  same("prompt_cache_options", { mode: "explicit" }),
  same("prompt_cache_retention", "24h"),
  same("service_tier", "flex"),
  same("moderation", { model: "m" }),
  leftOut("`store: true`: no response is stored, and without it none is either", { store: true }, "store"),
  leftOut('`truncation: "auto"`', { truncation: "auto" }, "truncation"),
  leftOut(
    "any other member, such as `context_management`",
    { context_management: [{ type: "compaction" }] },
    "context_management",
  ),
  refused("`background: true`", { background: true }, /does not answer in the background/),
  refused(
    "`previous_response_id`",
    { previous_response_id: "resp_1" },
    /names an earlier response that is stored elsewhere.* Send the items themselves in input/,
  ),
  refused("`conversation`", { conversation: "conv_1" }, /names a conversation that is stored elsewhere/),
  refused("`prompt`", { prompt: { id: "pmpt_1" } }, /names a prompt that is stored elsewhere/),
];
