import { expect } from "vitest";
import { cuts } from "../../support/recorded-vendor/cuts.ts";
import { recordedUsage, type RecordedUsage } from "../../support/recorded-vendor/dialect.ts";
import type { Cell } from "./cells.ts";
import { expectedError } from "./expected-errors.ts";
import { answerObject, answerText, toolTurns } from "./script.ts";
import type { ScenarioName } from "./scenarios.ts";

const text = answerText.join("");

/** What the client must have seen in the cell. */
export function expectedIn(cell: Cell): unknown {
  return expectations[cell.scenario](cell);
}

const expectations = {
  plain: whole,
  images: whole,
  retry: whole,
  streamed: (cell) => cuts.map(() => streamed(cell)),
  usage: (cell) => ({ usage: usageIn(cell) }),
  tools,
  tools_streamed: tools,
  thinking: tools,
  thinking_streamed: tools,
  structured: () => ({ value: answerObject }),
  cancel: () => ({ text: expect.toSatisfy(isBeginning, "the beginning of the answer") }),
  broken: expectedError,
  held: streamed,
  blocked,
  error_own_key: expectedError,
  error_alias: expectedError,
  error_key: expectedError,
  error_model: expectedError,
  error_rate: expectedError,
  error_server: expectedError,
  error_context: expectedError,
} as const satisfies Record<ScenarioName, (cell: Cell) => unknown>;

function whole(cell: Cell): unknown {
  if (cell.client === "instructor") return { value: answerObject };
  return { text, finish: finishWords(cell).end, usage: usageIn(cell) };
}

function streamed(cell: Cell): unknown {
  const usage = asksForUsage(cell) ? usageIn(cell) : null;
  return { text, finish: finishWords(cell).end, pieces: answerText.length, usage };
}

function tools(cell: Cell): unknown {
  const { end, calls: toCalls } = finishWords(cell);
  const turns = toolTurns.map((turn) => ({
    text: turn.text.join(""),
    calls: turn.calls.map(({ name, arguments: given }) => ({ name, arguments: given })),
    finish: turn.calls.length > 0 ? toCalls : end,
  }));
  return { turns };
}

function isBeginning(given: unknown): boolean {
  return typeof given === "string" && given !== "" && text.startsWith(given);
}

/** The refusal in the place that the client has for it, and no word of the answer. */
function blocked({ client, dialect, quirks }: Cell): unknown {
  const refusal = expect.stringMatching(
    /^This answer was withheld because it did not pass "pii"\.[^0-9]*1 credit card number\.$/,
  );
  const hasPlace = !client.startsWith("ai-sdk") && dialect !== "messages";
  const finish = client.startsWith("ai-sdk") ? "content-filter" : refusalWords[dialect];
  const tokens = { input: recordedUsage.input, output: recordedUsage.output };
  const isAsked = asksForUsage({ client, dialect });
  return {
    text: hasPlace ? "" : refusal,
    pieces: hasPlace ? 0 : 1,
    ...(hasPlace && !quirks.includes("hidesRefusals") ? { refusal } : {}),
    finish,
    usage: isAsked ? expect.objectContaining(tokens) : null,
  };
}

const refusalWords = { chat: "content_filter", messages: "refusal", responses: "completed" } as const;

/** A target of messages says one token at the start; one of chat completions knows nothing before the end. */
function usageIn({ quirks }: Cell): RecordedUsage {
  if (quirks.includes("addsFirstToken")) return { ...recordedUsage, output: recordedUsage.output + 1 };
  if (quirks.includes("readsInputAtTheStart")) return { ...recordedUsage, input: 0, cached: 0 };
  return recordedUsage;
}

/** A plain client of chat completions does not ask for the usage of a stream and must get none; all others ask or always get it. */
function asksForUsage({ client, dialect }: Pick<Cell, "client" | "dialect">): boolean {
  return dialect !== "chat" || !client.startsWith("openai");
}

/** How the client names the end of a turn, and the end of one that calls tools. */
function finishWords({ client, dialect }: Cell): { readonly end: string; readonly calls: string } {
  if (client.startsWith("ai-sdk")) return { end: "stop", calls: "tool-calls" };
  if (dialect === "chat") return { end: "stop", calls: "tool_calls" };
  if (dialect === "messages") return { end: "end_turn", calls: "tool_use" };
  return { end: "completed", calls: "completed" };
}
