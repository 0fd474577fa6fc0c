import { arrayOf, isJsonObject, type JsonObject, objectOf } from "../../wires/json.ts";
import { toChatMessages } from "./conversation.ts";
import { type Drop, refusal } from "../notes.ts";
import { dropOthers, isEmpty } from "./notes.ts";
import { toChatTools, toToolChoice } from "./tools.ts";

/** The request as chat completions, but for the model. Throws `GatewayError` for what cannot be left out. */
export function toChatRequest(body: JsonObject, drop: Drop): JsonObject {
  const members = Object.entries(body)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => (fields.get(name) ?? dropField(name))(value, drop));
  const { tool_choice, parallel_tool_calls, ...request }: JsonObject = Object.fromEntries(
    [{ messages: toChatMessages(body, drop) }, logprobs(body), ...members].flatMap(Object.entries),
  );
  // Without tools there is nothing to choose, and targets refuse a choice.
  if (request["tools"] === undefined) return request;
  return {
    ...request,
    ...(tool_choice === undefined ? {} : { tool_choice }),
    ...(parallel_tool_calls === undefined ? {} : { parallel_tool_calls }),
  };
}

/** What a member of the request becomes. */
type Field = (value: unknown, drop: Drop) => JsonObject;

const elsewhere: Field = () => ({});

function kept(name: string): [string, Field] {
  return [name, (value) => ({ [name]: value })];
}

function dropField(name: string): Field {
  return (_value, drop) => {
    drop(name);
    return {};
  };
}

/** Dropped, unless its value is what comes of leaving it out. */
function droppedUnless(name: string, ...idle: readonly unknown[]): [string, Field] {
  return [name, (value, drop) => (idle.includes(value) ? {} : dropField(name)(value, drop))];
}

const fields = new Map<string, Field>([
  ["model", elsewhere],
  ["input", elsewhere],
  ["instructions", elsewhere],
  ["top_logprobs", elsewhere],
  ["stream", (stream) => (stream === true ? { stream, stream_options: { include_usage: true } } : {})],
  ["stream_options", droppedPadding],
  ["max_output_tokens", (limit) => ({ max_completion_tokens: limit })],
  ["reasoning", toEffort],
  ["text", toFormat],
  ["tools", (tools, drop) => ({ tools: toChatTools(arrayOf(tools).map(objectOf), drop) })],
  ["tool_choice", (choice) => ({ tool_choice: toToolChoice(choice) })],
  ["include", dropIncluded],
  kept("temperature"),
  kept("top_p"),
  kept("parallel_tool_calls"),
  kept("metadata"),
  kept("user"),
  kept("safety_identifier"),
  kept("prompt_cache_key"),
  kept("prompt_cache_options"),
  kept("prompt_cache_retention"),
  kept("service_tier"),
  kept("moderation"),
  droppedUnless("store", false),
  droppedUnless("truncation", "disabled"),
  ["background", refuseBackground],
  ["previous_response_id", refuseStored("previous_response_id", "an earlier response")],
  ["conversation", refuseStored("conversation", "a conversation")],
  ["prompt", refuseStored("prompt", "a prompt")],
]);

function refuseBackground(value: unknown): JsonObject {
  if (value === false) return {};
  throw refusal(
    "background",
    "The model's provider does not answer in the background.",
    'Leave "background" out and wait for the answer.',
  );
}

function refuseStored(name: string, what: string): Field {
  return () => {
    throw refusal(
      name,
      `"${name}" names ${what} that is stored elsewhere, and the model's provider stores none.`,
      "Send the items themselves in input; many clients do so with store: false.",
    );
  };
}

/** Padding against eavesdroppers, which only the native service adds. */
function droppedPadding(options: unknown, drop: Drop): JsonObject {
  const { include_obfuscation, ...others } = objectOf(options);
  if (include_obfuscation === true) drop("stream_options.include_obfuscation");
  dropOthers(others, [], "stream_options", drop);
  return {};
}

function toEffort(reasoning: unknown, drop: Drop): JsonObject {
  const { effort } = objectOf(reasoning);
  dropOthers(objectOf(reasoning), ["effort"], "reasoning", drop);
  return isEmpty(effort) ? {} : { reasoning_effort: effort };
}

function toFormat(text: unknown, drop: Drop): JsonObject {
  const { format, verbosity } = objectOf(text);
  dropOthers(objectOf(text), ["format", "verbosity"], "text", drop);
  return { ...responseFormat(format), ...(isEmpty(verbosity) ? {} : { verbosity }) };
}

function responseFormat(format: unknown): JsonObject {
  if (!isJsonObject(format)) return {};
  const { type, ...schema } = format;
  if (type === "text") return {};
  if (type === "json_object") return { response_format: { type } };
  if (type === "json_schema") return { response_format: { type, json_schema: schema } };
  throw refusal(
    "text.format",
    `"text.format" is of the type ${JSON.stringify(type)}.`,
    "Known: text, json_object, json_schema.",
  );
}

/** What a reply of a chat target brings anyway, or is asked for in another way. */
const included = ["reasoning.encrypted_content", "message.output_text.logprobs"];

function dropIncluded(include: unknown, drop: Drop): JsonObject {
  for (const wanted of arrayOf(include)) {
    if (!included.includes(String(wanted))) drop(`include[${String(wanted)}]`);
  }
  return {};
}

function logprobs({ include, top_logprobs }: JsonObject): JsonObject {
  const isWanted = arrayOf(include).includes("message.output_text.logprobs");
  const top = typeof top_logprobs === "number" && top_logprobs > 0 ? { top_logprobs } : {};
  return isWanted || "top_logprobs" in top ? { logprobs: true, ...top } : {};
}
