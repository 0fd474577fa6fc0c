import { appendToList } from "../edit-json.ts";
import type { JsonObject } from "../json.ts";
import type { Retort } from "../wire.ts";
import { begunAnswer, continued, saidText } from "./retort-texts.ts";

/** The text of a request with the answer and the critique at the end of its `messages`; an answer that was begun there goes on. */
export function appendTurns(
  { text, json }: { readonly text: string; readonly json: JsonObject },
  { answer, critique }: Retort,
): string {
  const begun = begunAnswer(json["messages"]);
  const said = begun
    ? { ...begun, content: continued(begun["content"], answer, "text") }
    : { role: "assistant", content: saidText(answer) };
  return appendToList(text, "messages", [said, { role: "user", content: critique }], begun ? 1 : 0);
}
