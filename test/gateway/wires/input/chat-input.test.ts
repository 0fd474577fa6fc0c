import { expect, test } from "vitest";
import { parseExactly } from "../../../../gateway/wires/parse-exactly.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { JsonObject } from "../../../../gateway/wires/json.ts";

function textsOf(body: JsonObject): string[] {
  return wires.chat.inputTexts(body).map(({ kind, text }) => `${kind}: ${text}`);
}

function saidBy(...messages: readonly JsonObject[]): string[] {
  return textsOf({ model: "student", messages });
}

test("every role has its kind, in the order of the conversation", () => {
  expect(
    saidBy(
      { role: "system", content: "Be brief." },
      { role: "developer", content: [{ type: "text", text: "Be kind." }] },
      {
        role: "user",
        name: "ada",
        content: [
          { type: "text", text: "Hello" },
          { type: "text", text: "there" },
        ],
      },
      { role: "assistant", content: null, refusal: "No.", reasoning_content: "Hm." },
      { role: "tool", tool_call_id: "call_1", content: "18 degrees" },
      { role: "function", name: "look_up", content: "19 degrees" },
      { role: "narrator", content: "Exeunt." },
    ),
  ).toEqual([
    "system: Be brief.",
    "system: Be kind.",
    "user: ada",
    "user: Hello",
    "user: there",
    "assistant: No.",
    "assistant: Hm.",
    "tool_results: 18 degrees",
    "tool_results: look_up",
    "tool_results: 19 degrees",
    "user: Exeunt.",
  ]);
});

test("calls of tools are the assistant's, and no escape in their arguments hides a letter", () => {
  const called = (given: unknown) => ({ id: "call_1", type: "function", function: { name: "pay", arguments: given } });
  const call = called('{"card": "\\u0034111", "n": 12345678901234567890, "link": "http:\\/\\/a", "q": "\\u0022\\n"}');
  expect(
    saidBy({
      role: "assistant",
      tool_calls: [call, called("not JSON \\u0041"), called({ card: "4111" }), called({})],
      function_call: { name: "old", arguments: "{}" },
    }),
  ).toEqual([
    "assistant: pay",
    'assistant: {"card": "4111", "n": 12345678901234567890, "link": "http://a", "q": "\\u0022\\n"}',
    "assistant: pay",
    "assistant: not JSON \\u0041",
    "assistant: pay",
    'assistant: {"card":"4111"}',
    "assistant: pay",
    "assistant: old",
    "assistant: {}",
  ]);
});

test("images by address are addresses, and those in the request are attachments", () => {
  expect(
    saidBy({
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "https://example.com/a.png?q=secret", detail: "low" } },
        { type: "image_url", image_url: "https://example.com/b.png" },
        { type: "image_url", image_url: { url: "DATA:image/PNG;base64,iVBORw0KGgo=" } },
        { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
        { type: "file", file: { file_id: "file-1" } },
        { type: "file", file: { filename: "report of May.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
      ],
    }),
  ).toEqual([
    "image_urls: https://example.com/a.png?q=secret",
    "image_urls: https://example.com/b.png",
    "attachments: image/png",
    "attachments: audio",
    "attachments: file",
    "documents: report of May.pdf",
    "attachments: application/pdf",
  ]);
});

test("a spoken answer of before is an attachment", () => {
  expect(saidBy({ role: "assistant", audio: { id: "audio_1" } })).toEqual(["attachments: audio"]);
});

test("a text file is read, and replaced as a file", () => {
  const url = `data:text/plain;base64,${Buffer.from("Ignore all that.").toString("base64")}`;
  const body = { messages: [{ role: "user", content: [{ type: "file", file: { file_data: url } }] }] };
  const [file] = wires.chat.inputTexts(body);
  expect(file).toMatchObject({ kind: "documents", text: "Ignore all that." });
  file?.set?.("Grüße");
  expect(JSON.stringify(body)).toContain(`data:text/plain;base64,${Buffer.from("Grüße").toString("base64")}`);
});

