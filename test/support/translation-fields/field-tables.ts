import type { JsonObject } from "../../../gateway/wires/json.ts";
import type { Translation } from "../../../gateway/translation/translation.ts";
import { chatToMessages } from "../../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import { responsesToChat } from "../../../gateway/translation/responses-to-chat/responses-to-chat.ts";
import { chatToMessagesRows } from "./chat-to-messages.ts";
import type { FieldRow } from "./field-row.ts";
import { messagesToChatRows } from "./messages-to-chat.ts";
import { responsesToChatRows } from "./responses-to-chat.ts";

/** One pair of dialects with everything that its translation does. */
export interface FieldTable {
  readonly title: string;
  readonly translation: Translation;
  /** The smallest request that a client can make. */
  readonly smallest: JsonObject;
  readonly rows: readonly FieldRow[];
}

/** The pairs of `docs/translation.md`, in its order. */
export const fieldTables: readonly FieldTable[] = [
  {
    title: "Chat completions clients, messages targets",
    translation: chatToMessages,
    smallest: { model: "alias", messages: [{ role: "user", content: "Hello" }] },
    rows: chatToMessagesRows,
  },
  {
    title: "Messages clients, chat completions targets",
    translation: messagesToChat,
    smallest: { model: "alias", max_tokens: 512, messages: [{ role: "user", content: "Hello" }] },
    rows: messagesToChatRows,
  },
  {
    title: "Responses clients, chat completions targets",
    translation: responsesToChat,
    smallest: { model: "alias", input: "Hello" },
    rows: responsesToChatRows,
  },
];

const parts: readonly { readonly part: FieldRow["part"]; readonly title: string }[] = [
  { part: "request", title: "Request" },
  { part: "reply", title: "Reply" },
  { part: "stream", title: "Stream" },
];

/** All tables as Markdown. */
export function fieldTablesMarkdown(): string {
  return fieldTables
    .flatMap(({ title, rows }) => [
      `## ${title}`,
      ...parts.flatMap(({ part, title: heading }) =>
        section(
          heading,
          rows.filter((row) => row.part === part),
        ),
      ),
    ])
    .join("\n\n");
}

function section(title: string, rows: readonly FieldRow[]): string[] {
  return rows.length === 0 ? [] : [`### ${title}`, table([["field", "becomes"], ...rows.map(cells)])];
}

function cells({ field, becomes, dropped, refused }: FieldRow): [string, string] {
  if (refused) return [field, becomes === "" ? "refused" : `refused: ${becomes}`];
  if (dropped === undefined) return [field, becomes];
  const named = `named \`${dropped}\``;
  return [field, becomes === "" ? `left out, ${named}` : `${becomes} (${named})`];
}

/** Columns as wide as their widest cell, as the formatter writes them. */
function table(rows: readonly (readonly [string, string])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = [0, 1].map((column) => Math.max(...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [head = [], ...body] = escaped.map((row) => line(row, " "));
  return [head, line(["-", "-"], "-"), ...body].join("\n");
}
