import { followResponses } from "./cut/responses-cut.ts";
import { refusedResponse } from "./cut/responses-refusal.ts";
import { choiceLogprobs } from "../../evaluators/index.ts";
import { responsesInputTexts, responsesWithRetort } from "./input/responses-input.ts";
import { responsesPlaces } from "./places/responses-places.ts";
import type { GatewayError } from "../errors.ts";
import { chatError, isErrorBody } from "./chat-error.ts";
import { arrayOf, type JsonObject, objectOf } from "./json.ts";
import { eventFrame } from "./named-events.ts";
import { readFrame } from "./responses/read-frame.ts";
import { readReply } from "./responses/read-reply.ts";
import { readRequest } from "./responses/read-request.ts";
import type { Prompt, Wire } from "./wire.ts";

/** Responses: `POST /v1/responses`. */
export const responses: Wire = {
  name: "responses",
  path: "/v1/responses",
  label: "responses",
  readRequest,
  inputTexts: responsesInputTexts,
  withRetort: responsesWithRetort,
  places: responsesPlaces,
  followStream: followResponses,
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
  refusal: (refusal) => refusedResponse(refusal).body,
  refusalFrames: (refusal) => refusedResponse(refusal).events.map(eventFrame),
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

/** The members at the top are documented; vendors send `error` as well, and clients read either. */
function errorFrame(error: GatewayError): string {
  const body = objectOf(chatError(error)["error"]);
  const { type: _type, ...members } = body;
  return eventFrame({ type: "error", sequence_number: 0, ...members, error: body });
}
