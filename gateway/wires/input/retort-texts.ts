import { arrayOf, isJsonObject, type JsonObject, stringOf } from "../json.ts";

/** An answer as a turn says it: a turn without text is refused by some vendors. */
export function saidText(answer: string): string {
  return answer.trim() === "" ? "(no text)" : answer;
}

/** What an assistant's turn says when the answer follows what it had begun; `type` is that of a part of text. */
export function continued(content: unknown, answer: string, type: "text" | "output_text"): unknown {
  if (typeof content === "string") return content.trim() === "" ? saidText(answer) : content + answer;
  const parts = arrayOf(content);
  const last = parts.at(-1);
  if (answer.trim() === "" && parts.length > 0) return parts;
  if (isJsonObject(last) && last["type"] === type)
    return [...parts.slice(0, -1), { ...last, text: stringOf(last["text"]) + answer }];
  if (parts.length === 0) return saidText(answer);
  return [...parts, type === "text" ? { type, text: answer } : outputText(answer)];
}

export function outputText(text: string): JsonObject {
  return { type: "output_text", text, annotations: [] };
}

/** The last of a list when it is the assistant's message: an answer that was begun for the model. */
export function begunAnswer(turns: unknown): JsonObject | undefined {
  const last = arrayOf(turns).at(-1);
  if (!isJsonObject(last) || last["role"] !== "assistant") return undefined;
  return last;
}
