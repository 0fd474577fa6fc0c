import type { WireName } from "../../../../gateway/providers/provider.ts";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../../../gateway/wires/json.ts";

/** A client of one dialect: what it asks, and what it makes of the reply. */
export interface Dialect {
  readonly path: string;
  body(model: string, stream: boolean): object;
  /** What a whole reply says; undefined for what is none. */
  said(reply: JsonObject): string | undefined;
  /** What one event of a stream says. */
  saidBy(event: JsonObject): string;
  /** True for the event that ends a stream well. */
  isEnd(event: JsonObject | "[DONE]"): boolean;
  /** The message of an error, as a body and as an event; undefined for what has not the dialect's shape. */
  errorOf(body: JsonObject): string | undefined;
  errorBy(event: JsonObject): string | undefined;
}

const messages = [{ role: "user", content: "Count to three." }];

export const dialects: Readonly<Record<WireName, Dialect>> = {
  chat: {
    path: "/v1/chat/completions",
    body: (model, stream) => ({ model, stream, messages }),
    said: ({ object, choices }) =>
      object === "chat.completion"
        ? stringOf(objectOf(objectOf(arrayOf(choices)[0])["message"])["content"])
        : undefined,
    saidBy: ({ choices }) => stringOf(objectOf(objectOf(arrayOf(choices)[0])["delta"])["content"]),
    isEnd: (event) => event === "[DONE]",
    errorOf: chatError,
    errorBy: chatError,
  },
  messages: {
    path: "/v1/messages",
    body: (model, stream) => ({ model, stream, messages, max_tokens: 100 }),
    said: ({ type, content }) => (type === "message" ? stringOf(objectOf(arrayOf(content)[0])["text"]) : undefined),
    saidBy: ({ delta }) => stringOf(objectOf(delta)["text"]),
    isEnd: (event) => event !== "[DONE]" && event["type"] === "message_stop",
    errorOf: messagesError,
    errorBy: messagesError,
  },
  responses: {
    path: "/v1/responses",
    body: (model, stream) => ({ model, stream, input: messages }),
    said: ({ object, output }) =>
      object === "response"
        ? stringOf(objectOf(arrayOf(objectOf(arrayOf(output)[0])["content"])[0])["text"])
        : undefined,
    saidBy: ({ type, delta }) => (type === "response.output_text.delta" ? stringOf(delta) : ""),
    isEnd: (event) => event !== "[DONE]" && /^response\.(?:completed|incomplete)$/.test(stringOf(event["type"])),
    errorOf: chatError,
    errorBy: ({ type, message }) => (type === "error" ? stringOf(message) || undefined : undefined),
  },
};

function chatError({ error }: JsonObject): string | undefined {
  const { message, type, ...others } = objectOf(error);
  const hasShape = stringOf(type) !== "" && "code" in others && "param" in others;
  return hasShape ? stringOf(message) || undefined : undefined;
}

function messagesError({ type, error }: JsonObject): string | undefined {
  const inner = objectOf(error);
  return type === "error" && stringOf(inner["type"]) !== "" ? stringOf(inner["message"]) || undefined : undefined;
}
