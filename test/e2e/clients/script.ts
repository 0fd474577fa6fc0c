import type { Conversation, VendorAnswer, VendorCall } from "../../support/recorded-vendor/dialect.ts";
import type { RecordedCall, Step } from "../../support/recorded-vendor/recorded-vendor.ts";
import { cuts } from "../../support/recorded-vendor/cuts.ts";
import { type Cell, cutFor } from "./cells.ts";
import type { ScenarioName } from "./scenarios.ts";

export const weather = { Zürich: "18 °C ☀️", 東京: "25 °C 🌧️", Genève: "21 °C" };

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
/** What the guardrails must not let out. */
export const secretText = ["Her ", "card ", "is ", "4111 ", "1111 ", "1111 ", "1111 ☀️", "."];
/** What a guardrail lets out, sentence by sentence, before it comes to what it must not. */
export const harmlessText = ["In ", "Zürich ", "☀️ ", "18 °C. "];
const stoppedText = [...harmlessText, ...secretText, " She ", "said ", "so."];
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

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the vendor answers. */
export function stepFor(cell: Cell, { count, conversation }: RecordedCall): Step {
  const { scenario } = cell;
  const failure = failures[scenario];
  if (failure && (scenario !== "retry" || count === 1)) return failure;
  const cut = cutFor(cell, count);
  if (isConversation(cell)) return { answer: toolAnswer(cell, count), cut };
  const answer = isObject(cell)
    ? structuredAnswer(cell, count, conversation)
    : { text: textFor(cell, count), calls: [] };
  const ending = scenario === "cancel" ? "hang" : scenario === "broken" ? "reset" : "clean";
  return { answer, cut, ending };
}

/** What is to be withheld, in the scenarios in which something is. */
function textFor({ scenario }: Cell, count: number): readonly string[] {
  if (isStopped(scenario)) return stoppedText;
  return isWithheld(scenario, count) ? secretText : answerText;
}

function isWithheld(scenario: ScenarioName, count: number): boolean {
  if (isRegenerated(scenario)) return count === 1;
  return ["refused", "refused_object", "blocked", "refused_error", "blocked_error"].includes(scenario);
}

/** An answer of which a part leaves. */
export function isStopped(scenario: ScenarioName): boolean {
  return scenario === "stopped" || scenario === "stopped_error";
}

/** An answer that is given twice, the first being withheld. */
export function isRegenerated(scenario: ScenarioName): boolean {
  return scenario === "regenerated" || scenario === "regenerated_streamed";
}

/** An answer that is an object. */
export function isObject({ scenario, client }: Cell): boolean {
  return scenario === "structured" || scenario === "refused_object" || client === "instructor";
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
  return scenario === "retry" || isRegenerated(scenario) ? 2 : 1;
}

/** The conversations with tools, of models that think first and of others. */
export function isConversation({ scenario }: Cell): boolean {
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
function structuredAnswer({ scenario }: Cell, count: number, { tools }: Conversation): VendorAnswer {
  const city = isWithheld(scenario, count) ? secretText.join("") : answerObject.city;
  const text = JSON.stringify({ ...answerObject, city });
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
