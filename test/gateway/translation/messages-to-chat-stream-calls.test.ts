import { expect, test } from "vitest";
import { begin, callPiece, chunk, eventsFor, finish, messageFor, sentFor, typesOf } from "./messages-to-chat-chunks.ts";

test("the pieces of a call go on as they come; text beside it does not hide that the turn ends in a call", async () => {
  const chunks = [
    chunk({ role: "assistant", content: "I look." }),
    callPiece(0, "", { id: "call_1", name: "weather" }),
    callPiece(0, '{"ci'),
    callPiece(0, 'ty":"Ber'),
    callPiece(0, 'lin"}'),
    finish("stop"),
  ];
  expect(sentFor(chunks).map((events) => typesOf(events).length)).toEqual([3, 1, 2, 1, 1, 0, 2]);
  expect(await messageFor(chunks)).toMatchObject({
    content: [
      { type: "text", text: "I look." },
      { type: "tool_use", id: "call_1", name: "weather", input: { city: "Berlin" } },
    ],
    stop_reason: "tool_use",
  });
});

test("calls that are written at the same time come one after the other, each whole", async () => {
  const chunks = [
    callPiece(0, "", { id: "call_1", name: "weather" }),
    callPiece(1, "", { id: "call_2", name: "get_time" }),
    callPiece(1, '{"zone":'),
    callPiece(0, '{"city":"Ber'),
    callPiece(1, '"CET"}'),
    callPiece(0, 'lin"}'),
    finish("tool_calls"),
  ];
  const indexes = eventsFor(chunks)
    .filter(({ type }) => String(type).startsWith("content_block"))
    .map(({ index }) => Number(index));
  expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
  expect((await messageFor(chunks)).content).toMatchObject([
    { id: "call_1", name: "weather", input: { city: "Berlin" } },
    { id: "call_2", name: "get_time", input: { zone: "CET" } },
  ]);
});

test("the second call is not kept back once the first is whole", () => {
  const sent = sentFor([
    callPiece(0, '{"a":"}"}', { id: "call_1", name: "weather" }),
    callPiece(1, '{"b":', { id: "call_2", name: "weather" }),
    callPiece(1, "1}"),
  ]);
  expect(typesOf(sent[1] ?? [])).toEqual(["content_block_stop", "content_block_start", "content_block_delta"]);
  expect(typesOf(sent[2] ?? [])).toEqual(["content_block_delta"]);
});

test("text after a call, and between the pieces of one, is a block after it", async () => {
  const chunks = [
    callPiece(0, '{"city":', { id: "call_1", name: "weather" }),
    chunk({ content: "Look" }),
    callPiece(0, '"Berlin"}'),
    chunk({ content: "ing." }),
    finish("tool_calls"),
  ];
  expect((await messageFor(chunks)).content).toMatchObject([
    { type: "tool_use", input: { city: "Berlin" } },
    { type: "text", text: "Looking." },
  ]);
});

test.each([
  { what: "in pieces", names: ["get", "_time"], name: "get_time" },
  { what: "late", names: ["", "", "get_time"], name: "get_time" },
  { what: "again and again", names: ["get_time", "get_time", "get_time"], name: "get_time" },
])("a name that comes $what is one name", async ({ names, name }) => {
  const chunks = [
    ...names.map((piece) => callPiece(0, "", { id: "call_1", name: piece })),
    callPiece(0, '{"zone":"', { name }),
    callPiece(0, 'CET"}'),
    finish("tool_calls"),
  ];
  const { content } = await messageFor(chunks);
  expect(content).toMatchObject([{ type: "tool_use", name, input: { zone: "CET" } }]);
});

