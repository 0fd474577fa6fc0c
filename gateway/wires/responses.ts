import { choiceLogprobs } from "../../evaluators/index.ts";
import type { GatewayError } from "../errors.ts";
import { chatError, isErrorBody } from "./chat-error.ts";
import { arrayOf, type JsonObject, objectOf, stringOf } from "./json.ts";
import { eventFrame } from "./named-events.ts";
import { readFrame } from "./responses/read-frame.ts";
import { readReply } from "./responses/read-reply.ts";
import { readRequest } from "./responses/read-request.ts";
import { beginResponse, endResponse, writeText } from "./responses/write-response.ts";
import type { Prompt, Refusal, Wire } from "./wire.ts";

/** Responses: `POST /v1/responses`. */
export const responses: Wire = {
  name: "responses",
  path: "/v1/responses",
  label: "responses",
  readRequest,
  outgoing: () => ({}),
  readReply,
  readFrame,
  prompt,
  readLogprobs(body) {
    const parts = arrayOf(body["output"]).flatMap((item) => arrayOf(objectOf(item)["content"]).map(objectOf));
    const content = parts.flatMap((part) => arrayOf(part["logprobs"]));
    const parsed = choiceLogprobs.safeParse({ content });
    return parsed.success && content.length > 0 ? parsed.data : undefined;
  },
  refusal: (refusal) => refused(refusal).body,
  refusalFrames: (refusal) => refused(refusal).events.map(eventFrame),
  eventFrame,
  endFrame: "",
  error: chatError,
  errorFrame,
  isError: isErrorBody,
};

/** Nothing of it is stored, since it is a question of our own. */
function prompt({ model, messages, maxTokens, temperature, schema, logprobs }: Prompt): JsonObject {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return {
    model,
    instructions: system.join("\n\n"),
    input: messages.filter(({ role }) => role !== "system"),
    max_output_tokens: maxTokens,
    store: false,
    ...(temperature === undefined ? {} : { temperature }),
    ...(schema ? { text: { format: { type: "json_schema", ...schema, strict: true } } } : {}),
    ...(logprobs ? { include: ["message.output_text.logprobs"], top_logprobs: 5 } : {}),
  };
}

/** A response that is complete and refuses, as a model's own refusal is; clients take an incomplete one for a fault. */
function refused({ model, message, usage, proctor }: Refusal): {
  readonly body: JsonObject;
  readonly events: readonly JsonObject[];
} {
  const id = `resp_${stringOf(proctor["trace_id"]) || "blocked"}`;
  const { response, events: beginning } = beginResponse({
    id,
    model,
    createdAt: Math.floor(Date.now() / 1000),
    request: {},
  });
  const said = writeText(response, "refusal", message);
  const { body, events } = endResponse(response, {
    status: "completed",
    usage: usageBody(usage),
    extra: { proctor },
  });
  return { body, events: [...beginning, ...said, ...events] };
}

function usageBody(usage: Refusal["usage"]): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}

/** The members at the top are documented; vendors send `error` as well, and clients read either. */
function errorFrame(error: GatewayError): string {
  const body = objectOf(chatError(error)["error"]);
  const { type: _type, ...members } = body;
  return eventFrame({ type: "error", sequence_number: 0, ...members, error: body });
}
