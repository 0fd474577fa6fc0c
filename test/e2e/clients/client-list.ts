import type { DialectName } from "../../support/recorded-vendor/recorded-vendor.ts";
import type { ScenarioName } from "./scenarios.ts";

/** A client library as it speaks one dialect. */
export interface Client {
  /** As the programs know it. */
  readonly name: string;
  readonly dialect: DialectName;
  /** The folder of its program. */
  readonly folder: string;
  /** The packages whose versions the table states, the client's own first. */
  readonly packages: readonly string[];
  /** Scenarios that make no sense for it, and why. */
  readonly without?: Readonly<Partial<Record<ScenarioName, string>>>;
  /** What it does in its own way, whoever serves it. */
  readonly quirks?: readonly Quirk[];
}

/** A way of a client that is not the gateway's doing, where it shows. */
interface ClientWay {
  readonly words: string;
  readonly scenarios: readonly ScenarioName[];
  /** All targets when absent. */
  readonly targets?: readonly DialectName[];
}

export const quirks = {
  fetchesImages: {
    words:
      "It fetches an image that stands at an address and sends the bytes, so the test gives it an image as data only.",
    scenarios: ["images"],
  },
  forgetsToolErrors: {
    words: "It sends a tool's failure without `is_error`.",
    scenarios: ["tools", "tools_streamed", "thinking", "thinking_streamed"],
    targets: ["messages"],
  },
  addsFirstToken: {
    words: "It adds the output tokens of `message_start` to those of `message_delta`: one too many.",
    scenarios: ["streamed", "usage", "held", "regenerated_streamed"],
    targets: ["messages"],
  },
  readsInputAtTheStart: {
    words:
      "It reads the input tokens from `message_start` only, where a target of chat completions cannot know them yet, and reports 0.",
    scenarios: ["streamed", "usage", "held", "regenerated_streamed"],
    targets: ["chat"],
  },
  hidesRefusals: {
    words:
      "It drops the text of a refusal from a stream; the application sees an empty answer that ended as `content_filter`, or what was sent before it was stopped.",
    scenarios: ["blocked", "stopped"],
  },
  losesRefusals: {
    words:
      "It drops the text of a refusal; the application sees an empty answer that ended as `content_filter`, and of a stream that was stopped what was sent.",
    scenarios: ["refused", "blocked", "stopped"],
  },
  forgetsThinking: {
    words: "It does not send the model's thinking back.",
    scenarios: ["thinking", "thinking_streamed"],
  },
  forgetsSignatures: {
    words: "It sends the model's thinking back without its signature, so a target of messages is not given it.",
    scenarios: ["thinking", "thinking_streamed"],
    targets: ["messages"],
  },
  forgetsOpenThinking: {
    words:
      "It sends the model's thinking back only where it came encrypted, which a target of chat completions does not do.",
    scenarios: ["thinking", "thinking_streamed"],
    targets: ["chat"],
  },
  refersToStoredItems: {
    words:
      "It refers to items of earlier turns by id, which only a target with responses of its own has stored. Elsewhere it needs `providerOptions: { openai: { store: false } }`.",
    scenarios: ["tools", "tools_streamed", "thinking", "thinking_streamed"],
    targets: ["chat", "messages"],
  },
} as const satisfies Record<string, ClientWay>;
export type Quirk = keyof typeof quirks;

const objectsOnly = "It returns objects only: no text, no tools of the application's own.";
const ofInstructor = {
  plain: objectsOnly,
  streamed: objectsOnly,
  usage: objectsOnly,
  tools: objectsOnly,
  tools_streamed: objectsOnly,
  thinking: objectsOnly,
  thinking_streamed: objectsOnly,
  cancel: objectsOnly,
  broken: objectsOnly,
  held: objectsOnly,
  refused: objectsOnly,
  blocked: objectsOnly,
  stopped: objectsOnly,
  blocked_error: objectsOnly,
  stopped_error: objectsOnly,
  regenerated_streamed: objectsOnly,
} as const;

export const clients: readonly Client[] = [
  { name: "openai-node", dialect: "chat", folder: "openai-node", packages: ["openai"] },
  { name: "openai-node", dialect: "responses", folder: "openai-node", packages: ["openai"] },
  { name: "anthropic-node", dialect: "messages", folder: "anthropic-node", packages: ["@anthropic-ai/sdk"] },
  {
    name: "ai-sdk-openai",
    dialect: "chat",
    folder: "vercel-ai",
    packages: ["@ai-sdk/openai", "ai"],
    quirks: ["forgetsThinking"],
  },
  {
    name: "ai-sdk-openai",
    dialect: "responses",
    folder: "vercel-ai",
    packages: ["@ai-sdk/openai", "ai"],
    quirks: ["refersToStoredItems", "forgetsOpenThinking"],
  },
  {
    name: "ai-sdk-openai-compatible",
    dialect: "chat",
    folder: "vercel-ai",
    packages: ["@ai-sdk/openai-compatible", "ai"],
    quirks: ["fetchesImages", "forgetsSignatures"],
  },
  { name: "ai-sdk-anthropic", dialect: "messages", folder: "vercel-ai", packages: ["@ai-sdk/anthropic", "ai"] },
  {
    name: "langchain-js",
    dialect: "chat",
    folder: "langchain-js",
    packages: ["@langchain/openai", "@langchain/core"],
    quirks: ["losesRefusals", "forgetsThinking"],
  },
  {
    name: "langchain-js",
    dialect: "responses",
    folder: "langchain-js",
    packages: ["@langchain/openai", "@langchain/core"],
  },
  {
    name: "langchain-js",
    dialect: "messages",
    folder: "langchain-js",
    packages: ["@langchain/anthropic", "@langchain/core"],
    quirks: ["forgetsToolErrors", "addsFirstToken", "readsInputAtTheStart"],
  },
  { name: "openai-python", dialect: "chat", folder: "python", packages: ["openai"] },
  { name: "openai-python", dialect: "responses", folder: "python", packages: ["openai"] },
  { name: "anthropic-python", dialect: "messages", folder: "python", packages: ["anthropic"] },
  {
    name: "langchain-python",
    dialect: "chat",
    folder: "langchain-python",
    packages: ["langchain-openai", "langchain-core"],
    quirks: ["hidesRefusals", "forgetsThinking"],
  },
  {
    name: "langchain-python",
    dialect: "responses",
    folder: "langchain-python",
    packages: ["langchain-openai", "langchain-core"],
  },
  {
    name: "langchain-python",
    dialect: "messages",
    folder: "langchain-python",
    packages: ["langchain-anthropic", "langchain-core"],
  },
  {
    name: "instructor",
    dialect: "chat",
    folder: "instructor",
    packages: ["instructor", "openai"],
    without: ofInstructor,
  },
  {
    name: "instructor",
    dialect: "responses",
    folder: "instructor",
    packages: ["instructor", "openai"],
    without: ofInstructor,
  },
  {
    name: "instructor",
    dialect: "messages",
    folder: "instructor",
    packages: ["instructor", "anthropic"],
    quirks: ["fetchesImages"],
    without: ofInstructor,
  },
];

interface Place {
  readonly scenario: ScenarioName;
  readonly target: DialectName;
}

/** True where the way of the client shows in the cell. */
export function shows(quirk: Quirk, { scenario, target }: Place): boolean {
  const { scenarios: where, targets }: ClientWay = quirks[quirk];
  return where.includes(scenario) && (targets === undefined || targets.includes(target));
}
