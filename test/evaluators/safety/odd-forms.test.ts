import { expect, test } from "vitest";
import { evaluate } from "../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { redact, redactJson } from "../../../evaluators/safety/redact.ts";
import { piiEvaluator } from "../../../evaluators/safety/pii.ts";

const evaluators = createEvaluatorSet([piiEvaluator.configure()]);

test.each([
  ["wide letters", "Ｍａｉｌ ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ now", "Ｍａｉｌ [EMAIL_1] now"],
  ["marks that cannot be seen", "a\u200bna@exam\u200bple.com", "[EMAIL_1]"],
  [
    "a table",
    "| Ana | ana@example.com |\n| Bob | 4111 1111 1111 1111 |",
    "| Ana | [EMAIL_1] |\n| Bob | [CREDIT_CARD_1] |",
  ],
  ["a link", "[mail](mailto:ana@example.com?subject=x)", "[mail](mailto:[EMAIL_1]?subject=x)"],
  ["a query", "https://x.test/u?email=ana%40example.com&x=1", "https://x.test/u?email=[EMAIL_1]&x=1"],
  ["wide digits", "４１１１ １１１１ １１１１ １１１１", "[CREDIT_CARD_1]"],
  ["digits of another script", "٤١١١ ١١١١ ١١١١ ١١١١", "[CREDIT_CARD_1]"],
  ["dashes of another kind", "4111–1111–1111–1111", "[CREDIT_CARD_1]"],
  ["double spaces", "4111  1111  1111  1111", "[CREDIT_CARD_1]"],
  ["spaced hyphens", "4111 - 1111 - 1111 - 1111", "[CREDIT_CARD_1]"],
  ["what follows a card", "4111 1111 1111 1111 12/27 123", "[CREDIT_CARD_1] 12/27 123"],
  ["an unbroken card before other numbers", "4111111111111111 12 27", "[CREDIT_CARD_1] 12 27"],
  ["single digits behind a word", "card: 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card: [CREDIT_CARD_1]"],
  ["emoji around it", "👍ana@example.com👍", "👍[EMAIL_1]👍"],
  ["two at once", "ana@example.com,bob@example.com", "[EMAIL_1],[EMAIL_2]"],
  ["an address with a port", "203.0.113.7:8080", "[IP_ADDRESS_1]:8080"],
  ["an address in a URL", "http://203.0.113.7/x", "http://[IP_ADDRESS_1]/x"],
  ["an identity number behind its name", "DNI 12345678Z", "DNI [ES_DNI_1]"],
  ["an identity number with its hyphen", "12345678-Z", "[ES_DNI_1]"],
  ["a foreigner's number", "X1234567L", "[ES_DNI_1]"],
])("%s hides nothing, and is redacted once and for all", async (_name, output, redacted) => {
  const { claims = [] } = await evaluate("pii", { output }, { evaluators });
  for (const { start, end, text } of claims) expect(output.slice(start, end)).toBe(text);
  expect(redact(output, claims)).toBe(redacted);
  const again = await evaluate("pii", { output: redacted }, { evaluators });
  expect(again.outcome).toBe("pass");
});

test.each([
  ['{"m":"\\u0061na\\u0040example.com"}', '{"m":"[EMAIL_1]"}'],
  ['{"card":4111111111111111,"x":1}', '{"card":"[CREDIT_CARD_1]","x":1}'],
  ['{"a@b.com":{"x":"y"}}', '{"[EMAIL_1]":{"x":"y"}}'],
  ['{"p":"a\\\\b@c.com"}', '{"p":"a\\\\[EMAIL_1]"}'],
  ['{"m":"one\\nana@example.com\\t"}', '{"m":"one\\n[EMAIL_1]\\t"}'],
  ['{"u":"\\ud83d\\ude00ana@example.com"}', '{"u":"\\ud83d\\ude00[EMAIL_1]"}'],
  ['{"q":"say \\"ana@example.com\\""}', '{"q":"say \\"[EMAIL_1]\\""}'],
  ["4111111111111111", '"[CREDIT_CARD_1]"'],
])("the arguments %s stay JSON", async (text, redacted) => {
  const { claims = [] } = await evaluate("pii", { tool_calls: [{ name: "send", arguments: text }] }, { evaluators });
  expect(redactJson(text, claims, { field: "tool_calls", index: 0 })).toBe(redacted);
});
