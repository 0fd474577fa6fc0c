import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "./field-row.ts";

const text = (words: string) => ({ type: "text", text: words });
const user = (...content: readonly unknown[]) => ({ role: "user", content });
const assistant = (...content: readonly unknown[]) => ({ role: "assistant", content });
const hello = { role: "user", content: "Hello" };
const call = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Rome" } };
const result = (content: unknown, members: JsonObject = {}) => ({
  type: "tool_result",
  tool_use_id: "toolu_1",
  content,
  ...members,
});
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw==" } };
const imagePart = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } };
const longId = `toolu_${"x".repeat(50)}`;

/** A row about messages; `gives` are the messages that the target gets. */
function row(field: string, messages: readonly unknown[], becomes: string, gives: readonly unknown[]): FieldRow {
  return { part: "request", field, becomes, request: { messages }, gives: { messages: gives } };
}

function leftOut(field: string, messages: readonly unknown[], dropped: string): FieldRow {
  return { part: "request", field, becomes: "", request: { messages }, dropped };
}

function refused(field: string, messages: readonly unknown[], sentence: RegExp): FieldRow {
  return { part: "request", field, becomes: "", request: { messages }, refused: sentence };
}

const document = (source: JsonObject, members: JsonObject = {}) => ({ type: "document", source, ...members });

const userRows: readonly FieldRow[] = [
  {
    part: "request",
    field: "`system`, a string or blocks",
    becomes: "the first message, of the role `system`; blocks are joined with an empty line",
    request: { system: [text("Be brief."), text("Be kind.")] },
    gives: { messages: [{ role: "system", content: "Be brief.\n\nBe kind." }, hello] },
  },
  row(
    '`messages[].role: "system"`',
    [hello, { role: "system", content: "In French." }, hello],
    "the same, where it stands",
    [hello, { role: "system", content: "In French." }, hello],
  ),
  row(
    "`text` of a user",
    [user(text("one"), text("two")), { role: "user", content: "three" }],
    "one string, joined with an empty line; neighbours of one role become one message",
    [{ role: "user", content: "one\n\ntwo\n\nthree" }],
  ),
  row("`image` with a source of the type `base64`", [user(text("See"), image)], "`image_url` with a data URL", [
    user(text("See"), imagePart),
  ]),
  row(
    "`image` with a source of the type `url`",
    [user({ type: "image", source: { type: "url", url: "https://example.com/a.png" } })],
    "`image_url` with the address",
    [user({ type: "image_url", image_url: { url: "https://example.com/a.png" } })],
  ),
  refused(
    "`image` with a source of the type `file`",
    [user({ type: "image", source: { type: "file", file_id: "file_1" } })],
    /Send it as base64/,
  ),
  row(
    "`document` with a source of the type `base64`",
    [user(document({ type: "base64", media_type: "application/pdf", data: "JVBERi0=" }, { title: "terms.pdf" }))],
    "`file` with `file_data`; its `title` is the `filename`, its `context` a text before it",
    [user({ type: "file", file: { filename: "terms.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } })],
  ),
  row(
    "`document` with a source of the type `text` or `content`",
    [user(document({ type: "text", data: "30 days." }, { title: "Terms" }))],
    "its text between `<document>` tags with the title, images between two such texts",
    [{ role: "user", content: '<document title="Terms">\n30 days.\n</document>' }],
  ),
  refused(
    "`document` with a source of the type `url` or `file`",
    [user(document({ type: "url", url: "https://example.com/a.pdf" }))],
    /Send its text, or a PDF as base64/,
  ),
  row(
    "`search_result`",
    [user({ type: "search_result", title: "Terms", source: "https://example.com", content: [text("30 days.")] })],
    "its text between `<search_result>` tags with title and source",
    [
      {
        role: "user",
        content: '<search_result title="Terms" source="https://example.com">\n30 days.\n</search_result>',
      },
    ],
  ),
  leftOut(
    "`citations` asked for, or in an earlier answer",
    [user(document({ type: "text", data: "30 days." }, { citations: { enabled: true } }))],
    "messages[].content[].citations",
  ),
  leftOut(
    "`cache_control` on a block",
    [user({ ...text("Hi"), cache_control: { type: "ephemeral" } })],
    "messages[].content[].cache_control",
  ),
  refused(
    "`container_upload`, blocks of server tools, and any other type",
    [user({ type: "container_upload", file_id: "file_1" })],
    /content of type "container_upload"/,
  ),
];

const toolRows: readonly FieldRow[] = [
  row(
    "`tool_use`",
    [hello, assistant(text("I look."), call), user(result("Sun"))],
    "`tool_calls[]` beside the text; `input` is a JSON string",
    [
      hello,
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [{ id: "toolu_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
      },
      { role: "tool", tool_call_id: "toolu_1", content: "Sun" },
    ],
  ),
  row(
    "`tool_use.id` of more than 40 characters",
    [hello, assistant({ ...call, id: longId }), user({ ...result("Sun"), tool_use_id: longId })],
    "a digest that is always the same, in the result too",
    [
      hello,
      { tool_calls: [{ id: "call_101ea87486c69b5837af6b767e56f3a7879" }] },
      { tool_call_id: "call_101ea87486c69b5837af6b767e56f3a7879" },
    ],
  ),
  row(
    "`tool_result`",
    [hello, assistant(call), user(text("And?"), result([text("Sun"), text("25°")]))],
    "a message of the role `tool`, directly after the calls and before what else the user says",
    [hello, {}, { role: "tool", tool_call_id: "toolu_1", content: "Sun\n\n25°" }, { role: "user", content: "And?" }],
  ),
  row(
    "`tool_result.is_error`",
    [hello, assistant(call), user(result("No such city", { is_error: true }))],
    "the words `The tool failed:` before the text",
    [hello, {}, { role: "tool", content: "The tool failed:\nNo such city" }],
  ),
  row(
    "`image` and `document` in a `tool_result`",
    [hello, assistant(call), user(result([text("A map"), image]))],
    "parts of the user's message that follows, after a word that says so",
    [
      hello,
      {},
      { content: "A map\n(What the tool showed is in the next message of the user.)" },
      user(text("The tool call toolu_1 showed:"), imagePart),
    ],
  ),
  row(
    "`tool_reference` in a `tool_result`",
    [hello, assistant(call), user(result([{ type: "tool_reference", tool_name: "clock" }]))],
    "a sentence: all tools are offered at once",
    [hello, {}, { content: 'The tool "clock" is available.' }],
  ),
  row(
    "`thinking` that a chat target gave",
    [hello, assistant({ type: "thinking", thinking: "Hm.", signature: "proctor.reasoning_content" }, call), hello],
    "the member it came in (`reasoning_content` or `reasoning`), which the signature says",
    [hello, { role: "assistant", reasoning_content: "Hm." }, hello],
  ),
  leftOut(
    "`thinking` that another model signed",
    [hello, assistant({ type: "thinking", thinking: "Hm.", signature: "EqQBCg" }, text("Hi")), hello],
    "messages[].content[].thinking",
  ),
  leftOut(
    "`redacted_thinking`",
    [hello, assistant({ type: "redacted_thinking", data: "EmwKAhgB" }, text("Hi")), hello],
    "messages[].content[].data",
  ),
  refused(
    "a last message of the assistant, to be gone on with",
    [hello, { role: "assistant", content: "{" }],
    /The last message is the assistant's/,
  ),
];

/** Rows about what is said, shown and called. */
export const messagesConversationRows: readonly FieldRow[] = [...userRows, ...toolRows];
