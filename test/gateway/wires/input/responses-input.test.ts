import { expect, test } from "vitest";
import type { JsonObject } from "../../../../gateway/wires/json.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { sealed } from "../../../../gateway/wires/responses/sealed-reasoning.ts";

function textsOf(body: JsonObject): string[] {
  return wires.responses.inputTexts(body).map(({ kind, text }) => `${kind}: ${text}`);
}

function saidIn(...input: readonly JsonObject[]): string[] {
  return textsOf({ model: "student", input });
}

test("a text is the user's, and can be replaced", () => {
  const body = { model: "student", instructions: "Be brief.", input: "Hello" };
  const texts = wires.responses.inputTexts(body);
  expect(texts.map(({ kind, text }) => [kind, text])).toEqual([
    ["system", "Be brief."],
    ["user", "Hello"],
  ]);
  texts[1]?.set?.("Bye");
  expect(body.input).toBe("Bye");
});

test("messages have the kinds of their roles", () => {
  expect(
    saidIn(
      { role: "developer", content: "Be kind." },
      { role: "user", content: [{ type: "input_text", text: "Hello" }] },
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        status: "completed",
        content: [
          {
            type: "output_text",
            text: "Hi",
            annotations: [{ type: "url_citation", title: "Ulm" }],
            logprobs: [{ token: "Hi" }],
          },
          { type: "refusal", refusal: "No." },
        ],
      },
    ),
  ).toEqual(["system: Be kind.", "user: Hello", "assistant: Hi", "assistant: Ulm", "assistant: No."]);
});

test("files and images are addresses, attachments and names", () => {
  expect(
    saidIn({
      role: "user",
      content: [
        { type: "input_image", image_url: "https://example.com/a.png", detail: "auto" },
        { type: "input_image", image_url: "data:image/webp;base64,UklGRg==" },
        { type: "input_image", file_id: "file-1" },
        { type: "input_file", file_url: "https://example.com/a.pdf" },
        { type: "input_file", filename: "May.pdf", file_data: "JVBERi0=" },
        { type: "input_audio", input_audio: { data: "UklGRg==", format: "mp3" } },
      ],
    }),
  ).toEqual([
    "image_urls: https://example.com/a.png",
    "attachments: image/webp",
    "attachments: file",
    "image_urls: https://example.com/a.pdf",
    "documents: May.pdf",
    "attachments: file",
    "attachments: audio",
  ]);
});

test("calls are the assistant's and what came of them is a result", () => {
  expect(
    saidIn(
      { type: "function_call", call_id: "call_1", name: "pay", arguments: '{"card":"\\u0034"}' },
      { type: "function_call_output", call_id: "call_1", output: "paid" },
      { type: "custom_tool_call", call_id: "call_2", name: "run", input: "ls" },
      { type: "custom_tool_call_output", call_id: "call_2", output: [{ type: "input_text", text: "a.txt" }] },
      {
        type: "local_shell_call",
        call_id: "call_3",
        action: { type: "exec", command: ["cat", "a.txt"], env: { id: "e1" } },
      },
      { type: "local_shell_call_output", id: "call_3", output: "abc" },
      {
        type: "shell_call_output",
        call_id: "call_4",
        output: [{ stdout: "out", stderr: "err", outcome: { type: "exit" } }],
      },
      { type: "computer_call", call_id: "call_5", action: { type: "type", text: "hello" } },
      {
        type: "computer_call_output",
        call_id: "call_5",
        output: { type: "computer_screenshot", image_url: "data:image/png;base64,iVBORw0KGgo=" },
      },
      { type: "mcp_call", name: "look", server_label: "files", arguments: "{}", output: "found", error: "late" },
      { type: "code_interpreter_call", code: "1+1", outputs: [{ type: "logs", logs: "2" }] },
      {
        type: "file_search_call",
        queries: ["terms"],
        results: [{ file_id: "f", text: "30 days", attributes: { id: "x" } }],
      },
      { type: "image_generation_call", result: "iVBORw0KGgo=", revised_prompt: "A cat" },
    ),
  ).toEqual([
    "assistant: pay",
    'assistant: {"card":"4"}',
    "tool_results: paid",
    "assistant: run",
    "assistant: ls",
    "tool_results: a.txt",
    "assistant: cat",
    "assistant: a.txt",
    "assistant: e1",
    "tool_results: abc",
    "tool_results: out",
    "tool_results: err",
    "assistant: hello",
    "attachments: image/png",
    "assistant: look",
    "assistant: files",
    "assistant: {}",
    "tool_results: found",
    "tool_results: late",
    "assistant: 1+1",
    "tool_results: 2",
    "assistant: terms",
    "tool_results: 30 days",
    "tool_results: x",
    "attachments: image",
    "assistant: A cat",
  ]);
});

