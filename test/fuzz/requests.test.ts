import { expect, test } from "vitest";
import type { WireName } from "../../gateway/providers/provider.ts";
import { translationBetween } from "../../gateway/translation/registry.ts";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../gateway/wires/json.ts";
import { anyChatConversation } from "../support/any-conversation.ts";
import { always, fuzzTimeout } from "./fuzz.ts";

/** One thing that somebody said, called or found out, in no dialect's words. */
type Step = readonly [who: string, said: string, ...more: readonly unknown[]];

/** The ways through the dialects on which nothing may be lost. */
const ways: readonly { readonly way: readonly WireName[] }[] = [
  { way: ["chat", "messages"] },
  { way: ["chat", "messages", "chat"] },
  { way: ["messages", "chat"] },
  { way: ["messages", "chat", "messages"] },
  { way: ["responses", "chat"] },
  { way: ["responses", "messages"] },
  { way: ["responses", "chat", "messages", "chat"] },
];

test.each(ways)(
  "a conversation keeps its roles, texts, calls, ids, arguments, results and order on the way $way",
  async ({ way }) => {
    await always(anyChatConversation, 60, (conversation) => {
      const [first = "chat", ...rest] = way;
      let body: JsonObject = { model: "alias", max_tokens: 64, ...written[first](conversation) };
      let from = first;
      for (const to of rest) {
        const exchange = translationBetween(from, to)?.begin(body, { model: "m-1", maxTokens: 64 });
        expect(exchange?.dropped).toEqual(first === "responses" && from === first ? ["max_tokens"] : []);
        body = exchange?.body ?? {};
        from = to;
      }
      expect(stepsIn[from](body)).toEqual(stepsIn.chat({ messages: conversation }));
    });
  },
  fuzzTimeout,
);

/** The conversation as a client of each dialect would send it. */
const written: Readonly<Record<WireName, (conversation: readonly JsonObject[]) => JsonObject>> = {
  chat: (messages) => ({ messages }),
  messages: (conversation) => {
    const [system] = conversation.filter(({ role }) => role === "system");
    const turns = conversation.filter(({ role }) => role !== "system");
    return { ...(system ? { system: system["content"] } : {}), messages: turns.map(messagesTurn) };
  },
  responses: (conversation) => ({ input: conversation.flatMap(responsesItems) }),
};

function messagesTurn({ role, content, tool_calls, tool_call_id }: JsonObject): JsonObject {
  if (role === "tool") return { role: "user", content: [{ type: "tool_result", tool_use_id: tool_call_id, content }] };
  const calls = arrayOf(tool_calls).map((call) => {
    const [, name, id, input] = callStep(call);
    return { type: "tool_use", id, name, input };
  });
  const text = content === null ? [] : [{ type: "text", text: content }];
  return { role, content: calls.length === 0 ? content : [...text, ...calls] };
}

function responsesItems({ role, content, tool_calls, tool_call_id }: JsonObject): readonly JsonObject[] {
  if (role === "tool") return [{ type: "function_call_output", call_id: tool_call_id, output: content }];
  const type = role === "assistant" ? "output_text" : "input_text";
  const message = { type: "message", role, content: [{ type, text: content }] };
  const calls = arrayOf(tool_calls).map((call) => {
    const { id, function: called } = objectOf(call);
    return { type: "function_call", call_id: id, ...objectOf(called) };
  });
  return content === null ? calls : [message, ...calls];
}

const stepsIn: Readonly<Record<WireName, (body: JsonObject) => readonly Step[]>> = {
  chat: ({ messages }) =>
    arrayOf(messages)
      .map(objectOf)
      .flatMap(({ role, content, tool_calls, tool_call_id }): Step[] => [
        ...(content === null ? [] : [[stringOf(role), textOf(content), tool_call_id] as const]),
        ...arrayOf(tool_calls).map(callStep),
      ]),
  messages: ({ system, messages }) => [
    ...(system === undefined ? [] : [["system", stringOf(system), undefined] as const]),
    ...arrayOf(messages)
      .map(objectOf)
      .flatMap(({ role, content }) => {
        const blocks = typeof content === "string" ? [{ type: "text", text: content }] : arrayOf(content).map(objectOf);
        return blocks.map((block) => blockStep(block, stringOf(role)));
      }),
  ],
  responses: () => [],
};

/** A text, or parts of one. */
function textOf(content: unknown): string {
  return (
    stringOf(content) ||
    arrayOf(content)
      .map((part) => stringOf(objectOf(part)["text"]))
      .join("")
  );
}

function blockStep(block: JsonObject, role: string): Step {
  const { type, text, id, name, input, tool_use_id, content } = block;
  if (type === "tool_use") return ["call", stringOf(name), id, input];
  return type === "tool_result" ? ["tool", stringOf(content), tool_use_id] : [role, stringOf(text), undefined];
}

function callStep(call: unknown): Step {
  const { id, function: called } = objectOf(call);
  const { name, arguments: given } = objectOf(called);
  return ["call", stringOf(name), id, JSON.parse(stringOf(given))];
}
