import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const closed = { ...schema, additionalProperties: false };
const weather = { type: "function", function: { name: "weather", description: "Tells it.", parameters: schema } };
const clock = { type: "function", function: { name: "clock" } };

function setting(field: string, request: JsonObject, becomes: string, gives: JsonObject): FieldRow {
  return { part: "request", field, becomes, request, gives };
}

function leftOut(dropped: string, value: unknown): FieldRow {
  return { part: "request", field: `\`${dropped}\``, becomes: "", request: { [dropped]: value }, dropped };
}

function refused(field: string, request: JsonObject, sentence: RegExp): FieldRow {
  return { part: "request", field, becomes: "", request, refused: sentence };
}

const thinking = { type: "thinking", thinking: "Hm.", signature: "c2ln" };
const hello = { role: "user", content: "Hello" };

const thinkingRows: readonly FieldRow[] = [
  setting(
    "`messages[].thinking_blocks` (not in the chat API)",
    {
      messages: [
        hello,
        { role: "assistant", content: "Hi.", reasoning_content: "Hm.", thinking_blocks: [thinking] },
        hello,
      ],
    },
    "`thinking` and `redacted_thinking` blocks before the rest, unchanged",
    { messages: [hello, { content: [thinking, { type: "text", text: "Hi." }] }, hello] },
  ),
  {
    part: "request",
    field: "`messages[].reasoning_content` without signed `thinking_blocks`",
    becomes: "",
    request: { messages: [hello, { role: "assistant", content: "Hi.", reasoning_content: "Hm." }, hello] },
    dropped: "messages[].reasoning_content",
  },
  setting(
    "`reasoning_effort`",
    { reasoning_effort: "minimal" },
    '`output_config.effort` (`minimal` is `low`) and `thinking: {type: "adaptive"}`, but no thinking where a tool is forced',
    { output_config: { effort: "low" }, thinking: { type: "adaptive" } },
  ),
  setting('`reasoning_effort: "none"`', { reasoning_effort: "none" }, '`thinking: {type: "disabled"}`', {
    thinking: { type: "disabled" },
  }),
  setting(
    "`thinking` (not in the chat API)",
    { thinking: { type: "enabled", budget_tokens: 2000 } },
    "the same; it stands before what `reasoning_effort` would make",
    { thinking: { type: "enabled", budget_tokens: 2000 } },
  ),
];

const toolRows: readonly FieldRow[] = [
  setting(
    "`tools[].function`",
    { tools: [weather, { ...clock, function: { ...clock.function, strict: true } }] },
    "`tools[]`: `parameters` is `input_schema`; `strict: true` stays, with the schema as for `json_schema` below",
    {
      tools: [
        { name: "weather", description: "Tells it.", input_schema: schema },
        { name: "clock", input_schema: { type: "object", properties: {} }, strict: true },
      ],
    },
  ),
  setting(
    "`tools[].custom`",
    { tools: [{ type: "custom", custom: { name: "shell", format: { type: "text" } } }] },
    "a tool that takes one string, unpacked again in the reply",
    { tools: [{ name: "shell", input_schema: { properties: { input: { type: "string" } } } }] },
  ),
  refused(
    '`tools[].custom.format.type: "grammar"`',
    { tools: [{ type: "custom", custom: { name: "shell", format: { type: "grammar", grammar: {} } } }] },
    /holds the model to a grammar/,
  ),
  refused("`tools[]` of any other type", { tools: [{ type: "web_search" }] }, /of the type "web_search"/),
  setting(
    "`tool_choice`: `auto`, `none`",
    { tools: [weather], tool_choice: "none" },
    '`{type: "auto"}`, `{type: "none"}`',
    {
      tool_choice: { type: "none" },
    },
  ),
  setting('`tool_choice: "required"`', { tools: [weather], tool_choice: "required" }, '`{type: "any"}`', {
    tool_choice: { type: "any" },
  }),
  setting(
    "`tool_choice`, a tool by name",
    { tools: [weather], tool_choice: { type: "function", function: { name: "weather" } } },
    '`{type: "tool", name}`',
    { tool_choice: { type: "tool", name: "weather" } },
  ),
  setting(
    '`tool_choice.type: "allowed_tools"`',
    {
      tools: [weather, clock],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [clock] } },
    },
    "only these tools are offered; `mode` is `auto` or `any`",
    { tools: [{ name: "clock" }], tool_choice: { type: "any" } },
  ),
  setting(
    "`parallel_tool_calls: false`",
    { tools: [weather], parallel_tool_calls: false },
    "`tool_choice.disable_parallel_tool_use`",
    { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  ),
  setting(
    "`functions`, `function_call`",
    { functions: [clock.function], function_call: { name: "clock" } },
    "`tools` and `tool_choice`, one call at a time; the reply has `function_call`",
    { tools: [{ name: "clock" }], tool_choice: { type: "tool", name: "clock", disable_parallel_tool_use: true } },
  ),
];