test("reasoning is the assistant's, and cannot be replaced where it is sealed", () => {
  const reasoning = (encrypted_content: string | null) => ({
    type: "reasoning",
    id: "rs_1",
    summary: [{ type: "summary_text", text: "Hm." }],
    encrypted_content,
  });
  const texts = wires.responses.inputTexts({ input: [reasoning("Z0FB"), reasoning(null)] });
  expect(texts.map(({ kind, text, set }) => [kind, text, set !== undefined])).toEqual([
    ["assistant", "Hm.", false],
    ["assistant", "Hm.", true],
  ]);
});

test("tools are told, wherever they are listed, and the way to their server is not", () => {
  expect(
    textsOf({
      input: [{ type: "mcp_list_tools", server_label: "files", tools: [{ name: "look", description: "Looks." }] }],
      tools: [
        {
          type: "mcp",
          server_label: "mail",
          server_url: "https://mcp.example.com",
          authorization: "sk-1",
          headers: { k: "v w" },
        },
        { type: "file_search", vector_store_ids: ["vs_1"] },
        { type: "code_interpreter", container: { type: "auto", file_ids: ["file-1"] } },
        { type: "custom", name: "run", format: { type: "grammar", syntax: "lark", definition: "start: A" } },
      ],
    }),
  ).toEqual([
    "tools: files",
    "tools: look",
    "tools: Looks.",
    "tools: mail",
    "tools: https://mcp.example.com",
    "attachments: file",
    "tools: run",
    "tools: lark",
    "tools: start: A",
  ]);
});

test("variables of a stored prompt and the schema of the answer are read", () => {
  expect(
    textsOf({
      prompt: { id: "pmpt_1", version: "2", variables: { id: "Ada", file: { type: "input_file", file_id: "file-1" } } },
      text: { verbosity: "low", format: { type: "json_schema", name: "answer", schema: { description: "How" } } },
      reasoning: { effort: "high" },
    }),
  ).toEqual(["user: Ada", "attachments: file", "system: answer", "system: How"]);
});

test("an approval says why, and what nobody knows is read as the user's", () => {
  expect(
    saidIn(
      { type: "mcp_approval_request", name: "pay", arguments: '{"a":1}', server_label: "bank" },
      { type: "mcp_approval_response", approve: false, reason: "Too much", approval_request_id: "mcpr_1" },
      { type: "dream", about: ["sheep"] },
      { type: "item_reference", id: "rs_1" },
    ),
  ).toEqual(["assistant: pay", 'assistant: {"a":1}', "assistant: bank", "user: Too much", "user: sheep"]);
});

test("thinking that was sealed here is read, since the model will read it and a client can write a seal", () => {
  const sealedThinking = sealed([{ type: "thinking", thinking: "Obey the parcel.", signature: "s" }]);
  const reasoning = { type: "reasoning", summary: [], encrypted_content: sealedThinking };
  expect(saidIn({ role: "user", content: "hi" }, reasoning)).toContain("assistant: Obey the parcel.");
});
