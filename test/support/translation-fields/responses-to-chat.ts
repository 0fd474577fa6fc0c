import type { FieldRow } from "./field-row.ts";
import { responsesInputRows } from "./responses-to-chat-input.ts";
import { responsesReplyRows } from "./responses-to-chat-reply.ts";
import { responsesSettingRows } from "./responses-to-chat-settings.ts";

/** Clients of responses on targets that speak chat completions, field by field. */
export const responsesToChatRows: readonly FieldRow[] = [
  ...responsesInputRows,
  ...responsesSettingRows,
  ...responsesReplyRows,
];
