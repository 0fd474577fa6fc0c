import {
  type Conversation, type FailureKind, type Json, joined, merged, propertiesOf, record, type RecordedDialect, type RecordedEvent,
  recordedSignature, recordedUsage, records, refuseOthers, type Turn, type VendorAnswer, words,
} from "./dialect.ts"; // prettier-ignore

/** Messages as https://docs.claude.com/en/api/messages documents them. */
export const messages: RecordedDialect = { path: "/v1/messages", read, whole, events, failure };

const inputUsage = {
  input_tokens: recordedUsage.input - recordedUsage.cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: recordedUsage.cached,
};

const known =
  "model messages max_tokens system metadata stop_sequences stream temperature top_p top_k tools tool_choice thinking " +
  "service_tier output_config output_format container mcp_servers context_management cache_control inference_geo";

function read(body: Json): Conversation {
  refuseOthers(body, known);
  if (typeof body["max_tokens"] !== "number") throw new Error("max_tokens: Field required");
  const turns = records(body["messages"]);
  for (const turn of turns) refuseOthers(turn, "role content");
  for (const block of turns.flatMap(({ content }) => records(content))) refuseOthers(block, blockMembers(block));
  if (turns.some(({ role }, at) => role === turns[at - 1]?.["role"])) throw new Error("messages: roles must alternate");
  return {
    stream: body["stream"] === true,
    system: textOf(body["system"]),
    turns: merged(turns.flatMap(toTurns)),
    recalled: turns.filter(({ content }) => blocksOf(content, "thinking").length > 0).length,
    tools: records(body["tools"]).map(({ name, input_schema }) => ({
      name: words(name),
      parameters: propertiesOf(input_schema),
    })),
    schema: schemaOf(body),
  };
}

function blockMembers({ type }: Json): string {
  const members = new Map<unknown, string>([
    ["text", "text citations"],
    ["image", "source"],
    ["tool_use", "id name input caller"],
    ["tool_result", "tool_use_id content is_error"],
    ["thinking", "thinking signature"],
  ]).get(type);
  if (members === undefined) throw new Error(`messages: Nobody expects a block of type ${JSON.stringify(type)}`);
  return `type cache_control ${members}`;
}

function schemaOf(body: Json): readonly string[] | undefined {
  const format = record(record(body["output_config"])["format"] ?? body["output_format"]);
  return format["type"] === "json_schema" ? propertiesOf(format["schema"]) : undefined;
}

function toTurns({ role, content }: Json): Turn[] {
  if (role === "assistant") {
    if (blocksOf(content, "thinking").some(({ signature }) => signature !== recordedSignature))
      throw new Error("messages: Invalid `signature` in `thinking` block");
    const calls = blocksOf(content, "tool_use").map(({ id, name, input }) => ({
      id: words(id),
      name: words(name),
      arguments: input,
    }));
    return [{ role, text: textOf(content), calls }];
  }
  const results = blocksOf(content, "tool_result").map((block) => ({
    id: words(block["tool_use_id"]),
    text: textOf(block["content"]),
    isError: block["is_error"] === true,
  }));
  const text = textOf(content);
  const images = blocksOf(content, "image").map(({ source }) => imageOf(record(source)));
  return [
    ...(results.length > 0 ? [{ role: "results" as const, results }] : []),
    ...(text !== "" || images.length > 0 ? [{ role: "user" as const, text, images }] : []),
  ];
}

function imageOf({ type, url, media_type, data }: Json): string {
  return type === "url" ? words(url) : `data:${words(media_type)};base64,${words(data)}`;
}

function blocksOf(content: unknown, type: string): readonly Json[] {
  return records(content).filter((block) => block["type"] === type);
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return blocksOf(content, "text")
    .map(({ text }) => words(text))
    .join("");
}

function envelope(model: string): Json {
  return { id: "msg_01Recorded", type: "message", role: "assistant", model };
}

function reasonOf({ calls }: VendorAnswer): string {
  return calls.length > 0 ? "tool_use" : "end_turn";
}

function whole(answer: VendorAnswer, model: string): Json {
  const text = joined(answer.text);
  return {
    ...envelope(model),
    content: [
      ...(answer.thinking
        ? [{ type: "thinking", thinking: joined(answer.thinking), signature: recordedSignature }]
        : []),
      ...(text === "" ? [] : [{ type: "text", text }]),
      ...answer.calls.map(({ id, name, pieces }) => ({
        type: "tool_use",
        id,
        name,
        input: JSON.parse(joined(pieces)) as unknown,
      })),
    ],
    stop_reason: reasonOf(answer),
    stop_sequence: null,
    usage: { ...inputUsage, output_tokens: recordedUsage.output, service_tier: "standard" },
  };
}

function events(answer: VendorAnswer, model: string): readonly RecordedEvent[] {
  const usage = { ...inputUsage, output_tokens: 1, service_tier: "standard" };
  const start = { ...envelope(model), content: [], stop_reason: null, stop_sequence: null, usage };
  const blocks = [
    ...(answer.thinking ? [thinkingBlock(answer.thinking)] : []),
    ...(answer.text.length > 0
      ? [
          block(
            { type: "text", text: "" },
            answer.text.map((text) => ({ type: "text_delta", text })),
          ),
        ]
      : []),
    ...answer.calls.map(({ id, name, pieces }) =>
      block(
        { type: "tool_use", id, name, input: {} },
        ["", ...pieces].map((partial_json) => ({ type: "input_json_delta", partial_json })),
      ),
    ),
  ];
  return [
    event("message_start", { message: start }),
    event("ping", {}),
    ...blocks.flatMap((each, index) => each(index)),
    event("message_delta", {
      delta: { stop_reason: reasonOf(answer), stop_sequence: null },
      usage: { ...inputUsage, output_tokens: recordedUsage.output },
    }),
    event("message_stop", {}),
  ];
}

function thinkingBlock(pieces: readonly string[]): (index: number) => RecordedEvent[] {
  return block({ type: "thinking", thinking: "", signature: "" }, [
    ...pieces.map((thinking) => ({ type: "thinking_delta", thinking })),
    { type: "signature_delta", signature: recordedSignature },
  ]);
}

function block(content_block: Json, deltas: readonly Json[]): (index: number) => RecordedEvent[] {
  return (index) => [
    event("content_block_start", { index, content_block }),
    ...deltas.map((delta) => event("content_block_delta", { index, delta })),
    event("content_block_stop", { index }),
  ];
}

function event(name: string, members: Json): RecordedEvent {
  return { name, data: JSON.stringify({ type: name, ...members }) };
}

function failure(kind: FailureKind, model: string): Json {
  const [type, message] = failures[kind];
  return { type: "error", error: { type, message: message.replace("MODEL", model) }, request_id: "req_011Recorded" };
}

const failures = {
  key: ["authentication_error", "invalid x-api-key"],
  model: ["not_found_error", "model: MODEL"],
  rate: ["rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute."],
  server: ["api_error", "Internal server error"],
  context: ["invalid_request_error", "prompt is too long: 210034 tokens > 200000 maximum"],
} as const satisfies Record<FailureKind, readonly [string, string]>;
