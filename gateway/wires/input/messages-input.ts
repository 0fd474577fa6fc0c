import { arrayOf, type JsonObject, objectOf } from "../json.ts";
import type { InputText, Retort } from "../wire.ts";
import { appendTurns } from "./append-turns.ts";
import { asDefinitions, asTurn, membersTexts, within } from "./request-members.ts";
import { addMessage } from "./turn-texts.ts";

/** What a messages request says to its model. */
export function messagesInputTexts(body: JsonObject): InputText[] {
  return membersTexts(body, readers);
}

/** The request's text with the model's answer and what is wrong with it as its last turns. */
export function messagesWithRetort(
  request: { readonly text: string; readonly json: JsonObject },
  retort: Retort,
): string {
  return appendTurns(request, retort);
}

const readers = {
  system: asTurn("system"),
  messages: addMessages,
  tools: asDefinitions("tools"),
  mcp_servers: asDefinitions("tools"),
  output_config: within("format", asDefinitions("system")),
  output_format: asDefinitions("system"),
};

function addMessages(texts: InputText[], { holder }: { readonly holder: object }): void {
  const messages: unknown = Reflect.get(holder, "messages");
  for (const message of arrayOf(messages)) addMessage(texts, objectOf(message));
}
