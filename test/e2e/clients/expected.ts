import { expect } from "vitest";
import { cuts } from "../../support/recorded-vendor/cuts.ts";
import type { Cell } from "./cells.ts";
import { expectedError } from "./expected-errors.ts";
import { asksForUsage, usageIn } from "./usage-in.ts";
import { expectedWithheld } from "./expected-withheld.ts";
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
  refused: (cell) => expectedWithheld(cell, "refused"),
  refused_object: (cell) => expectedWithheld(cell, "refused_object"),
  blocked: (cell) => expectedWithheld(cell, "blocked"),
  stopped: (cell) => expectedWithheld(cell, "stopped"),
  refused_error: (cell) => expectedWithheld(cell, "refused_error"),
  blocked_error: (cell) => expectedWithheld(cell, "blocked_error"),
  stopped_error: (cell) => expectedWithheld(cell, "stopped_error"),
  regenerated: whole,
  regenerated_streamed: streamed,
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

/** How the client names the end of a turn, and the end of one that calls tools. */
function finishWords({ client, dialect }: Cell): { readonly end: string; readonly calls: string } {
  if (client.startsWith("ai-sdk")) return { end: "stop", calls: "tool-calls" };
  if (dialect === "chat") return { end: "stop", calls: "tool_calls" };
  if (dialect === "messages") return { end: "end_turn", calls: "tool_use" };
  return { end: "completed", calls: "completed" };
}
