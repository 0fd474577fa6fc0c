import type { WireName } from "../providers/provider.ts";
import { chatToMessages } from "./chat-to-messages/chat-to-messages.ts";
import { messagesToChat } from "./messages-to-chat/messages-to-chat.ts";
import { responsesToChat } from "./responses-to-chat/responses-to-chat.ts";
import { compose, type Translation } from "./translation.ts";

/** The pairs of dialects that can be translated: a new one is one file and one line here. */
export const translations: readonly Translation[] = [
  chatToMessages,
  messagesToChat,
  responsesToChat,
  compose(responsesToChat, chatToMessages),
];

/** How `client` is translated to `target`; undefined when it cannot be. */
export function translationBetween(client: WireName, target: WireName): Translation | undefined {
  return translations.find((translation) => translation.client === client && translation.target === target);
}
