import { appendToList, editTopLevel } from "../edit-json.ts";
import { arrayOf, type JsonObject, objectOf } from "../json.ts";
import type { InputText, Retort } from "../wire.ts";
import { type InputSpot, valueAt } from "./input-spot.ts";
import { asDefinitions, asTurn, membersTexts, within } from "./request-members.ts";
import { begunAnswer, continued, outputText, saidText } from "./retort-texts.ts";
import { addMessage, addTurn } from "./turn-texts.ts";

/** What a responses request says to its model. */
export function responsesInputTexts(body: JsonObject): InputText[] {
  return membersTexts(body, readers);
}

/** The request's text with the model's answer and what is wrong with it as the last items of its input. */
export function responsesWithRetort(
  { text, json }: { readonly text: string; readonly json: JsonObject },
  { answer, critique }: Retort,
): string {
  const { input } = json;
  const begun = begunAnswer(input);
  const said = begun
    ? { ...begun, content: continued(begun["content"], answer, "output_text") }
    : { type: "message", role: "assistant", content: [outputText(saidText(answer))] };
  const turns = [said, userMessage(critique)];
  if (Array.isArray(input)) return appendToList(text, "input", turns, begun ? 1 : 0);
  return editTopLevel(text, { input: typeof input === "string" ? [userMessage(input), ...turns] : turns });
}

function userMessage(content: string): JsonObject {
  return { type: "message", role: "user", content };
}

const readers = {
  instructions: asItems("system"),
  prompt: within("variables", asTurn("user")),
  input: asItems("user"),
  tools: asDefinitions("tools"),
  text: within("format", asDefinitions("system")),
};

/** A text, or a list of messages and other items. */
function asItems(kind: "system" | "user") {
  return (texts: InputText[], spot: InputSpot): void => {
    const value = valueAt(spot);
    if (typeof value === "string") addTurn({ texts, kind }, { ...spot, name: "" });
    for (const item of arrayOf(value)) addMessage(texts, objectOf(item), kind);
  };
}
