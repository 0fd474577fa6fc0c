import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";

export const smallest = { model: "student", max_tokens: 64, messages: [{ role: "user", content: "Hello" }] };

/** The smallest request with these members, as the target gets it. */
export function translated(members: JsonObject) {
  const { body, dropped } = messagesToChat.begin({ ...smallest, ...members }, { model: "target-model", maxTokens: 1 });
  return { body, dropped };
}

export const messagesOf = (messages: readonly JsonObject[], members: JsonObject = {}) =>
  translated({ messages, ...members }).body["messages"];

export const user = (...content: JsonObject[]) => ({ role: "user", content });
export const assistant = (...content: JsonObject[]) => ({ role: "assistant", content });
export const text = (words: string) => ({ type: "text", text: words });
export const toolUse = (id: string, name: string, input: JsonObject) => ({ type: "tool_use", id, name, input });
export const toolResult = (id: string, content: unknown, members: JsonObject = {}) => ({
  type: "tool_result",
  tool_use_id: id,
  content,
  ...members,
});
export const png = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };
export const pngPart = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
