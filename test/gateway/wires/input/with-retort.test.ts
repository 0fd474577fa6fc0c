import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { translationBetween } from "../../../../gateway/translation/registry.ts";
import { arrayOf, type JsonObject, objectOf } from "../../../../gateway/wires/json.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { anyChatRequest, anyMessagesRequest, anyResponsesRequest } from "./any-requests.ts";

const retort = { answer: "42", critique: "Wrong." };

function retorted(wire: keyof typeof wires, request: JsonObject, given = retort): JsonObject {
  const text = JSON.stringify(request);
  return JSON.parse(wires[wire].withRetort({ text, json: request }, given)) as JsonObject;
}

function translated(
  client: "chat" | "messages" | "responses",
  target: "chat" | "messages",
  body: JsonObject,
): JsonObject {
  const translation = translationBetween(client, target);
  if (!translation) throw new Error(`Nothing translates ${client} to ${target}.`);
  return translation.begin(body, { model: "m", maxTokens: 99 }).body;
}

describe.each(["chat", "messages"] as const)("a retort on the %s wire", (wire) => {
  const user = { role: "user", content: "How many?" };

  test("is the model's answer and what is wrong with it, and every other byte stays", () => {
    const text = '{ "model":"student", "messages":[ {"role":"user", "content":"\\u0048i"} ], "seed": 1.0 }';
    const json = JSON.parse(text) as JsonObject;
    expect(wires[wire].withRetort({ text, json }, retort)).toBe(
      '{ "model":"student", "messages":[ {"role":"user", "content":"\\u0048i"},{"role":"assistant","content":"42"},{"role":"user","content":"Wrong."} ], "seed": 1.0 }',
    );
  });

  test("says of an answer without text that it had none", () => {
    for (const answer of ["", " \n"])
      expect(retorted(wire, { messages: [user] }, { ...retort, answer })["messages"]).toEqual([
        user,
        { role: "assistant", content: "(no text)" },
        { role: "user", content: "Wrong." },
      ]);
  });

  test("joins the answer to what was begun for the model", () => {
    const begun = (content: unknown) => ({ messages: [user, { role: "assistant", content, name: "a" }] });
    const answered = (content: unknown) => arrayOf(retorted(wire, begun(content))["messages"]).slice(1);
    const critique = { role: "user", content: "Wrong." };
    expect(answered("It is ")).toEqual([{ role: "assistant", content: "It is 42", name: "a" }, critique]);
    expect(answered([{ type: "text", text: "It is " }])).toEqual([
      { role: "assistant", content: [{ type: "text", text: "It is 42" }], name: "a" },
      critique,
    ]);
    const image = { type: "image", source: {} };
    expect(answered([image])[0]).toMatchObject({ content: [image, { type: "text", text: "42" }] });
    expect(answered(null)[0]).toMatchObject({ content: "42" });
    expect(answered([])[0]).toMatchObject({ content: "42" });
  });

  test("leaves what was begun as it was when nothing was added to it", () => {
    const request = { messages: [user, { role: "assistant", content: "It is " }] };
    expect(arrayOf(retorted(wire, request, { ...retort, answer: "" })["messages"])[1]).toEqual({
      role: "assistant",
      content: "It is ",
    });
  });
});

describe("a retort on the responses wire", () => {
  const said = {
    type: "message",
    role: "assistant",
    content: [{ type: "output_text", text: "42", annotations: [] }],
  };
  const critique = { type: "message", role: "user", content: "Wrong." };

  test("makes items of a text", () => {
    const text = '{"input":"How many?", "seed": 1.0}';
    const json = JSON.parse(text) as JsonObject;
    const edited = wires.responses.withRetort({ text, json }, retort);
    expect(JSON.parse(edited)).toMatchObject({
      input: [{ type: "message", role: "user", content: "How many?" }, said, critique],
    });
    expect(edited).toContain('"seed": 1.0');
  });

  test("follows the items that are there, and stands alone where the service has the others", () => {
    const output = { type: "function_call_output", call_id: "call_1", output: "41" };
    expect(retorted("responses", { input: [output] })["input"]).toEqual([output, said, critique]);
    expect(retorted("responses", { previous_response_id: "resp_1" })["input"]).toEqual([said, critique]);
  });

  test("says of an answer without text that it had none", () => {
    const input = arrayOf(retorted("responses", { input: "Hi" }, { ...retort, answer: "" })["input"]);
    expect(objectOf(input[1])["content"]).toEqual([{ type: "output_text", text: "(no text)", annotations: [] }]);
  });

  test("joins the answer to what was begun for the model", () => {
    const begun = (content: unknown) => ({
      input: [
        { role: "user", content: "Hi" },
        { role: "assistant", content },
      ],
    });
    const answered = (content: unknown) => arrayOf(retorted("responses", begun(content))["input"]).slice(1);
    expect(answered("It is ")).toEqual([{ role: "assistant", content: "It is 42" }, critique]);
    const part = { type: "output_text", text: "It is ", annotations: [] };
    expect(answered([part])[0]).toEqual({ role: "assistant", content: [{ ...part, text: "It is 42" }] });
    const refusal = { type: "refusal", refusal: "No." };
    expect(answered([refusal])[0]).toEqual({ role: "assistant", content: [refusal, ...said.content] });
  });
});

