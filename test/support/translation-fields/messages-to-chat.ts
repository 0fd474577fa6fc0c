import type { FieldRow } from "./field-row.ts";
import { messagesConversationRows } from "./messages-to-chat-conversation.ts";
import { messagesReplyRows } from "./messages-to-chat-reply.ts";
import { messagesSettingRows } from "./messages-to-chat-settings.ts";

/** Clients of messages on targets that speak chat completions, field by field. */
export const messagesToChatRows: readonly FieldRow[] = [
  ...messagesConversationRows,
  ...messagesSettingRows,
  ...messagesReplyRows,
];
