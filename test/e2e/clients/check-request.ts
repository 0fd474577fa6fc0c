import { expect } from "vitest";
import type { Conversation, Turn } from "../../support/recorded-vendor/dialect.ts";
import type { RecordedCall } from "../../support/recorded-vendor/recorded-vendor.ts";
import type { Cell } from "./cells.ts";
import {
  imagesFor,
  isConversation,
  isObject,
  isRegenerated,
  prompts,
  secretText,
  type ToolCall,
  toolTurns,
  weather,
} from "./script.ts";

const streamedScenarios = [
  "streamed",
  "usage",
  "tools_streamed",
  "thinking_streamed",
  "cancel",
  "broken",
  "held",
  "blocked",
  "stopped",
  "blocked_error",
  "stopped_error",
  "regenerated_streamed",
];

/** Throws where the request is not what the client's user meant. */
export function checkRequest(cell: Cell, { conversation, count, sincePreviousMs }: RecordedCall): void {
  const { scenario } = cell;
  // The vendor asked for one second; clocks may differ a little.
  if (scenario === "retry" && count === 2) expect(sincePreviousMs).toBeGreaterThan(950);
  const { stream, system, turns } = conversation;
  expect(stream).toBe(streamedScenarios.includes(scenario));
  if (scenario === "images") {
    expect(turns).toEqual([{ role: "user", text: prompts.imageQuestion, images: imagesFor(cell) }]);
    return;
  }
  expect(system).toBe(prompts.system);
  if (isConversation(cell)) checkTools(cell, conversation, count);
  else checkQuestion(cell, conversation, count);
}

function checkQuestion(cell: Cell, { turns, tools, schema }: Conversation, count: number): void {
  const question: Turn = { role: "user", text: prompts.question, images: [] };
  expect(turns).toEqual(isRegenerated(cell.scenario) && count === 2 ? [question, ...critique(cell)] : [question]);
  if (isObject(cell)) expect(schema ?? tools[0]?.parameters).toEqual(["celsius", "city", "sunny"]);
  else expect(tools).toEqual([]);
}

function checkTools(cell: Cell, { turns, tools, recalled }: Conversation, count: number): void {
  const { dialect, target, quirks } = cell;
  expect(tools).toEqual([
    { name: "get_weather", parameters: ["city", "days", "note"] },
    { name: "get_time", parameters: [] },
  ]);
  expect(recalled).toBe(recallsThinking(cell) ? count - 1 : 0);
  const knowsErrors = dialect === "messages" && target === "messages" && !quirks.includes("forgetsToolErrors");
  expect(turns).toEqual(turnsBefore(count, knowsErrors));
}

/** What was withheld goes back to the model with what is wrong with it. */
function critique(cell: Cell): readonly Turn[] {
  return [
    { role: "assistant", text: (isObject(cell) ? expect.any(String) : secretText.join("")) as string, calls: [] },
    { role: "user", text: expect.stringContaining("pii: ") as string, images: [] },
  ];
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