describe("a request with a retort", () => {
  const requests = { chat: anyChatRequest, messages: anyMessagesRequest, responses: anyResponsesRequest };
  const list = { chat: "messages", messages: "messages", responses: "input" };

  test.each(Object.values(wires))("on the $name wire ends with the assistant's turn and the user's", (wire) => {
    fc.assert(
      fc.property(requests[wire.name], fc.string(), (request, answer) => {
        const before = request[list[wire.name]];
        const last = objectOf(arrayOf(before).at(-1))["role"];
        const turns = arrayOf(retorted(wire.name, request, { answer, critique: "Wrong." })[list[wire.name]]);
        const roles = turns.map((turn) => objectOf(turn)["role"]);
        expect(roles.slice(-2)).toEqual(["assistant", "user"]);
        // Two in a row there may be, where the client itself sent them.
        const length = typeof before === "string" ? 1 : arrayOf(before).length;
        expect(turns).toHaveLength(length + (last === "assistant" ? 1 : 2));
        const texts = wire.inputTexts(retorted(wire.name, request, { answer: "M4RKER", critique: "CR1T" }));
        expect(texts.filter(({ kind, text }) => kind === "assistant" && text.includes("M4RKER"))).toHaveLength(1);
        expect(texts.filter(({ kind, text }) => kind === "user" && text === "CR1T")).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  test("is accepted by the translations", () => {
    const asked = [{ role: "user", content: "How many?" }];
    const expected = [...asked, { role: "assistant", content: "42" }, { role: "user", content: "Wrong." }];
    const plain = (body: JsonObject) =>
      arrayOf(body["messages"]).map((turn) => {
        const { role, content } = objectOf(turn);
        const texts = arrayOf(content).map((part) => objectOf(part)["text"]);
        return { role, content: typeof content === "string" ? content : texts.join("") };
      });
    const chat = retorted("chat", { model: "a", messages: asked });
    const messages = retorted("messages", { model: "a", max_tokens: 9, messages: asked });
    const responses = retorted("responses", { model: "a", input: "How many?" });
    expect(plain(translated("chat", "messages", chat))).toEqual(expected);
    expect(plain(translated("messages", "chat", messages))).toEqual(expected);
    expect(plain(translated("responses", "chat", responses))).toEqual(expected);
    expect(plain(translated("responses", "messages", responses))).toEqual(expected);
  });

  test("is accepted by the translations after results of tools", () => {
    const call = { id: "call_1", type: "function", function: { name: "count", arguments: "{}" } };
    const chat = retorted("chat", {
      model: "a",
      messages: [
        { role: "user", content: "How many?" },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "call_1", content: "41" },
      ],
    });
    const roles = (body: JsonObject) => arrayOf(body["messages"]).map((turn) => objectOf(turn)["role"]);
    expect(roles(translated("chat", "messages", chat))).toEqual(["user", "assistant", "user", "assistant", "user"]);
    const responses = retorted("responses", {
      model: "a",
      input: [
        { role: "user", content: "How many?" },
        { type: "function_call", call_id: "call_1", name: "count", arguments: "{}" },
        { type: "function_call_output", call_id: "call_1", output: "41" },
      ],
    });
    expect(roles(translated("responses", "chat", responses))).toEqual([
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
    ]);
  });
});
