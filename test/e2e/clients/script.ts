import type { Conversation, Turn, VendorAnswer, VendorCall } from "../../support/recorded-vendor/dialect.ts";
import type { RecordedCall, Step } from "../../support/recorded-vendor/recorded-vendor.ts";
import { cuts } from "../../support/recorded-vendor/cuts.ts";
import { expect } from "vitest";
import { type Cell, cells, cutFor } from "./cells.ts";
import type { ScenarioName } from "./scenarios.ts";

const weather = { Zürich: "18 °C ☀️", 東京: "25 °C 🌧️", Genève: "21 °C" };

/** What the client programs are told to send. */
export const prompts = {
  key: "key-of-the-client",
  times: cuts.length,
  unknownKey: "key-of-nobody",
  unknownModel: "no-such-model",
  /** Seconds that the vendor asks a client to wait where it is not meant to come back. */
  retryAfter: "7",
  system: "You know the weather — überall.",
  question: "How is the weather in Zürich and 東京? 😀",
  toolQuestion: "Compare the weather in Zürich, 東京 and the nearest town. What time is it?",
  imageQuestion: "What is on these pictures?",
  images: [
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "https://example.com/cat.png",
  ],
  weather,
  brokenTool: "The clock is broken.",
  tools: [
    {
      name: "get_weather",
      description: "The weather of a city.",
      parameters: {
        type: "object",
        properties: { city: { type: "string" }, days: { type: "integer" }, note: { type: "string" } },
        required: ["city", "days"],
      },
    },
    {
      name: "get_time",
      description: "The time of day.",
      parameters: { type: "object", properties: {} },
    },
  ],
} as const;

/** The pictures that the client of the cell is given. */
export function imagesFor({ quirks }: Cell): readonly string[] {
  return quirks.includes("fetchesImages") ? prompts.images.slice(0, 1) : prompts.images;
}

export const answerText = ["In ", "Zürich ", "☀️ ", "18 °C,", " in ", "東京 ", "🌧️ ", "25 °C."];
/** What the guardrail of the scenario "blocked" must not let out. */
const secretText = ["Her ", "card ", "is ", "4111 ", "1111 ", "1111 ", "1111 ☀️", "."];
export const answerObject = { city: "Zürich ☀️", celsius: 18.5, sunny: true };

/** The turns of the conversation with tools: parallel calls after some text, one call alone, the answer. */
export const toolTurns: readonly { readonly text: readonly string[]; readonly calls: readonly ToolCall[] }[] = [
  {
    text: ["I ", "will ", "look ", "that ", "up. 🔎"],
    calls: [
      {
        id: "call_A1",
        name: "get_weather",
        arguments: { city: "Zürich", days: 2, note: 'say "grüezi" \\ ☀️\n\tnow' },
      },
      { id: "call_A2", name: "get_weather", arguments: { city: "東京", days: 1 } },
      { id: "call_A3", name: "get_time", arguments: {} },
    ],
  },
  { text: [], calls: [{ id: "call_B1", name: "get_weather", arguments: { city: "Genève", days: 1 } }] },
  { text: answerText, calls: [] },
];

interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the vendor does; throws where the request is not what the client's user meant. */
export function play(call: RecordedCall): Step {
  const cell = cells.find(({ model }) => model === call.model);
  if (!cell) throw new Error(`Nobody plays "${call.model}".`);
  expect(call.dialect).toBe(cell.target);
  checkRequest(cell, call);
  return stepFor(cell, call);
}

function stepFor(cell: Cell, { count, conversation }: RecordedCall): Step {
  const { scenario } = cell;
  const failure = failures[scenario];
  if (failure && (scenario !== "retry" || count === 1)) return failure;
  const cut = cutFor(cell, count);
  if (isConversation(cell)) return { answer: toolAnswer(cell, count), cut };
  const isObject = scenario === "structured" || cell.client === "instructor";
  const text = scenario === "blocked" ? secretText : answerText;
  const answer = isObject ? structuredAnswer(conversation) : { text, calls: [] };
  const ending = scenario === "cancel" ? "hang" : scenario === "broken" ? "reset" : "clean";
  return { answer, cut, ending };
}

const failures: Readonly<Partial<Record<ScenarioName, Step>>> = {
  error_key: { failure: "key", status: 401 },
  error_model: { failure: "model", status: 404 },
  error_rate: { failure: "rate", status: 429, headers: { "retry-after": prompts.retryAfter } },
  error_server: { failure: "server", status: 500 },
  error_context: { failure: "context", status: 400 },
  retry: { failure: "rate", status: 429, headers: { "retry-after": "1" } },
};

