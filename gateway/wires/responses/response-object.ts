import { type JsonObject, objectOf } from "../json.ts";

/** What a response of our own says of itself. */
export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** The request, for the settings that a response repeats. */
  readonly request: JsonObject;
  /** Writes what the model's vendor needs to have back with the reasoning as one text. */
  readonly seal?: (parts: readonly JsonObject[]) => string;
}

/** How far a response has come. */
export interface ResponseProgress {
  readonly status: "in_progress" | "completed" | "incomplete";
  /** Why it is incomplete. */
  readonly reason?: "max_output_tokens" | "content_filter" | undefined;
  readonly output: readonly JsonObject[];
  readonly usage: JsonObject | null;
  /** Further members, such as the service tier that the model's vendor names. */
  readonly extra?: JsonObject | undefined;
}

/** A response of our own with every member that clients expect. It is never stored. */
export function toResponseObject(
  { id, model, createdAt, request }: ResponseHead,
  progress: ResponseProgress,
): JsonObject {
  const { status, reason, output, usage, extra } = progress;
  return {
    id,
    object: "response",
    created_at: createdAt,
    status,
    ...(status === "completed" ? { completed_at: Math.max(createdAt, Math.floor(Date.now() / 1000)) } : {}),
    background: false,
    error: null,
    incomplete_details: reason === undefined ? null : { reason },
    model,
    output,
    previous_response_id: null,
    store: false,
    usage,
    ...settingsOf(request),
    ...extra,
  };
}

/** The settings that a response repeats, with what they are where the request does not say. */
const defaults = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  service_tier: "auto",
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null,
};

function settingsOf(request: JsonObject): JsonObject {
  const settings = Object.entries(defaults).map(([name, value]): [string, unknown] => [name, request[name] ?? value]);
  return {
    ...Object.fromEntries(settings),
    reasoning: { effort: null, summary: null, ...objectOf(request["reasoning"]) },
    text: { format: { type: "text" }, ...objectOf(request["text"]) },
  };
}
