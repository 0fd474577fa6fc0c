import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Claim } from "../../../evaluators/index.ts";
import { builtInEvaluators, evaluateOne } from "../../../evaluators/index.ts";
import { inputSampleText, redactRequest } from "../../../gateway/guardrails/redaction/redact-request.ts";
import { type JsonObject, parseObject } from "../../../gateway/wires/json.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { inputKinds, type InputKind, type Wire } from "../../../gateway/wires/wire.ts";
import { anyChatRequest, anyMessagesRequest, anyResponsesRequest } from "../wires/input/any-requests.ts";

const mail = "ada@example.com";

/** Claims about every place where a value stands in what is examined. */
function claimsAbout(wire: Wire, json: JsonObject, kinds: readonly InputKind[], value: string): Claim[] {
  const { text } = inputSampleText(wire.inputTexts(json), kinds);
  return [...text.matchAll(new RegExp(value.replaceAll(".", "\\."), "g"))].map(({ index }) => ({
    text: value,
    start: index,
    end: index + value.length,
    field: "input",
    verdict: "violation",
    kind: "email",
  }));
}

function redacted(wire: Wire, text: string, kinds: readonly InputKind[] = inputKinds): string | undefined {
  const json = parseObject(text) ?? {};
  const claims = claimsAbout(wire, json, kinds, mail);
  return redactRequest(wire, { text, json }, kinds, { claims, placeholders: new Map() });
}

describe("the examined input", () => {
  test("is the covered texts, one below the other, with their places", () => {
    const texts = wires.chat.inputTexts({
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Hi" },
            { type: "file", file: { file_id: "f" } },
          ],
        },
        { role: "user", content: "there" },
      ],
    });
    const sample = inputSampleText(texts, ["user", "attachments"]);
    expect(sample.text).toBe("Hi\n\nthere");
    expect(sample.places.map(({ text, start, end }) => [text.text, start, end])).toEqual([
      ["Hi", 0, 2],
      ["there", 4, 9],
    ]);
    expect(inputSampleText(texts, []).text).toBe("");
  });
});