/** How often the vendor must have been asked in the cell. */
export function requestsIn(cell: Cell): number {
  const { scenario } = cell;
  if (scenario === "streamed") return cuts.length;
  if (isConversation(cell)) return toolTurns.length;
  if (scenario === "error_alias" || scenario === "error_own_key") return 0;
  return scenario === "retry" ? 2 : 1;
}

/** The conversations with tools, of models that think first and of others. */
function isConversation({ scenario }: Cell): boolean {
  return ["tools", "tools_streamed", "thinking", "thinking_streamed"].includes(scenario);
}

function toolAnswer({ scenario }: Cell, count: number): VendorAnswer {
  const turn = toolTurns[count - 1];
  if (!turn) throw new Error("The conversation was over.");
  return {
    ...(scenario.startsWith("thinking") ? { thinking: ["Where is ", "my 🧥", "?"] } : {}),
    text: turn.text,
    calls: turn.calls.map((call) => toVendorCall(call.id, call.name, JSON.stringify(call.arguments))),
  };
}

/** As a call where the client made a tool of its schema, as JSON otherwise. */
function structuredAnswer({ tools }: Conversation): VendorAnswer {
  const text = JSON.stringify(answerObject);
  const [tool] = tools;
  if (!tool) return { text: piecesOf(text), calls: [] };
  return { text: [], calls: [toVendorCall("call_S1", tool.name, text)] };
}

function toVendorCall(id: string, name: string, json: string): VendorCall {
  return { id, name, pieces: piecesOf(json) };
}

/** Of four characters each, so that names, escapes and numbers are torn apart. */
function piecesOf(text: string): readonly string[] {
  const characters = [...text];
  return Array.from({ length: Math.ceil(characters.length / 4) }, (_, index) =>
    characters.slice(index * 4, index * 4 + 4).join(""),
  );
}

const streamedScenarios = [
  "streamed",
  "usage",
  "tools_streamed",
  "thinking_streamed",
  "cancel",
  "broken",
  "held",
  "blocked",
];

function checkRequest(cell: Cell, { conversation, count, sincePreviousMs }: RecordedCall): void {
  // The vendor asked for one second; clocks may differ a little.
  if (cell.scenario === "retry" && count === 2) expect(sincePreviousMs).toBeGreaterThan(950);
  const { scenario, dialect, target } = cell;
  const { stream, system, turns, tools, schema } = conversation;
  expect(stream).toBe(streamedScenarios.includes(scenario));
  if (scenario === "images") {
    expect(turns).toEqual([{ role: "user", text: prompts.imageQuestion, images: imagesFor(cell) }]);
    return;
  }
  expect(system).toBe(prompts.system);
  if (scenario === "structured" || cell.client === "instructor") {
    expect(turns).toEqual([{ role: "user", text: prompts.question, images: [] }]);
    expect(schema ?? tools[0]?.parameters).toEqual(["celsius", "city", "sunny"]);
    return;
  }
  if (!isConversation(cell)) {
    expect(turns).toEqual([{ role: "user", text: prompts.question, images: [] }]);
    expect(tools).toEqual([]);
    return;
  }
  expect(tools).toEqual([
    { name: "get_weather", parameters: ["city", "days", "note"] },
    { name: "get_time", parameters: [] },
  ]);
  expect(conversation.recalled).toBe(recallsThinking(cell) ? count - 1 : 0);
  const knowsErrors = dialect === "messages" && target === "messages" && !cell.quirks.includes("forgetsToolErrors");
  expect(turns).toEqual(turnsBefore(count, knowsErrors));
}

/** A model that thought is given its thoughts again, by the clients that keep them. */
function recallsThinking({ scenario, quirks }: Cell): boolean {
  const forgets = ["forgetsThinking", "forgetsSignatures", "forgetsOpenThinking"] as const;
  return scenario.startsWith("thinking") && !forgets.some((way) => quirks.includes(way));
}

/** The conversation as it must be told when the model is asked for the `count`th time. */
function turnsBefore(count: number, knowsErrors: boolean): readonly Turn[] {
  const said = toolTurns.slice(0, count - 1).flatMap(({ text, calls }): Turn[] => [
    {
      role: "assistant",
      text: text.join(""),
      calls: calls.map(({ id, name, arguments: given }) => ({ id, name, arguments: given })),
    },
    {
      role: "results",
      results: calls.map(({ id, name, arguments: given }) => ({
        id,
        text: expect.stringContaining(resultOf(name, given)) as string,
        isError: name === "get_time" && knowsErrors,
      })),
    },
  ]);
  return [{ role: "user", text: prompts.toolQuestion, images: [] }, ...said];
}

function resultOf(name: string, { city }: ToolCall["arguments"]): string {
  return name === "get_weather" ? weather[city as keyof typeof weather] : prompts.brokenTool;
}
