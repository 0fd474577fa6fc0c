import { chat } from "./chat.ts";
import {
  type Conversation, type Json, joined, merged, parsedArguments, propertiesOf, record, type RecordedDialect, type RecordedEvent,
  recordedUsage, records, refuseOthers, type Turn, type VendorAnswer, words,
} from "./dialect.ts"; // prettier-ignore

/** Responses as https://platform.openai.com/docs/api-reference/responses documents them. Failures are those of chat completions. */
export const responses: RecordedDialect = { path: "/v1/responses", read, whole, events, failure: chat.failure };

const known =
  "model input background context_management conversation include instructions max_output_tokens max_tool_calls metadata " +
  "parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier " +
  "service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user";

function read(body: Json, stored: ReadonlyMap<string, Json>): Conversation {
  refuseOthers(body, known);
  const input = body["input"];
  const given = typeof input === "string" ? [{ role: "user", content: input }] : records(input);
  const items = given.map((item) => (item["type"] === "item_reference" ? recalled(item, stored) : item));
  const format = record(record(body["text"])["format"]);
  const isSystem = ({ role }: Json) => role === "system" || role === "developer";
  return {
    stream: body["stream"] === true,
    system: [words(body["instructions"]), ...items.filter(isSystem).map(({ content }) => textOf(content))]
      .filter((text) => text !== "")
      .join("\n"),
    turns: merged(items.filter((item) => !isSystem(item)).flatMap(toTurn)),
    recalled: items.filter(({ type }) => type === "reasoning").length,
    tools: records(body["tools"]).map(({ name, parameters }) => ({
      name: words(name),
      parameters: propertiesOf(parameters),
    })),
    schema: format["type"] === "json_schema" ? propertiesOf(format["schema"]) : undefined,
  };
}

function recalled({ id }: Json, stored: ReadonlyMap<string, Json>): Json {
  const item = stored.get(words(id));
  if (!item) throw new Error(`Item with id '${words(id)}' not found.`);
  return item;
}

function toTurn(item: Json): Turn[] {
  const { type, role, content } = item;
  if (type === "function_call") {
    const call = {
      id: words(item["call_id"]),
      name: words(item["name"]),
      arguments: parsedArguments(item["arguments"]),
    };
    return [{ role: "assistant", text: "", calls: [call] }];
  }
  if (type === "function_call_output") {
    const result = { id: words(item["call_id"]), text: textOf(item["output"]), isError: false };
    return [{ role: "results", results: [result] }];
  }
  if (type === "reasoning") return [];
  if (role === "assistant") return [{ role, text: textOf(content), calls: [] }];
  if (role !== "user") throw new Error(`Nobody asked for an item such as ${JSON.stringify(item)}.`);
  const images = records(content).filter((part) => part["type"] === "input_image");
  return [{ role, text: textOf(content), images: images.map(({ image_url }) => words(image_url)) }];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return records(content)
    .map(({ text }) => words(text))
    .join("");
}

const usage = {
  input_tokens: recordedUsage.input,
  input_tokens_details: { cached_tokens: recordedUsage.cached },
  output_tokens: recordedUsage.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: recordedUsage.input + recordedUsage.output,
};

function envelope(model: string, status: string): Json {
  return {
    id: "resp_recorded1",
    object: "response",
    created_at: 1_795_000_000,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: true,
    temperature: 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    truncation: "disabled",
    usage: null,
    user: null,
    metadata: {},
  };
}

const textPart = (text: string) => ({ type: "output_text", annotations: [], logprobs: [], text });

function messageItem(status: string, content: readonly Json[]): Json {
  return { id: "msg_recorded1", type: "message", status, content, role: "assistant" };
}

function callItem({ id, name }: VendorAnswer["calls"][number], status: string, text: string): Json {
  return { id: `fc_${id}`, type: "function_call", status, arguments: text, call_id: id, name };
}

const summaryPart = (text: string) => ({ type: "summary_text", text });

function reasoningItem(pieces: readonly string[]): Json {
  return { id: "rs_recorded1", type: "reasoning", summary: pieces.length > 0 ? [summaryPart(joined(pieces))] : [] };
}

function itemsOf(answer: VendorAnswer): readonly Json[] {
  const text = joined(answer.text);
  return [
    ...(answer.thinking ? [reasoningItem(answer.thinking)] : []),
    ...(text === "" ? [] : [messageItem("completed", [textPart(text)])]),
    ...answer.calls.map((call) => callItem(call, "completed", joined(call.pieces))),
  ];
}

function whole(answer: VendorAnswer, model: string): Json {
  return { ...envelope(model, "completed"), output: itemsOf(answer), usage };
}

function events(answer: VendorAnswer, model: string): readonly RecordedEvent[] {
  const parts = [
    ...(answer.thinking ? [reasoningEvents(answer.thinking)] : []),
    ...(answer.text.length > 0 ? [textEvents(answer.text)] : []),
    ...answer.calls.map((call) => callEvents(call)),
  ];
  const started = envelope(model, "in_progress");
  const all: readonly Json[] = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    ...parts.flatMap((part, output_index) => part.map((event) => ({ ...event, output_index }))),
    { type: "response.completed", response: whole(answer, model) },
  ];
  return all.map((event, sequence_number) => ({
    name: words(event["type"]),
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}

function reasoningEvents(pieces: readonly string[]): Json[] {
  const text = joined(pieces);
  const at = { item_id: "rs_recorded1", summary_index: 0 };
  return [
    { type: "response.output_item.added", item: reasoningItem([]) },
    { type: "response.reasoning_summary_part.added", ...at, part: summaryPart("") },
    ...pieces.map((delta) => ({ type: "response.reasoning_summary_text.delta", ...at, delta, obfuscation: "q" })),
    { type: "response.reasoning_summary_text.done", ...at, text },
    { type: "response.reasoning_summary_part.done", ...at, part: summaryPart(text) },
    { type: "response.output_item.done", item: reasoningItem(pieces) },
  ];
}

function textEvents(pieces: readonly string[]): Json[] {
  const text = joined(pieces);
  const at = { item_id: "msg_recorded1", content_index: 0 };
  return [
    { type: "response.output_item.added", item: messageItem("in_progress", []) },
    { type: "response.content_part.added", ...at, part: textPart("") },
    ...pieces.map((delta) => ({
      type: "response.output_text.delta",
      ...at,
      delta,
      logprobs: [],
      obfuscation: "aG9",
    })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: textPart(text) },
    { type: "response.output_item.done", item: messageItem("completed", [textPart(text)]) },
  ];
}

function callEvents(call: VendorAnswer["calls"][number]): Json[] {
  const text = joined(call.pieces);
  const item_id = `fc_${call.id}`;
  return [
    { type: "response.output_item.added", item: callItem(call, "in_progress", "") },
    ...call.pieces.map((delta) => ({
      type: "response.function_call_arguments.delta",
      item_id,
      delta,
      obfuscation: "x",
    })),
    { type: "response.function_call_arguments.done", item_id, name: call.name, arguments: text },
    { type: "response.output_item.done", item: callItem(call, "completed", text) },
  ];
}
