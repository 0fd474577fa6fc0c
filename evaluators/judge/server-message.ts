import { z } from "zod";
import type { JudgeRequest } from "../judge.ts";

const errorBody = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** Longest part of a server's message that is repeated, in UTF-16 code units. */
const longestMessage = 300;

/** As many characters in common with the request are taken for a quotation. */
const quotationLength = 12;

/** A shorter one: a key, a code, a number. */
const telling = /[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu;

/**
 * What a server said about an error, on one line; empty when it said nothing readable. A message that quotes the request is
 * left out, because the message of an evaluation error never contains the examined text.
 */
export function readServerMessage(body: unknown, { messages }: Pick<JudgeRequest, "messages">): string {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return "";
  const { error } = parsed.data;
  const said = typeof error === "string" ? error : error.message;
  const text = onOneLine(said.slice(0, longestMessage));
  // A quotation may go on where the message is cut.
  const looked = folded(said.slice(0, longestMessage + quotationLength));
  return quotes(looked, folded(messages.map(({ content }) => content).join(" ")))
    ? "(its message is left out, because it quotes the request)"
    : text;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Without case, line breaks and escapes, in which a server may quote. */
function folded(text: string): string {
  const unescaped = text
    .replace(/\\u([0-9a-f]{4})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[nrt]/g, " ")
    .replaceAll("\\", "");
  return onOneLine(unescaped).toLowerCase();
}

function quotes(text: string, sent: string): boolean {
  for (const [word] of text.matchAll(telling)) if (word.length >= 4 && sent.includes(word)) return true;
  for (let start = 0; start + quotationLength <= text.length; start += 1) {
    if (sent.includes(text.slice(start, start + quotationLength))) return true;
  }
  return false;
}
