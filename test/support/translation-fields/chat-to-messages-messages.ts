import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const hello = { role: "user", content: "Hello" };
const pdf = "data:application/pdf;base64,JVBERi0xLjQ=";
const cache = { cache_control: { type: "ephemeral" } };

function withMessages(...messages: readonly JsonObject[]): { request: JsonObject } {
  return { request: { messages } };
}

function withPart(part: JsonObject): { request: JsonObject } {
  return withMessages({ role: "user", content: [part] });
}

function givesBlock(block: JsonObject): { gives: JsonObject } {
  return { gives: { messages: [{ role: "user", content: [block] }] } };
}

function call(id: string, args: string): JsonObject {
  return { id, type: "function", function: { name: "weather", arguments: args } };
}

/** `messages` of a chat request. */
export const chatMessageRows: readonly FieldRow[] = [
  {
    part: "request",
    field: '`messages[].role: "system"`, `"developer"`',
    becomes: "`system`: joined with an empty line, wherever they stood",
    ...withMessages({ role: "system", content: "Be brief." }, hello, { role: "developer", content: "In French." }),
    gives: { system: "Be brief.\n\nIn French.", messages: [hello] },
  },
  {
    part: "request",
    field: "`cache_control` on a part, a message or a tool",
    becomes: "`cache_control` of the block; `system` is then a list",
    ...withMessages({ role: "system", content: "Long.", ...cache }, hello),
    gives: { system: [{ type: "text", text: "Long.", ...cache }] },
  },
  {
    part: "request",
    field: "`prompt_cache_breakpoint` on a part",
    becomes: "`cache_control` with the vendor's usual lifetime; its `ttl` is left out",
    ...withPart({ type: "text", text: "Long.", prompt_cache_breakpoint: { mode: "explicit", ttl: "30m" } }),
    ...givesBlock({ type: "text", text: "Long.", ...cache }),
    dropped: "messages[].content[].prompt_cache_breakpoint.ttl",
  },
  {
    part: "request",
    field: '`messages[].role: "user"`, text',
    becomes: "the same; neighbours of one role become one turn; text of nothing but white space is left out",
    ...withMessages(hello, { role: "user", content: " " }, { role: "user", content: "Anyone?" }),
    gives: {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Hello" },
            { type: "text", text: "Anyone?" },
          ],
        },
      ],
    },
  },
  {
    part: "request",
    field: "`messages` without a user's or an assistant's",
    becomes: "",
    ...withMessages({ role: "system", content: "Be brief." }),
    refused: /no message of a user/,
  },
  {
    part: "request",
    field: "`image_url.url`, an address",
    becomes: "`image` with a source of the type `url`",
    ...withPart({ type: "image_url", image_url: { url: "https://images.test/cat.png" } }),
    ...givesBlock({ type: "image", source: { type: "url", url: "https://images.test/cat.png" } }),
  },
  {
    part: "request",
    field: "`image_url.url`, a base64 data URL",
    becomes: "`image` (a PDF: `document`) with a source of the type `base64`",
    ...withPart({ type: "image_url", image_url: { url: "data:image/jpg;base64,aGk=" } }),
    ...givesBlock({ type: "image", source: { type: "base64", media_type: "image/jpeg", data: "aGk=" } }),
  },
  {
    part: "request",
    field: "`image_url.url`, anything else",
    becomes: "",
    ...withPart({ type: "image_url", image_url: { url: "gs://bucket/cat.png" } }),
    refused: /no image that the model's provider can fetch/,
  },
  {
    part: "request",
    field: "`image_url.detail`",
    becomes: "",
    ...withPart({ type: "image_url", image_url: { url: "https://images.test/cat.png", detail: "low" } }),
    dropped: "messages[].content[].image_url.detail",
  },
  {
    part: "request",
    field: "`file.file_data`, a PDF",
    becomes: "`document` with a source of the type `base64`; `filename` is its `title`",
    ...withPart({ type: "file", file: { file_data: pdf, filename: "bill.pdf" } }),
    ...givesBlock({
      type: "document",
      title: "bill.pdf",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" },
    }),
  },
  {
    part: "request",
    field: "`file.file_data`, text or JSON",
    becomes: "`document` with a source of the type `text`",
    ...withPart({ type: "file", file: { file_data: "data:text/csv;base64,YSxi" } }),
    ...givesBlock({ type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" } }),
  },
  {
    part: "request",
    field: "`file.file_data`, anything else",
    becomes: "",
    ...withPart({ type: "file", file: { file_data: "data:application/zip;base64,UEs=" } }),
    refused: /file of the type "application\/zip"/,
  },
  {
    part: "request",
    field: "`file.file_url` (not in the chat API)",
    becomes: "`document` with a source of the type `url`",
    ...withPart({ type: "file", file: { file_url: "https://files.test/bill.pdf" } }),
    ...givesBlock({ type: "document", source: { type: "url", url: "https://files.test/bill.pdf" } }),
  },
  {
    part: "request",
    field: "`file.file_id`",
    becomes: "",
    ...withPart({ type: "file", file: { file_id: "file-1" } }),
    refused: /uploaded to another provider \("file-1"\)/,
  },
  {
    part: "request",
    field: "`input_audio`",
    becomes: "",
    ...withPart({ type: "input_audio", input_audio: { data: "aGk=", format: "wav" } }),
    refused: /of the type "input_audio", which the model's provider does not take/,
  },
  {
    part: "request",
    field: "`messages[].name`",
    becomes: "",
    ...withMessages({ ...hello, name: "Ada" }),
    dropped: "messages[].name",
  },
  {
    part: "request",
    field: '`messages[].role: "assistant"`: text, `refusal`, `tool_calls`',
    becomes: "`text` and `tool_use` blocks, in that order; the arguments' JSON is `input`, exactly",
    ...withMessages(
      hello,
      { role: "assistant", content: "Let me look.", tool_calls: [call("call_1", '{"id": 12345678901234567890}')] },
      { role: "tool", tool_call_id: "call_1", content: "Rain." },
    ),
    gives: {
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "text", text: "Let me look." },
            { type: "tool_use", id: "call_1", name: "weather", input: {} },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: "Rain." }] },
      ],
    },
  },
  {
    part: "request",
    field: "`tool_calls[].function.arguments` that are no JSON object",
    becomes: '`input: {"INVALID_JSON": "…"}`, so that the conversation can go on; none at all: `{}`',
    ...withMessages(hello, { role: "assistant", tool_calls: [call("call_1", '{"city": "Par'), call("call_2", "")] }),
    gives: {
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "tool_use", input: { INVALID_JSON: '{"city": "Par' } },
            { type: "tool_use", input: {} },
          ],
        },
      ],
    },
  },
  {
    part: "request",
    field: "`tool_calls[].id`",
    becomes: "the same; characters that the vendor does not allow are written as their numbers, in the result too",
    ...withMessages(
      hello,
      { role: "assistant", tool_calls: [call("functions.f:0", "{}")] },
      { role: "tool", tool_call_id: "functions.f:0", content: "1" },
    ),
    gives: {
      messages: [
        hello,
        { role: "assistant", content: [{ id: "functions_2e_f_3a_0" }] },
        { role: "user", content: [{ tool_use_id: "functions_2e_f_3a_0" }] },
      ],
    },
  },
  {
    part: "request",
    field: '`tool_calls[].type: "custom"`',
    becomes: '`tool_use` with `input: {"input": "…"}`',
    ...withMessages(hello, {
      role: "assistant",
      tool_calls: [{ id: "call_1", type: "custom", custom: { name: "shell", input: "ls -l" } }],
    }),
    gives: {
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool_use", name: "shell", input: { input: "ls -l" } }] },
      ],
    },
  },
  {
    part: "request",
    field: '`messages[].role: "tool"`',
    becomes: "`tool_result` blocks, in one user turn and before its other content",
    ...withMessages(
      hello,
      { role: "assistant", tool_calls: [call("call_1", "{}"), call("call_2", "{}")] },
      { role: "tool", tool_call_id: "call_1", content: "Rain." },
      { role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "Sun." }] },
      { role: "user", content: "And?" },
    ),
    gives: {
      messages: [
        hello,
        { role: "assistant" },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "call_1", content: "Rain." },
            { type: "tool_result", tool_use_id: "call_2", content: [{ type: "text", text: "Sun." }] },
            { type: "text", text: "And?" },
          ],
        },
      ],
    },
  },
  {
    part: "request",
    field: "`is_error: true` on a tool message (not in the chat API)",
    becomes: "`is_error` of the `tool_result`",
    ...withMessages(
      hello,
      { role: "assistant", tool_calls: [call("call_1", "{}")] },
      { role: "tool", tool_call_id: "call_1", content: "No such city.", is_error: true },
    ),
    gives: { messages: [hello, { role: "assistant" }, { role: "user", content: [{ is_error: true }] }] },
  },
  {
    part: "request",
    field: '`function_call` and `role: "function"` in the history',
    becomes: "`tool_use` and `tool_result` with made ids",
    ...withMessages(
      hello,
      { role: "assistant", content: null, function_call: { name: "weather", arguments: "{}" } },
      { role: "function", name: "weather", content: "Rain." },
    ),
    gives: {
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool_use", id: "call_function_1", name: "weather" }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_function_1", content: "Rain." }] },
      ],
    },
  },
];
