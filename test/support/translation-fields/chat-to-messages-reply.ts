import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const textBlock = { type: "text", text: "Hi." };
export const thinking = { type: "thinking", thinking: "Hm.", signature: "c2ln" };
export const redacted = { type: "redacted_thinking", data: "b3BhcXVl" };
export const toolUse = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Paris" } };
export const functions = { functions: [{ name: "weather" }] };
export const shell = { tools: [{ type: "custom", custom: { name: "shell" } }] };

/** A whole reply. */
export function reply(members: JsonObject = {}): JsonObject {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "target-model-1",
    content: [textBlock],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
    ...members,
  };
}

function givesMessage(message: JsonObject, finish_reason?: string): { gives: JsonObject } {
  return { gives: { choices: [{ message, ...(finish_reason === undefined ? {} : { finish_reason }) }] } };
}

function stopReason(stop_reason: string, finish_reason: string): FieldRow {
  return {
    part: "reply",
    field: `\`stop_reason: "${stop_reason}"\``,
    becomes: `\`finish_reason: "${finish_reason}"\``,
    reply: reply({ stop_reason }),
    ...givesMessage({}, finish_reason),
  };
}

/** Whole replies of a messages target, for a chat client. */
export const chatReplyRows: readonly FieldRow[] = [
  {
    part: "reply",
    field: "`id`, `model`",
    becomes: "`id` (`chatcmpl-…`), `model`; `created` is when the request came",
    reply: reply(),
    gives: { id: "chatcmpl-1", object: "chat.completion", model: "target-model-1" },
  },
  {
    part: "reply",
    field: "`content[]` of the type `text`",
    becomes: "`message.content`, joined; `null` without any",
    reply: reply({ content: [textBlock, textBlock] }),
    ...givesMessage({ role: "assistant", content: "Hi.Hi.", refusal: null }, "stop"),
  },
  {
    part: "reply",
    field: "`content[].citations`",
    becomes: "",
    reply: reply({ content: [{ ...textBlock, citations: [{ type: "char_location", cited_text: "x" }] }] }),
    dropped: "reply.content[].citations",
  },
  {
    part: "reply",
    field: "`content[]` of the type `tool_use`",
    becomes: "`message.tool_calls[]`; `input` is the arguments' JSON, exactly",
    reply: reply({ content: [toolUse], stop_reason: "tool_use" }),
    ...givesMessage(
      {
        content: null,
        tool_calls: [{ id: "toolu_1", type: "function", function: { name: "weather", arguments: '{"city":"Paris"}' } }],
      },
      "tool_calls",
    ),
  },
  {
    part: "reply",
    field: "`tool_use` of a tool that was offered as `custom`",
    becomes: "`message.tool_calls[].custom`",
    request: shell,
    reply: reply({ content: [{ ...toolUse, name: "shell", input: { input: "ls" } }], stop_reason: "tool_use" }),
    ...givesMessage({ tool_calls: [{ type: "custom", custom: { name: "shell", input: "ls" } }] }, "tool_calls"),
  },
  {
    part: "reply",
    field: "`tool_use` for a client of `functions`",
    becomes: "`message.function_call`",
    request: functions,
    reply: reply({ content: [toolUse], stop_reason: "tool_use" }),
    ...givesMessage({ function_call: { name: "weather", arguments: '{"city":"Paris"}' } }, "function_call"),
  },
  {
    part: "reply",
    field: "`content[]` of the types `thinking`, `redacted_thinking`",
    becomes: "`message.reasoning_content` (the text) and `message.thinking_blocks` (with signatures, to be sent back)",
    reply: reply({ content: [thinking, redacted, textBlock] }),
    ...givesMessage({ content: "Hi.", reasoning_content: "Hm.", thinking_blocks: [thinking, redacted] }),
  },
  {
    part: "reply",
    field: "`content[]` of any other type",
    becomes: "",
    reply: reply({ content: [{ type: "server_tool_use", id: "srv_1", name: "web_search", input: {} }, textBlock] }),
    ...givesMessage({ content: "Hi." }),
    dropped: "reply.content[].server_tool_use",
  },
  stopReason("end_turn", "stop"),
  stopReason("max_tokens", "length"),
  stopReason("model_context_window_exceeded", "length"),
  stopReason("pause_turn", "length"),
  {
    ...stopReason("stop_sequence", "stop"),
    reply: reply({ stop_reason: "stop_sequence", stop_sequence: "END" }),
    dropped: "reply.stop_sequence",
  },
  {
    part: "reply",
    field: '`stop_reason: "refusal"`, `stop_details.explanation`',
    becomes: '`finish_reason: "content_filter"` and `message.refusal`',
    reply: reply({ content: [], stop_reason: "refusal", stop_details: { type: "refusal", explanation: "No." } }),
    ...givesMessage({ content: null, refusal: "No." }, "content_filter"),
  },
  {
    part: "reply",
    field: "`stop_details.category`",
    becomes: "",
    reply: reply({ stop_reason: "refusal", stop_details: { type: "refusal", category: "cyber", explanation: null } }),
    ...givesMessage({ refusal: "The model declined to answer." }, "content_filter"),
    dropped: "reply.stop_details.category",
  },
  {
    part: "reply",
    field: "`stop_reason` of any other value",
    becomes: '`finish_reason: "stop"`',
    reply: reply({ stop_reason: "compaction" }),
    ...givesMessage({}, "stop"),
    dropped: "reply.stop_reason",
  },
  {
    part: "reply",
    field: "`usage`",
    becomes:
      "`usage`: fresh, cached and cache-writing input together are `prompt_tokens`, and stand apart in the details",
    reply: reply({
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 2,
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 3 },
      },
    }),
    gives: {
      usage: {
        prompt_tokens: 42,
        completion_tokens: 5,
        total_tokens: 47,
        prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    },
  },
  {
    part: "reply",
    field: "`usage.service_tier`: `standard`, `priority`",
    becomes: "`service_tier`: `default`, `priority`",
    reply: reply({ usage: { input_tokens: 1, output_tokens: 1, service_tier: "standard" } }),
    gives: { service_tier: "default" },
  },
  {
    part: "reply",
    field: "anything else, such as `container`",
    becomes: "",
    reply: reply({ container: { id: "c1" } }),
    dropped: "reply.container",
  },
];
