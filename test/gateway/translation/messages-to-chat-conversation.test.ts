import { describe, expect, test } from "vitest";
import {
  assistant,
  messagesOf,
  png,
  pngPart,
  smallest,
  text,
  toolResult,
  toolUse,
  translated,
  user,
} from "./messages-to-chat-requests.ts";

describe("the system prompt", () => {
  test("is the first message, its blocks joined", () => {
    const system = [text("Be brief."), { ...text("Be kind."), cache_control: { type: "ephemeral" } }];
    const { body, dropped } = translated({ system });
    expect(body["messages"]).toEqual([
      { role: "system", content: "Be brief.\n\nBe kind." },
      { role: "user", content: "Hello" },
    ]);
    expect(dropped).toEqual(["system[].cache_control"]);
    expect(messagesOf(smallest.messages, { system: "Be brief." })).toMatchObject([{ content: "Be brief." }, {}]);
  });

  test("an empty one is none", () => {
    expect(messagesOf(smallest.messages, { system: "" })).toEqual(smallest.messages);
  });

  test("one in the middle of the conversation stays there", () => {
    const messages = [user(text("a")), { role: "system", content: "Now in French." }, user(text("b"))];
    expect(messagesOf(messages)).toEqual([
      { role: "user", content: "a" },
      { role: "system", content: "Now in French." },
      { role: "user", content: "b" },
    ]);
  });
});

describe("what a user says and shows", () => {
  test("texts become one string; with an image they stay parts in their order", () => {
    expect(messagesOf([user(text("one"), text("two"))])).toEqual([{ role: "user", content: "one\n\ntwo" }]);
    const byUrl = { type: "image", source: { type: "url", url: "https://example.com/a.png" } };
    expect(messagesOf([user(text("look"), png, byUrl, text("and?"))])).toEqual([
      {
        role: "user",
        content: [
          text("look"),
          pngPart,
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          text("and?"),
        ],
      },
    ]);
  });

  test("messages of the user that follow each other are one turn", () => {
    expect(messagesOf([user(text("one")), { role: "user", content: "two" }])).toEqual([
      { role: "user", content: "one\n\ntwo" },
    ]);
  });

  test("a PDF becomes a file, a text document its text with its title", () => {
    const pdf = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
    const plain = { type: "text", media_type: "text/plain", data: "30 days." };
    expect(messagesOf([user({ type: "document", source: pdf, title: "terms.pdf" }, text("How long?"))])).toEqual([
      {
        role: "user",
        content: [
          { type: "file", file: { filename: "terms.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
          text("How long?"),
        ],
      },
    ]);
    expect(
      messagesOf([user({ type: "document", source: plain, title: "Terms", context: "Of 2026." }, text("How long?"))]),
    ).toEqual([{ role: "user", content: 'Of 2026.\n\n<document title="Terms">\n30 days.\n</document>\n\nHow long?' }]);
  });

  test("a document of blocks keeps its texts and images", () => {
    const source = { type: "content", content: [text("30 days."), png] };
    expect(messagesOf([user({ type: "document", source })])).toEqual([
      { role: "user", content: [text("<document>"), text("30 days."), pngPart, text("</document>")] },
    ]);
    const words = { type: "content", content: "30 days." };
    expect(messagesOf([user({ type: "document", source: words })])).toEqual([
      { role: "user", content: "<document>\n30 days.\n</document>" },
    ]);
  });

  test("a search result is text with its title and source, and the wish for citations is named", () => {
    const result = {
      type: "search_result",
      source: "https://example.com/terms",
      title: "Terms",
      content: [text("30 days.")],
      citations: { enabled: true },
    };
    const { body, dropped } = translated({ messages: [user(result)] });
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: '<search_result title="Terms" source="https://example.com/terms">\n30 days.\n</search_result>',
      },
    ]);
    expect(dropped).toEqual(["messages[].content[].citations"]);
  });

  test.each([
    { what: "a document by URL", block: { type: "document", source: { type: "url", url: "https://example.com/a" } } },
    { what: "a stored document", block: { type: "document", source: { type: "file", file_id: "file_1" } } },
    { what: "a stored image", block: { type: "image", source: { type: "file", file_id: "file_1" } } },
    { what: "an upload to a container", block: { type: "container_upload", file_id: "file_1" } },
    { what: "a vendor's own tool result", block: { type: "web_search_tool_result", tool_use_id: "a", content: [] } },
  ])("$what is refused, because an answer without it would be another one", ({ block }) => {
    const { type } = block;
    const named = type === "document" || type === "image" ? /source of type "(url|file)"/ : new RegExp(`"${type}"`);
    expect(() => translated({ messages: [user(block)] })).toThrow(named);
  });
});

