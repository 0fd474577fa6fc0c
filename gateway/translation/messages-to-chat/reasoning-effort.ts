import { type JsonObject, numberOf, objectOf } from "../../wires/json.ts";

/** Thinking budgets up to here are called by these efforts; above is `high`. */
const efforts = [
  { most: 4096, effort: "low" },
  { most: 16_384, effort: "medium" },
] as const;

/**
 * How hard the model should think. An effort goes on as it is; a budget of thinking tokens becomes the nearest effort, and
 * thinking as the model sees fit is what a target does when it is told nothing.
 */
export function reasoningEffort(body: JsonObject, dropped: Set<string>): JsonObject {
  const effort = objectOf(body["output_config"])["effort"] ?? undefined;
  const { type, budget_tokens: budget, display } = objectOf(body["thinking"]);
  if (type === "disabled") dropped.add("thinking");
  if (display !== undefined && display !== null) dropped.add("thinking.display");
  if (effort !== undefined) {
    if (budget !== undefined) dropped.add("thinking.budget_tokens");
    return { reasoning_effort: effort };
  }
  if (type !== "enabled") return {};
  const tokens = numberOf(budget) ?? 0;
  return { reasoning_effort: efforts.find(({ most }) => tokens <= most)?.effort ?? "high" };
}
