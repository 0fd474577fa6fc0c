import { z } from "zod";
import type { JudgeRequest } from "../judge.ts";

const errorBody = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** Longest part of a server's message that is repeated, in UTF-16 code units. */
const longestMessage = 300;

/** As many characters in common with the request are taken for a quotation. */
const quotationLength = 16;

/**
 * What a server said about an error, on one line; empty when it said nothing readable. A message that quotes the request is
 * left out, because the message of an evaluation error never contains the examined text.
 */
export function readServerMessage(body: unknown, { messages }: Pick<JudgeRequest, "messages">): string {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return "";
  const { error } = parsed.data;
  const text = (typeof error === "string" ? error : error.message).slice(0, longestMessage).replace(/\s+/g, " ").trim();
  const sent = messages.map(({ content }) => content.replace(/\\[nrt]|\s/g, " ").replace(/ +/g, " ")).join(" ");
  return quotes(text, sent) ? "(its message is left out, because it quotes the request)" : text;
}

function quotes(text: string, sent: string): boolean {
  for (let start = 0; start + quotationLength <= text.length; start += 1) {
    if (sent.includes(text.slice(start, start + quotationLength))) return true;
  }
  return false;
}