describe("a redacted request", () => {
  test("has placeholders in the members that held something, and the bytes of the others", () => {
    const text = `{ "seed": 1.0, "messages": [{"role":"user","content":"I am ${mail}, ${mail}."}], "x": "\\u0041" }`;
    expect(redacted(wires.chat, text)).toBe(
      '{ "seed": 1.0, "messages": [{"role":"user","content":"I am [EMAIL_1], [EMAIL_1]."}], "x": "\\u0041" }',
    );
  });

  test("keeps the digits of every number in the members that are written anew", () => {
    const text = `{"messages":[{"role":"user","content":"${mail}","x":12345678901234567890}],"y":1e400}`;
    expect(redacted(wires.chat, text)).toBe(
      '{"messages":[{"role":"user","content":"[EMAIL_1]","x":12345678901234567890}],"y":1e400}',
    );
  });

  test("has arguments that are JSON still, on every wire", () => {
    const given = JSON.stringify({ to: `"${mail}"`, n: 1 });
    const call = { id: "call_1", type: "function", function: { name: "send", arguments: given } };
    const chat = JSON.stringify({ messages: [{ role: "assistant", tool_calls: [call] }] });
    const use = { type: "tool_use", id: "toolu_1", name: "send", input: JSON.parse(given) as JsonObject };
    const messages = JSON.stringify({ messages: [{ role: "assistant", content: [use] }] });
    const responses = JSON.stringify({ input: [{ type: "function_call", name: "send", arguments: given }] });
    const wanted = { to: '"[EMAIL_1]"', n: 1 };
    const argumentsIn = (text: string | undefined) =>
      JSON.parse(/"arguments":("(?:[^"\\]|\\.)*")/.exec(text ?? "")?.[1] ?? "null") as string;
    expect(JSON.parse(argumentsIn(redacted(wires.chat, chat)))).toEqual(wanted);
    expect(JSON.parse(argumentsIn(redacted(wires.responses, responses)))).toEqual(wanted);
    expect(redacted(wires.messages, messages)).toContain(`"input":${JSON.stringify(wanted)}`);
  });

  test("has a string where a number of the arguments was a violation", () => {
    const text =
      '{"messages":[{"role":"assistant","content":[{"type":"tool_use","name":"pay","input":{"card":4111}}]}]}';
    const json = parseObject(text) ?? {};
    const start = inputSampleText(wires.messages.inputTexts(json), inputKinds).text.indexOf("4111");
    const claim: Claim = { text: "4111", start, end: start + 4, field: "input", verdict: "violation", kind: "card" };
    const made = redactRequest(wires.messages, { text, json }, inputKinds, {
      claims: [claim],
      placeholders: new Map(),
    });
    expect(made).toContain('"input":{"card":"[CARD_1]"}');
  });

  test("shares its placeholders with what was redacted before and passes over those that stand in it", () => {
    const placeholders = new Map([[`email\n${mail}`, "[EMAIL_7]"]]);
    const json = { messages: [{ role: "user", content: `${mail} bob@example.com [EMAIL_9]` }] };
    const both = [mail, "bob@example.com"].flatMap((value) => claimsAbout(wires.chat, json, inputKinds, value));
    const made = redactRequest(wires.chat, { text: JSON.stringify(json), json }, inputKinds, {
      claims: both,
      placeholders,
    });
    expect(made).toContain("[EMAIL_7] [EMAIL_10] [EMAIL_9]");
  });

  test("replaces nothing in kinds that are not covered", () => {
    const text = JSON.stringify({
      messages: [
        { role: "system", content: mail },
        { role: "user", content: mail },
      ],
    });
    expect(redacted(wires.chat, text, ["user"])).toBe(
      '{"messages":[{"role":"system","content":"ada@example.com"},{"role":"user","content":"[EMAIL_1]"}]}',
    );
  });

  test("replaces a violation that goes on in the next text in both", () => {
    const json = {
      input: [
        { role: "user", content: "I am ada@" },
        { role: "user", content: "example.com, yes" },
      ],
    };
    const claim: Claim = { text: "ada@\n\nexample.com", start: 5, end: 22, verdict: "violation", kind: "email" };
    const made = redactRequest(wires.responses, { text: JSON.stringify(json), json }, inputKinds, {
      claims: [claim],
      placeholders: new Map(),
    });
    expect(parseObject(made ?? "")).toEqual({
      input: [
        { role: "user", content: "I am [EMAIL_1]" },
        { role: "user", content: "[EMAIL_1], yes" },
      ],
    });
  });

  test("holds nothing that an evaluator marked", async () => {
    const text = JSON.stringify({ input: `Write to ${mail} or call +49 171 2345678, card 4111 1111 1111 1111.` });
    const json = parseObject(text) ?? {};
    const { text: input } = inputSampleText(wires.responses.inputTexts(json), inputKinds);
    const evaluator = builtInEvaluators().get("pii");
    const { claims = [] } = await evaluateOne(evaluator, { input }, {});
    const made = redactRequest(wires.responses, { text, json }, inputKinds, {
      claims: claims.filter(({ field }) => field === "input"),
      placeholders: new Map(),
    });
    expect(made).toContain("[EMAIL_1]");
    expect(made).not.toMatch(/example\.com|4111|2345678/);
  });

  test("keeps none of the planted values and changes nothing else that is read", () => {
    const requests = { chat: anyChatRequest, messages: anyMessagesRequest, responses: anyResponsesRequest };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(wires)),
        fc.infiniteStream(fc.boolean()),
        fc.gen(),
        (wire, coin, gen) => {
          const json = gen(() => requests[wire.name]);
          for (const { text, set } of wire.inputTexts(json))
            if (coin.next().value) set?.(text.startsWith("{") ? JSON.stringify({ at: mail }) : `${text} ${mail}`);
          const before = wire.inputTexts(json).map(({ text }) => text);
          const made = redacted(wire, JSON.stringify(json));
          const after = wire.inputTexts(parseObject(made ?? "") ?? {}).map(({ text }) => text);
          const isThere = before.some((text) => text.includes(mail));
          expect(made !== undefined).toBe(isThere);
          const wanted = before.map((text) => text.replaceAll(mail, "[EMAIL_1]"));
          expect(after).toEqual(isThere ? wanted : []);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("no redacted request is made", () => {
  const json = { messages: [{ role: "user", content: `I am ${mail}.` }] };
  const text = JSON.stringify(json);
  const [claim] = claimsAbout(wires.chat, json, inputKinds, mail);
  const given = (claims: readonly Claim[], body = { text, json: json as JsonObject }, wire: Wire = wires.chat) =>
    redactRequest(wire, body, inputKinds, { claims, placeholders: new Map() });

  test("without a violation", () => {
    expect(given([])).toBeUndefined();
    expect(given(claim ? [{ ...claim, verdict: "unsupported" }] : [])).toBeUndefined();
  });

  test("of claims that are about another text or another field", () => {
    expect(given(claim ? [{ ...claim, start: claim.start + 1, end: claim.end + 1 }] : [])).toBeUndefined();
    expect(given(claim ? [claim, { ...claim, field: "output" }] : [])).toBeUndefined();
  });

  test("where a text cannot be replaced", () => {
    const thinking = { type: "thinking", thinking: `I am ${mail}.`, signature: "c2ln" };
    expect(redacted(wires.messages, JSON.stringify({ messages: [{ role: "assistant", content: [thinking] }] }))).toBe(
      undefined,
    );
    const tool = { type: "function", function: { name: mail } };
    expect(redacted(wires.chat, JSON.stringify({ messages: [], tools: [tool] }))).toBeUndefined();
  });

  test("of a text that is no JSON", () => {
    expect(given(claim ? [claim] : [], { text: "[]", json })).toBeUndefined();
  });

  test("where the arguments were examined with fewer digits than they have", () => {
    const input = `{"n":0.1234567890123456789,"to":"${mail}"}`;
    const used = `{"messages":[{"role":"assistant","content":[{"type":"tool_use","name":"a","input":${input}}]}]}`;
    expect(redacted(wires.messages, used)).toBeUndefined();
    const beside = used
      .replace(/\}\]\}$/, `},{"role":"user","content":"${mail}"}]}`)
      .replace(`"to":"${mail}"`, '"to":"x"');
    expect(redacted(wires.messages, beside)).toContain('"n":0.1234567890123456789');
  });

  test("where a wire reads its own change differently", () => {
    const deaf: Pick<Wire, "inputTexts"> = {
      inputTexts: (body) => wires.chat.inputTexts(body).map((each) => ({ ...each, set: () => undefined })),
    };
    const claims = claim ? [claim] : [];
    expect(redactRequest(deaf, { text, json }, inputKinds, { claims, placeholders: new Map() })).toBeUndefined();
  });
});
