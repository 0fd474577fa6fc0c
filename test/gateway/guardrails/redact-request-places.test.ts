import { describe, expect, test } from "vitest";
import type { Claim } from "../../../evaluators/index.ts";
import { inputSampleText, redactRequest } from "../../../gateway/guardrails/redaction/redact-request.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { inputKinds, type InputText, type Wire } from "../../../gateway/wires/wire.ts";

const { chat } = wires;

type Texts = Pick<Wire, "inputTexts">;

function said(...contents: readonly string[]): JsonObject {
  return { messages: contents.map((content) => ({ role: "user", content })) };
}

/** The first place where a value stands in what is examined. */
function claimAbout(json: JsonObject, value: string): Claim {
  const { text } = inputSampleText(chat.inputTexts(json), inputKinds);
  const start = text.indexOf(value);
  return { text: value, start, end: start + value.length, field: "input", verdict: "violation", kind: "card" };
}

function redacted(json: JsonObject, claims: readonly Claim[], wire: Texts = chat, placeholders = new Map()) {
  return redactRequest(wire, { text: JSON.stringify(json), json }, inputKinds, { claims, placeholders });
}

describe("a text of a request", () => {
  test("that is one number is no JSON, so that its placeholder has no quotation marks", () => {
    const json = said("4111");
    expect(redacted(json, [claimAbout(json, "4111")])).toBe(JSON.stringify(said("[CARD_1]")));
  });

  test("that is JSON after some space stays JSON", () => {
    const json = said(' \n{"card":4111}');
    expect(redacted(json, [claimAbout(json, "4111")])).toBe(JSON.stringify(said(' \n{"card":"[CARD_1]"}')));
  });

  test("that only begins as JSON is a text like any other", () => {
    const json = said("[4111");
    expect(redacted(json, [claimAbout(json, "4111")])).toBe(JSON.stringify(said("[[CARD_1]")));
  });

  test("that is JSON shares its placeholders with the others and with what was redacted before", () => {
    const json = said("4111", '{"card":"4111"}');
    const known = new Map([["card\n4111", "[CARD_7]"]]);
    const claims = [claimAbout(json, "4111"), { ...claimAbout(json, '4111"}'), text: "4111" }].map((claim) => ({
      ...claim,
      end: claim.start + 4,
    }));
    expect(redacted(json, claims, chat, known)).toBe(JSON.stringify(said("[CARD_7]", '{"card":"[CARD_7]"}')));
  });

  test("stays where a violation ends right before it or begins right behind it", () => {
    const json = said("a 4111", "b", "4222 c");
    const before = claimAbout(json, "4111\n\n");
    const behind = claimAbout(json, "\n\n4222");
    expect(redacted(json, [before])).toBe(JSON.stringify(said("a [CARD_1]", "b", "4222 c")));
    expect(redacted(json, [behind])).toBe(JSON.stringify(said("a 4111", "b", "[CARD_1] c")));
  });
});

describe("claims about a request", () => {
  test("that are no violations are passed over, whatever they are about", () => {
    const json = said("4111");
    const other: Claim = { text: "x", start: 40, end: 41, field: "output", verdict: "unsupported" };
    expect(redacted(json, [claimAbout(json, "4111"), other])).toBe(JSON.stringify(said("[CARD_1]")));
  });

  test("are about the input where they do not say so", () => {
    const json = said("4111");
    const { field: _field, ...claim } = claimAbout(json, "4111");
    expect(redacted(json, [claim])).toBe(JSON.stringify(said("[CARD_1]")));
  });
});

describe("a wire that reads a request differently from one time to the next gets none", () => {
  /** Reads what it is told to when it reads for the second or the third time. */
  function reading(changes: Readonly<Record<number, (texts: readonly InputText[]) => readonly InputText[]>>): Texts {
    let times = 0;
    return {
      inputTexts(json) {
        times += 1;
        const texts = chat.inputTexts(json);
        return [...(changes[times]?.(texts) ?? texts)];
      },
    };
  }

  const json = said("4222", "4111");
  const claims = [claimAbout(json, "4111")];
  const fewer = (texts: readonly InputText[]) => texts.slice(0, 1);
  const more = (texts: readonly InputText[]) => [...texts, { kind: "user" as const, text: "4111" }];

  test("that is redacted", () => {
    expect(redacted(json, claims, reading({}))).toBe(JSON.stringify(said("4222", "[CARD_1]")));
    expect(redacted(json, claims, reading({ 2: fewer, 3: fewer }))).toBeUndefined();
    expect(redacted(json, claims, reading({ 3: fewer }))).toBeUndefined();
    expect(redacted(json, claims, reading({ 3: more }))).toBeUndefined();
  });
});
