import { createParser, type EventSourceMessage } from "eventsource-parser";
import { expect, test } from "vitest";
import { cutBytes, cuts } from "../../support/recorded-vendor/cuts.ts";
import type { Json, VendorAnswer } from "../../support/recorded-vendor/dialect.ts";
import { type DialectName, dialects, startRecordedVendor } from "../../support/recorded-vendor/recorded-vendor.ts";
import { cells } from "./cells.ts";
import { play } from "./play.ts";
import { prompts, toolTurns } from "./script.ts";

const names = Object.keys(dialects) as DialectName[];
const answer: VendorAnswer = { text: ["Grüezi ", "☀️"], calls: [{ id: "call_1", name: "f", pieces: ['{"a"', ":1}"] }] };

test.each(names.flatMap((name) => cuts.map((cut) => ({ name, cut }))))(
  "the stream of $name, $cut.name, says the same",
  ({ name, cut }) => {
    const events = dialects[name].events(answer, "model");
    const bytes = Buffer.concat(cutBytes(events, cut));
    const read: EventSourceMessage[] = [];
    createParser({ onEvent: (event) => void read.push(event) }).feed(`${bytes.toString("utf8")}\n\n`);
    const said = (data: string): unknown => (data === "[DONE]" ? data : JSON.parse(data));
    expect(read.map(({ event, data }) => [event, said(data)])).toEqual(
      events.map((event) => [event.name, said(event.data)]),
    );
  },
);

test("every way to cut a stream but the first cuts it", () => {
  const pieces = cuts.map((cut) => cutBytes(dialects.chat.events(answer, "model"), cut).length);
  expect(pieces[0]).toBe(1);
  expect(Math.min(...pieces.slice(1))).toBeGreaterThan(5);
});

const results = [
  { role: "tool", tool_call_id: "call_A1", content: "18 °C ☀️" },
  { role: "tool", tool_call_id: "call_A2", content: "25 °C 🌧️" },
  { role: "tool", tool_call_id: "call_A3", content: "The clock is broken." },
];

test.each([
  ["as it must be", (messages: Json[]) => messages, 200],
  ["without a result", (messages: Json[]) => messages.slice(0, -1), 400],
  ["with results in another order", ([system, user, said, a, b, c]: Json[]) => [system, user, said, b, a, c], 400],
  ["without the text before the calls", (messages: Json[]) => messages.map(withoutText), 400],
  ["without the system prompt", (messages: Json[]) => messages.slice(1), 400],
])("the vendor answers the second request of a conversation %s", async (_how, change, status) => {
  const model = cells.find(({ target, scenario }) => target === "chat" && scenario === "tools")?.model ?? "";
  const vendor = await startRecordedVendor(play);
  try {
    const first = [
      { role: "system", content: prompts.system },
      { role: "user", content: prompts.toolQuestion },
    ];
    const second = change([...first, assistantTurn(), ...results]) as Json[];
    expect((await ask(vendor.url, model, first)).status).toBe(200);
    expect((await ask(vendor.url, model, second)).status).toBe(status);
    expect(vendor.problemsOf(model)).toHaveLength(status === 200 ? 0 : 1);
  } finally {
    await vendor.close();
  }
});

function withoutText(message: Json): Json {
  return message["role"] === "assistant" ? { ...message, content: null } : message;
}

function assistantTurn(): Json {
  const { text = [], calls = [] } = toolTurns[0] ?? {};
  const tool_calls = calls.map(({ id, name, arguments: given }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(given) },
  }));
  return { role: "assistant", content: text.join(""), tool_calls };
}

async function ask(url: string, model: string, messages: readonly Json[]): Promise<Response> {
  const tools = prompts.tools.map((tool) => ({ type: "function", function: tool }));
  return fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify({ model, messages, tools }) });
}
