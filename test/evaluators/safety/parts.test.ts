import { expect, test } from "vitest";
import type { Claim } from "../../../evaluators/evaluation.ts";
import { counted } from "../../../evaluators/safety/detection.ts";
import { composed, partsFor, usualKinds } from "../../../evaluators/safety/parts.ts";

const options = {
  parts: { secrets: true, pii: true, prompt_injection: true, system_prompt_leak: true, toxicity: true },
  thresholds: {},
  kinds: usualKinds,
  allow: [],
  allow_patterns: [],
  allow_from: [],
};
const [forms, injection, leak] = partsFor(options, { output: "x" });
const email: Claim = { text: "a@x.com", start: 3, end: 10, verdict: "violation", kind: "email" };

test("a part that fails without a passage gives its reason behind what the others found", () => {
  if (!forms || !injection || !leak) throw new Error("a part is missing");
  const vague = { score: 0, reason: "The wording is suspicious." };
  const found = { part: forms, finding: { score: 0, reason: "Found 1 e-mail address.", claims: [email] } };
  expect(composed([found, { part: injection, finding: { ...vague, claims: [] } }])).toEqual({
    score: 0,
    reason: "Found 1 e-mail address. The wording is suspicious.",
    claims: [email],
  });
  expect(composed([{ part: injection, finding: vague }])).toEqual({ ...vague, claims: [] });
  expect(composed([found, { part: leak, finding: undefined }])).toMatchObject({ score: 0 });
});

test("nothing is judged where no part could judge, with the first reason there is", () => {
  if (!forms || !injection) throw new Error("a part is missing");
  expect(composed([{ part: forms, finding: undefined }])).toEqual({
    abstained: "None of the parts has anything to examine in this sample.",
  });
  expect(
    composed([
      { part: forms, finding: undefined },
      { part: injection, finding: { abstained: "There is no text." } },
    ]),
  ).toEqual({ abstained: "There is no text." });
});

test("what was found is put in the order of the sample: request, answer, reasoning, then call by call", () => {
  if (!forms) throw new Error("a part is missing");
  const inOrder: Claim[] = [
    { ...email, field: "input" },
    { ...email, start: 1 },
    { ...email, field: "output" },
    { ...email, field: "reasoning" },
    { ...email, field: "tool_calls" },
    { ...email, field: "tool_calls", index: 1, start: 0 },
  ];
  const finding = { score: 0, reason: "Found.", claims: inOrder.toReversed() };
  expect(composed([{ part: forms, finding }])).toMatchObject({ claims: inOrder, reason: "Found 6 e-mail addresses." });
});

test("claims are counted by kind, also those without one or with one that has no name", () => {
  const names = { "": ["passage", "passages"], email: ["address", "addresses"] } as const;
  const { kind: _kind, ...plain } = email;
  expect(counted([plain], names)).toBe("1 passage");
  expect(counted([plain, email, email, { ...email, kind: "other" }], names)).toBe("1 passage, 2 addresses and 1 other");
  expect(counted([], names)).toBe("");
});
