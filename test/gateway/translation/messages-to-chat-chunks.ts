import { MessageStream } from "@anthropic-ai/sdk/lib/MessageStream";
import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";

const request = {
  model: "student",
  max_tokens: 64,
  stream: true,
  messages: [{ role: "user", content: "Hello" }],
  stop_sequences: ["END"],
  tools: [{ name: "weather" }, { name: "get_time" }, { name: "get" }],
};

/** Begins an exchange with two tools whose names begin alike. */
export const begin = () => messagesToChat.begin(request, { model: "target-model", maxTokens: 1 });

/** A chunk of a streamed chat completion. */
export const chunk = (delta: JsonObject, choice: JsonObject = {}, members: JsonObject = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  model: "target-model-2026",
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...members,
});

export const finish = (finish_reason: string) => chunk({}, { finish_reason });
export const usage = { prompt_tokens: 11, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } };
export const usageChunk = { ...chunk({}), choices: [], usage };

/** A chunk with a piece of a tool call. */
export const callPiece = (index: number | undefined, given: string, members: { id?: string; name?: string } = {}) =>
  chunk({
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(members.id === undefined ? {} : { id: members.id, type: "function" }),
        function: { ...(members.name === undefined ? {} : { name: members.name }), arguments: given },
      },
    ],
  });

/** What a client is sent, event by event, for each chunk and for the end. */
export function sentFor(chunks: readonly JsonObject[]): JsonObject[][] {
  const exchange = begin();
  const sent = chunks.map((each) => [...exchange.event(each)]);
  return [...sent, [...exchange.end()]];
}

export const eventsFor = (chunks: readonly JsonObject[]) => sentFor(chunks).flat();

/** The message that the official client makes of the events. */
export async function messageFor(chunks: readonly JsonObject[]) {
  const lines = [...eventsFor(chunks), { type: "message_stop" }].map((event) => `${JSON.stringify(event)}\n`);
  const stream = ReadableStream.from(lines.map((line) => Buffer.from(line)));
  return MessageStream.fromReadableStream(stream).finalMessage();
}

export const typesOf = (events: readonly JsonObject[]) => events.map(({ type }) => type);