describe("tool calls and their results", () => {
  const weather = [
    user(text("Berlin and Paris?")),
    assistant(
      text("I look both up."),
      toolUse("toolu_1", "weather", { city: "Berlin" }),
      toolUse("toolu_2", "weather", { city: "Paris" }),
    ),
  ];

  test("parallel calls keep ids, names, arguments and order, and the text beside them", () => {
    expect(messagesOf([...weather, user(toolResult("toolu_1", "Rain"), toolResult("toolu_2", "Sun"))])).toEqual([
      { role: "user", content: "Berlin and Paris?" },
      {
        role: "assistant",
        content: "I look both up.",
        tool_calls: [
          { id: "toolu_1", type: "function", function: { name: "weather", arguments: '{"city":"Berlin"}' } },
          { id: "toolu_2", type: "function", function: { name: "weather", arguments: '{"city":"Paris"}' } },
        ],
      },
      { role: "tool", tool_call_id: "toolu_1", content: "Rain" },
      { role: "tool", tool_call_id: "toolu_2", content: "Sun" },
    ]);
  });

  test("results come directly after the calls, before what the user says, wherever they stood", () => {
    const turns = [user(toolResult("toolu_1", "Rain"), text("And?")), user(toolResult("toolu_2", [text("Sun")]))];
    expect(messagesOf([...weather, ...turns])).toMatchObject([
      {},
      {},
      { role: "tool", tool_call_id: "toolu_1", content: "Rain" },
      { role: "tool", tool_call_id: "toolu_2", content: "Sun" },
      { role: "user", content: "And?" },
    ]);
  });

  test("a failed call says so, also when it says nothing else", () => {
    const results = [
      toolResult("toolu_1", "No such city", { is_error: true }),
      { type: "tool_result", tool_use_id: "toolu_2", is_error: true },
    ];
    expect(messagesOf([...weather, user(...results)])).toMatchObject([
      {},
      {},
      { content: "The tool failed:\nNo such city" },
      { content: "The tool failed:" },
    ]);
  });

  test("what a tool showed follows in the user's message", () => {
    expect(messagesOf([...weather, user(toolResult("toolu_1", [text("A map"), png]), text("Thanks"))])).toMatchObject([
      {},
      {},
      { role: "tool", content: "A map\n(What the tool showed is in the next message of the user.)" },
      { role: "user", content: [text("The tool call toolu_1 showed:"), pngPart, text("Thanks")] },
    ]);
  });

  test("a call without text has no content, and calls in messages of their own are one turn", () => {
    const turns = [
      user(text("Both?")),
      assistant(toolUse("a", "weather", {})),
      assistant(toolUse("b", "weather", {})),
      user(toolResult("a", "1"), toolResult("b", "2")),
    ];
    expect(messagesOf(turns)).toMatchObject([
      {},
      { role: "assistant", content: null, tool_calls: [{ id: "a", function: { arguments: "{}" } }, { id: "b" }] },
      { role: "tool", tool_call_id: "a" },
      { role: "tool", tool_call_id: "b" },
    ]);
  });

  test("an id that is too long is shortened alike in the call and in its result", () => {
    const id = `toolu_${"x".repeat(60)}`;
    const other = `toolu_${"x".repeat(59)}y`;
    const turns = [
      user(text("?")),
      assistant(toolUse(id, "weather", {}), toolUse(other, "weather", {})),
      user(toolResult(id, "1"), toolResult(other, "2")),
    ];
    const messages = messagesOf(turns) as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    const ids = messages[1]?.tool_calls?.map((call) => call.id) ?? [];
    expect(new Set(ids).size).toBe(2);
    expect(ids.map(({ length }) => length)).toEqual([40, 40]);
    expect(messages.slice(2).map((message) => message.tool_call_id)).toEqual(ids);
  });

  test("tool references in a result are said in words", () => {
    const reference = { type: "tool_reference", tool_name: "weather" };
    expect(messagesOf([...weather, user(toolResult("toolu_1", [reference]))])).toMatchObject([
      {},
      {},
      { content: 'The tool "weather" is available.' },
    ]);
  });
});

describe("what the assistant said before", () => {
  const ends = user(text("Go on"));

  test("blocks that follow each other are one text, blocks around a call two", () => {
    const turn = assistant(text("It is "), text("30 days."), toolUse("a", "look", {}), text("Done."));
    expect(messagesOf([turn, user(toolResult("a", ""), text("ok"))])).toMatchObject([
      { content: "It is 30 days.\n\nDone.", tool_calls: [{}] },
      { role: "tool", content: "" },
      {},
    ]);
  });

  test.each(["reasoning_content", "reasoning"])("thinking that the target gave as %s goes back there", (member) => {
    const thinking = { type: "thinking", thinking: "Hm.", signature: `proctor.${member}` };
    expect(messagesOf([assistant(thinking, text("30 days.")), ends])).toMatchObject([
      { role: "assistant", content: "30 days.", [member]: "Hm." },
      {},
    ]);
  });

  test("thinking that another model signed is left out and named", () => {
    const signed = { type: "thinking", thinking: "Hm.", signature: "EqQBCgIYAhIkMTIz" };
    const redacted = { type: "redacted_thinking", data: "EmwKAhgB" };
    const { body, dropped } = translated({ messages: [assistant(signed, redacted, text("30 days.")), ends] });
    expect(body["messages"]).toEqual([
      { role: "assistant", content: "30 days." },
      { role: "user", content: "Go on" },
    ]);
    expect(dropped).toEqual(["messages[].content[].thinking", "messages[].content[].data"]);
  });

  test("an answer that has begun cannot be gone on with", () => {
    expect(() => translated({ messages: [user(text("JSON, please")), assistant(text("{"))] })).toThrow(
      /The last message is the assistant's/,
    );
  });

  test("calls of a vendor's own tools are refused by their type", () => {
    const call = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } };
    expect(() => translated({ messages: [assistant(call), ends] })).toThrow(/content of type "server_tool_use"/);
  });
});