const formatRows: readonly FieldRow[] = [
  setting(
    '`response_format.type: "json_schema"`',
    { response_format: { type: "json_schema", json_schema: { name: "place", strict: true, schema } } },
    "`output_config.format`, which is always strict; `name` has no meaning there",
    { output_config: { format: { type: "json_schema", schema: closed } } },
  ),
  {
    part: "request",
    field: "limits in a schema that is enforced, such as `minimum`",
    becomes:
      "a note in the `description`, as the vendor's own clients do; objects are closed (`additionalProperties: false`)",
    request: {
      response_format: { type: "json_schema", json_schema: { name: "age", schema: { type: "integer", minimum: 0 } } },
    },
    gives: { output_config: { format: { schema: { type: "integer", description: "(minimum: 0)" } } } },
    dropped: "response_format.json_schema.schema.minimum",
  },
  {
    part: "request",
    field: "`response_format.json_schema.description`",
    becomes: "",
    request: {
      response_format: { type: "json_schema", json_schema: { name: "place", description: "A place.", schema } },
    },
    dropped: "response_format.json_schema.description",
  },
  {
    part: "request",
    field: '`response_format.type: "json_object"`',
    becomes: "a sentence at the end of `system`; nobody vouches for the JSON",
    request: { response_format: { type: "json_object" } },
    gives: { system: "Answer with one JSON object and nothing else: no introduction, no code fence." },
    dropped: "response_format",
  },
  refused(
    "`response_format` of any other type",
    { response_format: { type: "grammar" } },
    /"response_format" is of the type "grammar"/,
  ),
];

const samplingRows: readonly FieldRow[] = [
  setting("`model`", {}, "the target's name for the model", { model: "target-model" }),
  setting(
    "`max_completion_tokens`, `max_tokens`",
    { max_completion_tokens: 5, max_tokens: 9 },
    "`max_tokens`, in this order",
    {
      max_tokens: 5,
    },
  ),
  setting(
    "no `max_completion_tokens`",
    {},
    "`max_tokens` of the target (`max_tokens` in the configuration, else 8192), and `thinking.budget_tokens` on top",
    {
      max_tokens: 512,
    },
  ),
  setting("`temperature`", { temperature: 0.7 }, "the same, up to 1", { temperature: 0.7 }),
  {
    part: "request",
    field: "`temperature` above 1",
    becomes: "1, the highest there is",
    request: { temperature: 1.6 },
    gives: { temperature: 1 },
    dropped: "temperature",
  },
  setting("`top_p`, and `top_k` (not in the chat API)", { top_p: 0.9, top_k: 40 }, "the same", {
    top_p: 0.9,
    top_k: 40,
  }),
  {
    ...leftOut("top_p", 1),
    field: "`top_p: 1` beside a `temperature`",
    request: { top_p: 1, temperature: 0.2 },
    gives: { temperature: 0.2 },
  },
  setting("`cache_control` (not in the chat API)", { cache_control: { type: "ephemeral" } }, "the same", {
    cache_control: { type: "ephemeral" },
  }),
  setting("`stop`", { stop: "END" }, "`stop_sequences`", { stop_sequences: ["END"] }),
  refused("`stop` of white space alone", { stop: ["\n"] }, /does not stop at white space alone/),
  setting("`stream`", { stream: true }, "the same", { stream: true }),
  setting(
    "`stream_options.include_usage`",
    { stream: true, stream_options: { include_usage: true } },
    "the usage chunk at the end",
    {
      stream: true,
    },
  ),
  setting("`safety_identifier`, `user`", { user: "u1" }, "`metadata.user_id`, in this order", {
    metadata: { user_id: "u1" },
  }),
  setting("`metadata.user_id`", { metadata: { user_id: "u2" } }, "the same", { metadata: { user_id: "u2" } }),
  leftOut("metadata", { team: "a" }),
  setting("`service_tier`: `auto`, `priority`, `fast`", { service_tier: "priority" }, "`auto`", {
    service_tier: "auto",
  }),
  setting('`service_tier: "default"`', { service_tier: "default" }, "`standard_only`", {
    service_tier: "standard_only",
  }),
  { ...leftOut("service_tier", "flex"), field: "`service_tier`: `flex`, `scale`" },
];

/** Everything in a chat request but its messages. */
export const chatSettingRows: readonly FieldRow[] = [
  ...thinkingRows,
  ...toolRows,
  ...formatRows,
  ...samplingRows,
  refused("`n` other than 1", { n: 2 }, /asks for 2 choices, and the model's provider gives one/),
  refused("`modalities` with anything but text", { modalities: ["text", "audio"] }, /asks for more than text/),
  refused(
    "`web_search_options`",
    { web_search_options: { search_context_size: "low" } },
    /asks the model to search the web/,
  ),
  refused("`moderation`", { moderation: { model: "omni" } }, /asks for moderation/),
  leftOut("logprobs", true),
  leftOut("top_logprobs", 3),
  leftOut("logit_bias", { "50256": -100 }),
  leftOut("frequency_penalty", 0.5),
  leftOut("presence_penalty", 0.5),
  leftOut("seed", 7),
  leftOut("prediction", { type: "content", content: "x" }),
  leftOut("verbosity", "low"),
  leftOut("store", true),
  leftOut("audio", { voice: "alloy", format: "wav" }),
  leftOut("prompt_cache_key", "k"),
  leftOut("prompt_cache_retention", "24h"),
  leftOut("prompt_cache_options", { mode: "explicit" }),
  { ...leftOut("repetition_penalty", 1.1), field: "anything else, such as `repetition_penalty`" },
];
