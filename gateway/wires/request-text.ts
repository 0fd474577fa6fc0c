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

const openingTag = /<(context|documents?)(?:\s[^<>]*)?>/gi;

/**
 * What stands between `<context>` or `<document>` tags; a tag that is never closed holds all that follows, so that a slip
 * does not take the context away. Linear in the length of the text.
 */
export function taggedPassages(text: string): string[] {
  if (!text.includes("<")) return [];
  const passages: string[] = [];
  openingTag.lastIndex = 0;
  for (let open = openingTag.exec(text); open; open = openingTag.exec(text)) {
    const start = open.index + open[0].length;
    const close = closingTag(text, open[1] ?? "", start);
    passages.push(text.slice(start, close?.index ?? text.length).trim());
    if (!close) break;
    openingTag.lastIndex = close.index + close[0].length;
  }
  openingTag.lastIndex = 0;
  return passages.filter((passage) => passage !== "");
}

function closingTag(text: string, name: string, from: number): RegExpExecArray | null {
  const closing = new RegExp(`</${name}\\s*>`, "gi");
  closing.lastIndex = from;
  return closing.exec(text);
}

/** The members of `body` that steer sampling, for the span. */
export function parametersOf(body: JsonObject, names: readonly string[]): JsonObject {
  const parameters: Record<string, unknown> = {};
  for (const name of names) if (body[name] !== undefined) parameters[name] = body[name];
  return parameters;
}
