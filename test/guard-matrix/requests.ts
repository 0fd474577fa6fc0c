import type { Cell, Values } from "./cells.ts";
import { aliasOf } from "./policies.ts";
import { cellWord } from "./planted.ts";

export const paths = {
  chat: "/v1/chat/completions",
  messages: "/v1/messages",
  responses: "/v1/responses",
} as const satisfies Record<Values["wire"], string>;

const schema = {
  type: "object",
  properties: { answer: { type: "string" }, sure: { type: "number" } },
  required: ["answer", "sure"],
  additionalProperties: false,
};
const place = { type: "object", properties: { place: { type: "string" }, answer: { type: "string" } } };

/** What a client of the cell's wire asks. */
export function requestOf(cell: Cell): object {
  const { wire, stream, field, examiner } = cell;
  return {
    model: aliasOf(cell),
    stream,
    ...conversations[wire](
      // Too short for an evaluator that looks for it in the answer, which therefore abstains.
      examiner === "abstains" ? "Be brief." : undefined,
      `What do you know of ${cellWord(cell)} then?`,
    ),
    ...(field === "tool name" || field === "tool argument" ? { tools: [tools[wire]] } : {}),
    ...(field === "structured output" ? formats[wire] : {}),
    ...(field === "second choice" ? { n: 2 } : {}),
  };
}

type ByWire<T> = Readonly<Record<Values["wire"], T>>;

const says = (role: string, content: string) => ({ role, content });

const conversations: ByWire<(system: string | undefined, user: string) => object> = {
  chat: (system, user) => ({ messages: [...(system ? [says("system", system)] : []), says("user", user)] }),
  messages: (system, user) => ({ max_tokens: 500, ...(system ? { system } : {}), messages: [says("user", user)] }),
  responses: (system, user) => ({ ...(system ? { instructions: system } : {}), input: [says("user", user)] }),
};

const tools: ByWire<object> = {
  chat: { type: "function", function: { name: "look_up", parameters: place } },
  messages: { name: "look_up", input_schema: place },
  responses: { type: "function", name: "look_up", parameters: place, strict: false },
};

const formats: ByWire<object> = {
  chat: { response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } } },
  messages: { output_config: { format: { type: "json_schema", schema } } },
  responses: { text: { format: { type: "json_schema", name: "answer", schema } } },
};
