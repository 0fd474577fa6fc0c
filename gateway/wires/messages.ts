import { followMessages } from "./cut/messages-cut.ts";
import { messagesEndFrame, messagesRefusal, messagesRefusalFrames } from "./cut/messages-refusal.ts";
import { errorCatalog, type GatewayError } from "../errors.ts";
import { messagesInputTexts, messagesWithRetort } from "./input/messages-input.ts";
import { messagesPlaces } from "./places/messages-places.ts";
import { eventShapes, expected, messageShapes } from "./reply-shapes.ts";
import { arrayOf, countsIn, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "./json.ts";
import { eventFrame, parseNamedFrame } from "./named-events.ts";
import { messagesOf, modelOf, parametersOf, taggedPassages } from "./request-text.ts";
import type { ServerSentFrame } from "./server-sent-frames.ts";
import { otherTexts, stringsIn } from "./strings-in.ts";
import { textDelta } from "./text-delta.ts";
import type { ReplyDelta, ReplyEvent, RequestParts, Wire } from "./wire.ts";

/** Messages: `POST /v1/messages`. */
export const messages: Wire = {
  name: "messages",
  path: "/v1/messages",
  label: "messages",
  readRequest,
  inputTexts: messagesInputTexts,
  withRetort: messagesWithRetort,
  places: messagesPlaces,
  followStream: followMessages,
  outgoing: () => ({}),
  readReply,
  readFrame,
  prompt({ model, messages: turns, maxTokens, temperature, schema }) {
    const system = turns.filter(({ role }) => role === "system").map(({ content }) => content);
    return {
      model,
      system: system.join("\n\n"),
      messages: turns.filter(({ role }) => role !== "system"),
      max_tokens: maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(schema ? { output_config: { format: { type: "json_schema", schema: schema.schema } } } : {}),
    };
  },
  refusal: messagesRefusal,
  refusalFrames: messagesRefusalFrames,
  eventFrame,
  endFrame: messagesEndFrame,
  error: errorBody,
  errorFrame: (error) => `event: error\ndata: ${JSON.stringify(errorBody(error))}\n\n`,
  isError: (body) => body["type"] === "error" && typeof objectOf(body["error"])["message"] === "string",
};

function readRequest(body: JsonObject): RequestParts {
  const model = modelOf(body);
  const turns = messagesOf(body);
  const system = blockText(body["system"]);
  const userTexts = turns.filter((turn) => turn["role"] === "user").map((turn) => blockText(turn["content"]));
  const blocks = turns.flatMap((turn) => arrayOf(turn["content"]).map(objectOf));
  return {
    model,
    stream: body["stream"] === true,
    system: system === "" ? undefined : system,
    input: userTexts.findLast((text) => text !== ""),
    messages: [
      ...(system === "" ? [] : [{ role: "system", text: system }]),
      ...turns.map((turn) => ({ role: stringOf(turn["role"]), text: turnText(turn["content"]) })),
    ],
    context: {
      tool_results: blocks
        .filter(isOf("tool_result"))
        .map((block) => blockText(block["content"]))
        .filter((text) => text !== ""),
      documents: blocks.flatMap(documentPassages),
      tags: [system, ...userTexts].flatMap(taggedPassages),
    },
    unexaminable: undefined,
    tools: arrayOf(body["tools"]),
    parameters: parametersOf(body, [
      "temperature",
      "top_p",
      "top_k",
      "max_tokens",
      "stop_sequences",
      "thinking",
      "tool_choice",
    ]),
    wantsUsage: true,
  };
}

function isOf(...types: readonly string[]) {
  return (block: JsonObject) => types.includes(stringOf(block["type"]));
}

/** Text blocks joined; a string is itself. */
function blockText(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map(objectOf)
    .filter(isOf("text"))
    .map((block) => stringOf(block["text"]))
    .join("\n");
}

/** Everything readable in a turn, tool results included, for the span. */
function turnText(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map(objectOf)
    .map((block) => stringOf(block["text"]) || blockText(block["content"]))
    .filter((text) => text !== "")
    .join("\n");
}

function documentPassages(block: JsonObject): string[] {
  if (!isOf("document", "search_result")(block)) return [];
  const source = objectOf(block["source"]);
  const passages = [
    source["type"] === "text" ? stringOf(source["data"]) : "",
    blockText(source["content"]),
    blockText(block["content"]),
  ];
  return passages.filter((passage) => passage !== "");
}

function readReply(body: JsonObject): ReplyDelta[] {
  const reason = stringOf(body["stop_reason"]);
  return [
    { type: "start", id: stringOf(body["id"]) || undefined, model: stringOf(body["model"]) || undefined },
    ...contentDeltas(body["content"]),
    ...besideTexts(body, messageShapes),
    ...endingTexts({ stop_sequence: body["stop_sequence"], stop_details: body["stop_details"] }),
    ...usageDeltas(body["usage"]),
    ...(reason === "" ? [] : [{ type: "finish", choice: 0, reason } as const]),
  ];
}

function contentDeltas(content: unknown): ReplyDelta[] {
  if (typeof content === "string") return textDelta("text-delta", "0", content);
  return arrayOf(content).flatMap((block, index) => blockDeltas(objectOf(block), index));
}

const blockMembers = new Set(["text", "thinking", "name", "input", "cache_control"]);

/** What a block or a delta of one says. A streamed block begins with an empty tool input, which its deltas then fill. */
function blockDeltas(block: JsonObject, index: number): ReplyDelta[] {
  const isCall = stringOf(block["type"]).endsWith("tool_use");
  return [
    ...textDelta("text-delta", `${index}`, stringsIn(block["text"])),
    ...textDelta("reasoning-delta", `${index}`, stringsIn(block["thinking"])),
    ...otherTexts(block, blockMembers).flatMap(({ part, text }) => textDelta("other-delta", `${index} ${part}`, text)),
    ...(isCall
      ? [callDelta(block, index), ...textDelta("other-delta", `${index} name`, oddName(block["name"]))]
      : textDelta("other-delta", `${index} input`, stringsIn([block["name"], block["input"]]))),
  ];
}

function oddName(name: unknown): string {
  return typeof name === "string" ? "" : stringsIn(name);
}

function callDelta({ name, input }: JsonObject, index: number): ReplyDelta {
  const isEmpty = input === undefined || (isJsonObject(input) && Object.keys(input).length === 0);
  const given = typeof input === "string" ? input : JSON.stringify(input);
  return {
    type: "tool-call-delta",
    choice: 0,
    index,
    name: stringOf(name) || undefined,
    arguments: isEmpty ? "" : given,
  };
}

function readFrame({ bytes, event, data }: ServerSentFrame): ReplyEvent {
  if (data === undefined) return { bytes, deltas: [], kind: "content" };
  const body = parseNamedFrame(event, data);
  const type = stringOf(body["type"]);
  const reader = frameReaders.get(type);
  return {
    bytes,
    event,
    deltas: reader ? [...reader(body), ...besideTexts(body, eventShapes)] : unknownFrame(body),
    kind: frameKinds.get(type) ?? "content",
  };
}

const frameKinds = new Map<string, ReplyEvent["kind"]>([
  ["message_stop", "end"],
  ["error", "error"],
]);

const frameReaders = new Map<string, (body: JsonObject) => ReplyDelta[]>([
  [
    "message_start",
    (body) => {
      const message = objectOf(body["message"]);
      return [
        { type: "start", id: stringOf(message["id"]) || undefined, model: stringOf(message["model"]) || undefined },
        ...contentDeltas(message["content"]),
        ...besideTexts(message, messageShapes),
        ...usageDeltas(message["usage"]),
      ];
    },
  ],
  ["content_block_start", (body) => blockDeltas(objectOf(body["content_block"]), numberOf(body["index"]) ?? 0)],
  [
    "content_block_delta",
    (body) => {
      const delta = objectOf(body["delta"]);
      const index = numberOf(body["index"]) ?? 0;
      if (delta["type"] !== "input_json_delta") return blockDeltas(delta, index);
      const piece = stringOf(delta["partial_json"]);
      const others = otherTexts(delta, new Set(piece === "" ? [] : ["partial_json"]));
      return [
        { type: "tool-call-delta", choice: 0, index, name: undefined, arguments: piece },
        ...others.flatMap(({ part, text }) => textDelta("other-delta", `${index} ${part}`, text)),
      ];
    },
  ],
  [
    "message_delta",
    (body) => {
      const delta = objectOf(body["delta"]);
      const reason = stringOf(delta["stop_reason"]);
      return [
        ...endingTexts(delta),
        ...usageDeltas(body["usage"]),
        ...(reason === "" ? [] : [{ type: "finish", choice: 0, reason } as const]),
      ];
    },
  ],
  ["error", (body) => [{ type: "error", message: stringOf(objectOf(body["error"])["message"]) || "no message" }]],
]);

/** What stands beside the members that are read, or in their place. */
function besideTexts(body: JsonObject, shapes: Parameters<typeof expected>[1]): ReplyDelta[] {
  return otherTexts(body, expected(body, shapes)).flatMap(({ part, text }) => textDelta("other-delta", part, text));
}

const endingMembers = new Set(["stop_reason"]);

function endingTexts(ending: JsonObject): ReplyDelta[] {
  return otherTexts(ending, endingMembers).flatMap(({ part, text }) => textDelta("other-delta", part, text));
}

/** A frame without text of its own, or one that nobody knew when this was written: whatever it says is examined. */
function unknownFrame(body: JsonObject): ReplyDelta[] {
  return otherTexts(body, new Set()).flatMap(({ part, text }) => textDelta("other-delta", part, text));
}

/** Input tokens count what was read from and written to the cache, as the GenAI conventions ask. */
function usageDeltas(usage: unknown): ReplyDelta[] {
  if (!isJsonObject(usage)) return [];
  const fresh = numberOf(usage["input_tokens"]);
  const cacheReadTokens = numberOf(usage["cache_read_input_tokens"]);
  const cacheWriteTokens = numberOf(usage["cache_creation_input_tokens"]);
  const counted = {
    inputTokens: fresh === undefined ? undefined : fresh + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    outputTokens: usage["output_tokens"],
    cacheReadTokens,
    cacheWriteTokens,
    longCacheWriteTokens: objectOf(usage["cache_creation"])["ephemeral_1h_input_tokens"],
    reasoningTokens: objectOf(usage["output_tokens_details"])["thinking_tokens"],
  };
  return [{ type: "usage", usage: countsIn(counted) }];
}

function errorBody({ code, message, options }: GatewayError): JsonObject {
  return { type: "error", error: { type: errorCatalog[code].type, message, ...options.details } };
}
