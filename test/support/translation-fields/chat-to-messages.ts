import { chatMessageRows } from "./chat-to-messages-messages.ts";
import { chatReplyRows } from "./chat-to-messages-reply.ts";
import { chatSettingRows } from "./chat-to-messages-settings.ts";
import { chatStreamRows } from "./chat-to-messages-stream.ts";
import type { FieldRow } from "./field-row.ts";

/** Clients of chat completions on targets that speak messages, field by field. */
export const chatToMessagesRows: readonly FieldRow[] = [
  ...chatMessageRows,
  ...chatSettingRows,
  ...chatReplyRows,
  ...chatStreamRows,
];
