import type { Cell } from "./cells.ts";
import type { ScenarioName } from "./scenarios.ts";

/** The scenarios in which the application is not given the answer, or not all of it. */
export const withholdingScenarios = [
  "refused",
  "refused_object",
  "blocked",
  "stopped",
  "refused_error",
  "blocked_error",
  "stopped_error",
] as const satisfies readonly ScenarioName[];
export type WithholdingScenario = (typeof withholdingScenarios)[number];

/** What an application sees in the place of an answer that was withheld. */
export type Withheld =
  | {
      readonly kind: "reply";
      /** What stands where the text of an answer stands, in order. */
      readonly text: readonly ("sent" | "refusal")[];
      /** True where the refusal has a place of its own. */
      readonly hasRefusal: boolean;
      readonly finish: string;
    }
  | {
      readonly kind: "error";
      readonly name: string;
      readonly status?: 422;
      /** True where its message says what the guardrail found. */
      readonly isTold: boolean;
    }
  /** No error, and no object. */
  | { readonly kind: "nothing" };

type Place = Pick<Cell, "client" | "dialect" | "quirks"> & { readonly scenario: WithholdingScenario };

/** What the client makes of it. */
export function withheldIn(place: Place): Withheld {
  const { scenario } = place;
  if (scenario === "refused_object") return object(place);
  if (scenario === "refused_error" || scenario === "blocked_error")
    return { kind: "error", name: unprocessable(place), status: 422, isTold: true };
  if (scenario === "stopped_error") return { kind: "error", name: streamError(place), isTold: true };
  return reply(place);
}

function reply({ client, dialect, quirks, scenario }: Place): Withheld {
  const isAiSdk = client.startsWith("ai-sdk");
  const isText = isAiSdk || dialect === "messages";
  const isHidden = quirks.includes("hidesRefusals") || quirks.includes("losesRefusals");
  return {
    kind: "reply",
    text: [...(scenario === "stopped" ? (["sent"] as const) : []), ...(isText ? (["refusal"] as const) : [])],
    hasRefusal: !isText && !isHidden,
    finish: isAiSdk ? "content-filter" : refusalWords[dialect],
  };
}

const refusalWords = { chat: "content_filter", messages: "refusal", responses: "completed" } as const;

/** Where it must make an object of a refusal, each has its own way. */
function object({ client, dialect }: Place): Withheld {
  if (client.startsWith("ai-sdk")) return { kind: "error", name: "NoObjectGeneratedError", isTold: false };
  if (client === "instructor") return { kind: "error", name: "InstructorRetryException", isTold: true };
  const error = objectErrors.get(`${client}/${dialect}`);
  return error ? { kind: "error", ...error } : { kind: "nothing" };
}

const filtered = { name: "ContentFilterFinishReasonError", isTold: false } as const;
const objectErrors: ReadonlyMap<string, { readonly name: string; readonly isTold: boolean }> = new Map([
  ["openai-node/chat", filtered],
  ["openai-python/chat", filtered],
  ["langchain-js/chat", filtered],
  ["langchain-python/chat", filtered],
  ["anthropic-node/messages", { name: "AnthropicError", isTold: false }],
  ["anthropic-python/messages", { name: "ValidationError", isTold: false }],
  ["langchain-js/messages", { name: "Error", isTold: false }],
  ["langchain-js/responses", { name: "OutputParserException", isTold: false }],
  ["langchain-python/responses", { name: "OpenAIRefusalError", isTold: true }],
]);

function unprocessable({ client }: Place): string {
  if (client.startsWith("ai-sdk")) return "APICallError";
  return client === "instructor" ? "InstructorRetryException" : "UnprocessableEntityError";
}

/** The error of a stream that ends with one, whatever its cause. */
export function streamError({ client, dialect }: Pick<Cell, "client" | "dialect">): string {
  if (client.startsWith("ai-sdk")) return "StreamProviderError";
  return client.endsWith("python") && dialect === "messages" ? "APIStatusError" : "APIError";
}
