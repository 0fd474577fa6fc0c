/** What every client is asked to do; the order is that of the table's columns. */
export const scenarios = {
  plain: "plain",
  streamed: "streamed",
  usage: "usage in the stream",
  tools: "tools",
  tools_streamed: "tools, streamed",
  thinking: "thinking",
  thinking_streamed: "thinking, streamed",
  structured: "structured output",
  images: "images",
  error_own_key: "401",
  error_key: "401 of the vendor",
  error_alias: "404",
  error_model: "404 of the vendor",
  error_rate: "429",
  retry: "429, then retried",
  error_server: "500",
  error_context: "context length",
  cancel: "cancelled",
  broken: "broken stream",
  held: "held stream",
  blocked: "blocked stream",
} as const;
export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
