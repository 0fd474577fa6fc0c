import { describe, expect, test } from "vitest";
import { evaluate } from "../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { language } from "../../../evaluators/small/language.ts";

const run = (sample: { input?: string; output: string }, options = {}) =>
  evaluate("language", sample, { evaluators: createEvaluatorSet([language.configure(options)]) });

const german = "Das Paket kommt in drei Tagen an und kostet nichts.";
const french = "Le colis arrive dans trois jours et ne coûte rien.";

describe("the language of an answer", () => {
  test("is that of the options", async () => {
    expect(await run({ output: german }, { language: "de" })).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: 'The output is in the language "de".',
    });
    expect(await run({ output: german, input: german }, { language: "fr" })).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: 'The output is in the language "de", not "fr".',
    });
  });

  test("is else that of the question", async () => {
    expect(await run({ output: german, input: "Wann kommt das Paket bei mir an?" })).toMatchObject({ outcome: "pass" });
    expect(await run({ output: french, input: "Wann kommt das Paket bei mir an?" })).toMatchObject({ outcome: "fail" });
  });

  test.each([undefined, "", "OK?", "f(x) { return [x]; }"])(
    "is not judged with the question %j and no option",
    async (input) => {
      const result = await run({ output: german, ...(input === undefined ? {} : { input }) });
      expect(result).toMatchObject({ outcome: "abstained", score: null });
      expect(result.reason).toContain("set the option language");
    },
  );

  test.each([
    ["a few letters", "Ja, gern, danke."],
    ["digits", "1234 5678 9012 3456 7890"],
    ["code", "for (const x of xs) { total += x.price * x.count; } return total;"],
    ["a code block", "```\nDas Paket kommt in drei Tagen an und kostet nichts.\n```"],
    ["an address", "https://example.com/das/paket/kommt/in/drei/tagen/an"],
  ])("is not judged on %s", async (_what, output) => {
    expect(await run({ output }, { language: "en" })).toMatchObject({
      outcome: "abstained",
      reason: "The output is too short, too mixed or too much of it code to tell its language.",
    });
  });

  test("is judged on twenty letters and not on nineteen, seven characters of Japanese being as good", async () => {
    expect(await run({ output: "das Paket kommt schnell" }, { language: "de" })).toMatchObject({ outcome: "pass" });
    expect(await run({ output: "das Paket kommt heut" }, { language: "de" })).toMatchObject({ outcome: "abstained" });
    expect(await run({ output: "荷物は三日です" }, { language: "ja" })).toMatchObject({ outcome: "pass" });
    expect(await run({ output: "荷物は三日" }, { language: "ja" })).toMatchObject({ outcome: "abstained" });
  });

  test("is told of the prose around code and addresses", async () => {
    const output = `${german} \`const x = 1\` https://example.com/the/parcel/arrives\n\`\`\`\nthe parcel arrives when it does\n\`\`\``;
    expect(await run({ output }, { language: "de" })).toMatchObject({ outcome: "pass" });
  });

  test("is not judged between two languages that are too near to tell apart", async () => {
    const danish = "Jeg kan desværre ikke komme i dag, men jeg kommer gerne i morgen.";
    expect(await run({ output: danish }, { language: "da" })).toMatchObject({ outcome: "pass" });
    expect(await run({ output: danish }, { language: "no" })).toMatchObject({
      outcome: "abstained",
      reason: 'The output is in "no" or a language too near to it to tell.',
    });
  });

  test("of nothing is none", async () => {
    expect(await run({ output: " " }, { language: "de" })).toMatchObject({
      outcome: "fail",
      reason: "The output is empty.",
    });
  });

  test("can only be demanded where it can be recognised", () => {
    expect(() => language.configure({ language: "xx" })).toThrow(
      "must be an ISO 639-1 code that can be recognised: af, ar",
    );
  });
});
