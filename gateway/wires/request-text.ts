import { GatewayError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** The `messages` of a request; throws when they are missing or not a list of objects. */
export function messagesOf(body: JsonObject): readonly JsonObject[] {
  const { messages } = body;
  if (Array.isArray(messages) && messages.length > 0 && messages.every(isJsonObject)) return messages;
  throw new GatewayError(
    "invalid_request",
    `The request's "messages" must be a list of at least one message such as {"role": "user", "content": "Hello"}.`,
    { param: "messages" },
  );
}

/** The model that a request names; throws when there is none. */
export function modelOf(body: JsonObject): string {
  const { model } = body;
  if (typeof model === "string" && model !== "") return model;
  const found = model === undefined ? "names no model" : `has ${JSON.stringify(model)?.slice(0, 80)} as its model`;
  throw new GatewayError(
    "invalid_request",
    `The request ${found}. Set "model" to one of the aliases that GET /v1/models lists.`,
    {
      param: "model",
    },
  );
}

const taggedPassage = /<(context|document|documents)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/gi;

/** What stands between `<context>` or `<document>` tags. */
export function taggedPassages(text: string): string[] {
  return [...text.matchAll(taggedPassage)].map((match) => (match[2] ?? "").trim()).filter((passage) => passage !== "");
}

/** The members of `body` that steer sampling, for the span. */
export function parametersOf(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]));
}