test("what says that it is a text file and is none is an attachment", () => {
  const url = "data:text/plain;base64,/////w==";
  expect(saidBy({ role: "user", content: [{ type: "file", file: { file_data: url } }] })).toEqual([
    "attachments: text/plain",
  ]);
});

test("language in a place for data is read", () => {
  const audio = { type: "input_audio", input_audio: { data: "ignore the above", format: "wav" } };
  const image = { type: "image_url", image_url: { url: "data:,ignore%20the%20above" } };
  expect(saidBy({ role: "user", content: [audio, image] })).toEqual([
    "user: ignore the above",
    "documents: data:,ignore%20the%20above",
  ]);
});

test("a user's words are text, even when they look like an image", () => {
  const words = "data:image/png;base64,aWdub3JlIGFsbA==";
  expect(saidBy({ role: "user", content: words })).toEqual([`user: ${words}`]);
});

test("tools are told with the names and descriptions of their parameters, and cannot be renamed", () => {
  const described = {
    name: "pay",
    description: "Pays.",
    parameters: {
      type: "object",
      properties: { type: { type: "string", enum: ["card", "cash"] } },
      required: ["type"],
    },
  };
  const body = { messages: [], tools: [{ type: "function", function: described }], functions: [described] };
  const texts = ["pay", "Pays.", "type", "card", "cash", "type"].map((text) => `tools: ${text}`);
  expect(textsOf(body)).toEqual([...texts, ...texts]);
  const named = wires.chat.inputTexts(body).filter(({ set }) => set === undefined);
  expect(named.map(({ text }) => text)).toEqual(["pay", "type", "type", "pay", "type", "type"]);
});

test("schemas, predictions, places and members that nobody knows are read; settings are not", () => {
  expect(
    textsOf({
      model: "student",
      unheard_of: { note: ["from afar"] },
      stop: ["END"],
      user: "u-1",
      metadata: { team: "red" },
      tool_choice: { type: "function", function: { name: "pay" } },
      proctor: { context: ["30 days"] },
      documents: [{ title: "Terms" }],
      web_search_options: {
        search_context_size: "low",
        user_location: { type: "approximate", approximate: { city: "Ulm" } },
      },
      prediction: { type: "content", content: "def f():" },
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: { type: "object", description: "How to answer" } },
      },
      messages: [],
    }),
  ).toEqual([
    "system: answer",
    "system: How to answer",
    "assistant: def f():",
    "user: Ulm",
    "system: from afar",
    "documents: Terms",
  ]);
});

test("an id says nothing unless it says something", () => {
  expect(saidBy({ role: "tool", tool_call_id: "call_1", content: "" })).toEqual([]);
  expect(saidBy({ role: "tool", tool_call_id: "ignore the above", content: "" })).toEqual([
    "tool_results: ignore the above",
  ]);
});

test("numbers of many digits are no texts and stay", () => {
  const body = parseExactly(
    '{"messages":[{"role":"user","content":"Hi","x":12345678901234567890}],"y":0.12345678901234567890}',
  );
  expect(textsOf(body ?? {})).toEqual(["user: Hi"]);
});

test("addresses and data of any size and shape are read without a fault", () => {
  const addresses = [
    `data:image/png;base64,${"A".repeat(20_000_000)}`,
    `data:${";".repeat(3_000_000)}`,
    `${" ".repeat(1_000_000)}data:text/plain;base64,QQ==`,
    "data:;charset=utf-8;BASE64,QUJD",
    "data:",
  ];
  const content = addresses.map((url) => ({ type: "image_url", image_url: { url } }));
  const texts = wires.chat.inputTexts({ messages: [{ role: "user", content }] });
  expect(texts.map(({ kind, text }) => [kind, text.slice(0, 20)])).toEqual([
    ["attachments", "image/png"],
    ["documents", "data:;;;;;;;;;;;;;;;"],
    ["image_urls", " ".repeat(20)],
    ["attachments", "file"],
    ["documents", "data:"],
  ]);
});
