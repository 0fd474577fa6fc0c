import { arrayOf, isJsonObject, type JsonObject, objectOf } from "../json.ts";
import type { InputText, Retort } from "../wire.ts";
import { appendTurns } from "./append-turns.ts";
import { asDefinitions, asTurn, membersTexts, within } from "./request-members.ts";
import { addMessage } from "./turn-texts.ts";

/** What a chat completions request says to its model. */
export function chatInputTexts(body: JsonObject): InputText[] {
  return membersTexts(body, readers);
}

/** The request's text with the model's answer and what is wrong with it as its last messages. */
export function chatWithRetort(request: { readonly text: string; readonly json: JsonObject }, retort: Retort): string {
  return appendTurns(request, retort);
}

const readers = {
  messages: addMessages,
  tools: asDefinitions("tools"),
  functions: asDefinitions("tools"),
  response_format: asDefinitions("system"),
  prediction: asTurn("assistant"),
  web_search_options: within("user_location", asTurn("user")),
};

function addMessages(texts: InputText[], { holder }: { readonly holder: object }): void {
  const messages: unknown = Reflect.get(holder, "messages");
  for (const message of arrayOf(messages)) {
    addMessage(texts, objectOf(message));
    // A spoken answer that the vendor keeps and the request only names.
    if (isJsonObject(objectOf(message)["audio"])) texts.push({ kind: "attachments", text: "audio" });
  }
}