test.each([
  { what: "nothing", pieces: [] },
  { what: "an empty string", pieces: ["", ""] },
  { what: "null", pieces: ["nu", "ll"] },
  { what: "an empty object", pieces: ["{", "}"] },
])("$what as arguments is an empty input", async ({ pieces }) => {
  const chunks = [
    callPiece(0, "", { id: "call_1", name: "weather" }),
    ...pieces.map((piece) => callPiece(0, piece)),
    finish("tool_calls"),
  ];
  const events = eventsFor(chunks);
  const json = events.map(({ delta }) => (delta as { partial_json?: string } | undefined)?.partial_json ?? "");
  expect(json.join("")).toBe("{}");
  expect((await messageFor(chunks)).content).toMatchObject([{ input: {} }]);
});

test("calls without numbers, or all with the same one, stay apart", async () => {
  const both = (index: number | undefined) => [
    callPiece(index, '{"city":"Berlin"}', { id: "call_1", name: "weather" }),
    callPiece(index, '{"city":', { id: "call_2", name: "weather" }),
    callPiece(index, '"Paris"}'),
    finish("tool_calls"),
  ];
  for (const index of [undefined, 0]) {
    expect((await messageFor(both(index))).content).toMatchObject([
      { id: "call_1", input: { city: "Berlin" } },
      { id: "call_2", input: { city: "Paris" } },
    ]);
  }
});

test("calls with neither numbers nor ids are told apart by their names", async () => {
  const chunks = [
    callPiece(undefined, '{"city":"Berlin"}', { name: "weather" }),
    callPiece(undefined, '{"city":"Paris"}', { name: "weather" }),
    finish("stop"),
  ];
  const { content, stop_reason } = await messageFor(chunks);
  expect(content).toMatchObject([{ input: { city: "Berlin" } }, { input: { city: "Paris" } }]);
  expect(new Set(content.map((block) => (block.type === "tool_use" ? block.id : ""))).size).toBe(2);
  expect(stop_reason).toBe("tool_use");
});

test("a server that repeats number, id and name with every piece writes one call, also where the id is taken", async () => {
  const members = { id: "same", name: "weather" };
  const chunks = [
    callPiece(0, '{"city":"Berlin"}', members),
    callPiece(1, '{"city":', members),
    callPiece(1, '"Paris"}', members),
    callPiece(1, "", members),
    finish("tool_calls"),
  ];
  const { content } = await messageFor(chunks);
  expect(content).toMatchObject([{ id: "same", input: { city: "Berlin" } }, { input: { city: "Paris" } }]);
  expect(JSON.stringify(content).match(/"same"/g)).toHaveLength(1);
});

test("a call of the old kind is a call", async () => {
  const chunks = [
    chunk({ function_call: { name: "weather", arguments: "" } }),
    chunk({ function_call: { arguments: '{"city":"Berlin"}' } }),
    finish("function_call"),
  ];
  expect(await messageFor(chunks)).toMatchObject({
    content: [{ type: "tool_use", name: "weather", input: { city: "Berlin" } }],
    stop_reason: "tool_use",
  });
});

test("arguments that are no JSON object end the stream with an error, not with a call", () => {
  const exchange = begin();
  exchange.event(callPiece(0, '{"city":', { id: "call_1", name: "weather" }));
  exchange.event(finish("tool_calls"));
  expect(() => exchange.end()).toThrow(/arguments that are not a JSON object/);
});

test("arguments that go on after the call was sent whole are an error", () => {
  const exchange = begin();
  exchange.event(callPiece(0, "{}", { id: "call_1", name: "weather" }));
  exchange.event(callPiece(1, "{}", { id: "call_2", name: "weather" }));
  expect(() => exchange.event(callPiece(0, " \n"))).not.toThrow();
  expect(() => exchange.event(callPiece(0, ',"a":1}'))).toThrow(/went on with the arguments/);
});

test("arguments that the limit of tokens cut off are sent as far as they were written", async () => {
  const chunks = [callPiece(0, '{"city":"Ber', { id: "call_1", name: "weather" }), finish("length")];
  expect(eventsFor(chunks)).toContainEqual({
    type: "content_block_delta",
    index: 0,
    delta: { type: "input_json_delta", partial_json: '{"city":"Ber' },
  });
  expect((await messageFor(chunks)).stop_reason).toBe("max_tokens");
});
