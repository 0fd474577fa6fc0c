import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const closed = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const open = { ...closed, required: [] };
const weather = { name: "weather", description: "Tells it.", input_schema: open };
const longName = `mcp__${"x".repeat(80)}`;

function setting(field: string, request: JsonObject, becomes: string, gives: JsonObject): FieldRow {
  return { part: "request", field, becomes, request, gives };
}

function leftOut(dropped: string, value: unknown): FieldRow {
  return { part: "request", field: `\`${dropped}\``, becomes: "", request: { [dropped]: value }, dropped };
}

function refused(field: string, request: JsonObject, sentence: RegExp): FieldRow {
  return { part: "request", field, becomes: "", request, refused: sentence };
}

const toolSettingRows: readonly FieldRow[] = [
  setting("`tools[]`: `name`, `description`, `input_schema`", { tools: [weather] }, "`tools[].function`", {
    tools: [{ type: "function", function: { name: "weather", description: "Tells it.", parameters: open } }],
  }),
  setting(
    "`tools[].name` of more than 64 characters",
    { tools: [{ name: longName }] },
    "cut, with a digest; the client's name again in the reply",
    { tools: [{ function: { name: `mcp__${"x".repeat(46)}_6473cc202696` } }] },
  ),
  setting(
    "`tools[].strict`",
    { tools: [{ ...weather, input_schema: closed, strict: true }] },
    "`strict`, where every object of the schema is closed and requires all of its properties",
    { tools: [{ function: { strict: true } }] },
  ),
  {
    part: "request",
    field: "`tools[].strict` with any other schema",
    becomes: "",
    request: { tools: [{ ...weather, strict: true }] },
    dropped: "tools[].strict",
  },
  {
    part: "request",
    field: "any other member of a tool, such as `cache_control`",
    becomes: "",
    request: { tools: [{ ...weather, cache_control: { type: "ephemeral" } }] },
    dropped: "tools[].cache_control",
  },
  refused(
    "`tools[].type` of any other value: tools that a vendor defines or runs",
    { tools: [{ type: "web_search_20260318", name: "web_search" }] },
    /is of type "web_search_20260318"/,
  ),
  setting("`tool_choice`: `auto`, `none`", { tools: [weather], tool_choice: { type: "auto" } }, "the same", {
    tool_choice: "auto",
  }),
  setting("`tool_choice`: `any`", { tools: [weather], tool_choice: { type: "any" } }, "`required`", {
    tool_choice: "required",
  }),
  setting(
    "`tool_choice`: `tool`",
    { tools: [weather], tool_choice: { type: "tool", name: "weather" } },
    "the function by its name",
    { tool_choice: { type: "function", function: { name: "weather" } } },
  ),
  setting(
    "`tool_choice.disable_parallel_tool_use`",
    { tools: [weather], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    "`parallel_tool_calls: false`",
    { parallel_tool_calls: false },
  ),
  { ...leftOut("tool_choice", { type: "auto" }), field: "`tool_choice` without tools" },
];

const thinkingRows: readonly FieldRow[] = [
  setting("`output_config.effort`", { output_config: { effort: "xhigh" } }, "`reasoning_effort`, the same", {
    reasoning_effort: "xhigh",
  }),
  setting(
    '`thinking: {type: "enabled", budget_tokens}`',
    { thinking: { type: "enabled", budget_tokens: 10_000 } },
    "`reasoning_effort`: `low` up to 4,096 tokens, `medium` up to 16,384, `high` above, where no effort is given",
    { reasoning_effort: "medium" },
  ),
  {
    part: "request",
    field: '`thinking: {type: "adaptive"}`, and its `display`',
    becomes: "what a target does when it is told nothing",
    request: { thinking: { type: "adaptive", display: "omitted" } },
    dropped: "thinking.display",
  },
  { ...leftOut("thinking", { type: "disabled" }), field: '`thinking: {type: "disabled"}`' },
];

const outputRows: readonly FieldRow[] = [
  setting(
    "`output_config.format` (earlier `output_format`)",
    { output_config: { format: { type: "json_schema", schema: closed } } },
    "`response_format` of the type `json_schema`, strict",
    { response_format: { type: "json_schema", json_schema: { name: "answer", schema: closed, strict: true } } },
  ),
  {
    part: "request",
    field: "`output_config.format` with optional properties or open objects",
    becomes: "the same without `strict`: the target is told the schema and may depart from it",
    request: { output_config: { format: { type: "json_schema", schema: open } } },
    gives: { response_format: { json_schema: { schema: open } } },
    dropped: "output_config.format.schema",
  },
];

/** Rows about everything but the conversation. */
export const messagesSettingRows: readonly FieldRow[] = [
  ...toolSettingRows,
  ...thinkingRows,
  ...outputRows,
  setting("`max_tokens`", { max_tokens: 64 }, "`max_completion_tokens`", { max_completion_tokens: 64 }),
  setting("`temperature`, `top_p`", { temperature: 0.2, top_p: 0.9 }, "the same", { temperature: 0.2, top_p: 0.9 }),
  setting("`stop_sequences`", { stop_sequences: ["END"] }, "`stop`, all of them", { stop: ["END"] }),
  setting("`stream`", { stream: true }, "`stream`, with usage", {
    stream: true,
    stream_options: { include_usage: true },
  }),
  setting("`metadata.user_id`", { metadata: { user_id: "u-1" } }, "`user`; more than 64 characters become a digest", {
    user: "u-1",
  }),
  setting(
    '`service_tier: "standard_only"`',
    { service_tier: "standard_only" },
    '`service_tier: "default"`; `auto` is what a target does anyway',
    { service_tier: "default" },
  ),
  leftOut("top_k", 5),
  leftOut("cache_control", { type: "ephemeral" }),
  leftOut("context_management", { edits: [{ type: "clear_tool_uses_20250919" }] }),
  leftOut("betas", ["a-beta"]),
  leftOut("speed", "fast"),
  leftOut("user_profile_id", "profile_1"),
  { ...leftOut("billing_policy", { mode: "auto" }), field: "any other member, such as `billing_policy`" },
  refused("`container`", { container: "container_1" }, /"container".*cannot be asked for/),
  refused("`mcp_servers`", { mcp_servers: [{ type: "url", name: "x" }] }, /"mcp_servers".*cannot be asked for/),
  refused("`inference_geo` but `global`", { inference_geo: "us" }, /"inference_geo".*cannot be asked for/),
  refused("`thread`", { thread: { id: "thread_1" } }, /"thread".*cannot be asked for/),
];
