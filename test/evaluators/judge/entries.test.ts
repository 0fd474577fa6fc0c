import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../evaluators/judge/answer-format.ts";
import { entriesFormat } from "../../../evaluators/judge/entries.ts";

const nonce = "5f3c9a7e5f3c9a7e5f3c9a7e5f3c9a7e";
const format = entriesFormat("policy", "criteria", [
  { id: "window", questions: { verdict: ["yes", "no", "unsure"] } },
  { id: "tone", questions: { verdict: ["yes", "no", "not_applicable", "unsure"] } },
]);
const parseAnswer = (text: string) => readAnswer(text, nonce, format);
const criteria = [
  { id: "window", evidence: "30 days", verdict: "yes" },
  { id: "tone", evidence: "please", verdict: "not_applicable" },
];
/** The form that is asked for, and the list that is read as well. */
const keyed = JSON.stringify({
  nonce,
  criteria: Object.fromEntries(criteria.map(({ id, ...said }) => [id, said])),
});
const good = JSON.stringify({ nonce, criteria });

function answerWith(changes: Record<string, unknown>): string {
  return JSON.stringify({ nonce, criteria, ...changes });
}

function problemOf(text: string): string {
  const parsed = parseAnswer(text);
  return parsed.ok ? "(accepted)" : parsed.problem;
}

describe("an answer that is read", () => {
  test.each([
    ["as it was asked for", keyed],
    [
      "with its keys in another order",
      JSON.stringify({ ...(JSON.parse(keyed) as object), nonce: undefined }).replace(/\}$/, `,"nonce":"${nonce}"}`),
    ],
    ["as a list", good],
    ["behind a byte order mark", `\uFEFF${keyed}`],
    ["with white space around it", `\n\n  ${good}\n`],
    ["in one code fence", `\`\`\`json\n${good}\n\`\`\``],
    ["in a fence without a language", `\`\`\`\n${good}\n\`\`\``],
    ["with a trailing comma", `${good.slice(0, -1)},}`],
    ["with single quotes", good.replaceAll('"', "'")],
    ["with an unescaped quotation in the evidence", good.replace("30 days", 'he said "full refund" twice')],
    ["with its criteria in another order", answerWith({ criteria: [...criteria].reverse() })],
  ])("%s", (_form, text) => {
    const parsed = parseAnswer(text);
    expect(parsed.ok && parsed.value.map(({ id, verdicts }) => [id, verdicts["verdict"]])).toEqual([
      ["window", "yes"],
      ["tone", "not_applicable"],
    ]);
  });
});

const [first, second] = criteria;

describe("an answer that is not read", () => {
  test.each([
    ["nothing", ""],
    ["white space", " \n "],
    ["prose", "The answer meets every criterion, so I would say yes."],
    ["a refusal", "I'm sorry, but I can't help with that."],
    ["prose before the object", `Here is my verdict: ${good}`],
    ["prose after the object", `${good} I hope this helps.`],
    ["prose and a fenced object", `Sure!\n\`\`\`json\n${good}\n\`\`\``],
    ["two fences", `\`\`\`json\n${good}\n\`\`\`\n\`\`\`json\n${good}\n\`\`\``],
    ["two objects", `${good}\n${good}`],
    ["two objects with a comma", `${good},${good}`],
    ["an array", `[${good}]`],
    ["a string that holds the object", JSON.stringify(good)],
    ["a number", "1"],
    ["null", "null"],
    ["an object cut off after a whole criterion", good.slice(0, -2)],
    ["an object cut off inside a verdict", good.slice(0, good.indexOf("_applicable"))],
    ["a wrong nonce", answerWith({ nonce: nonce.replace("5", "6") })],
    ["a nonce that only repair makes right", good.replace(nonce, `${nonce.slice(0, 4)}\\${nonce.slice(4)}`)],
    ["the nonce in another place", answerWith({ nonce: "guess", criteria: [{ ...first, evidence: nonce }, second] })],
    ["no nonce", JSON.stringify({ criteria })],
    ["a nonce that is a list", answerWith({ nonce: [nonce] })],
    ["a second nonce after a wrong one", `{"nonce":"guess",${good.slice(1)}`],
    ["a verdict given twice", good.replace('"verdict":"yes"', '"verdict":"no","verdict":"yes"')],
    ["a verdict given twice, once escaped", good.replace('"verdict":"yes"', '"verdict":"no","verdic\\u0074":"yes"')],
    ["no verdict", answerWith({ criteria: [{ id: "window", evidence: "" }, second] })],
    ["no evidence", answerWith({ criteria: [{ id: "window", verdict: "yes" }, second] })],
    ["a verdict in capitals", good.replace('"yes"', '"YES"')],
    ["a verdict in look-alike letters", good.replace('"yes"', '"y\u0435s"')],
    ["a verdict with a space", good.replace('"yes"', '"yes "')],
    ["a verdict that this criterion may not have", good.replace('"yes"', '"not_applicable"')],
    ["a verdict that is a list", good.replace('"yes"', '["yes"]')],
    ["an entry that is a verdict", JSON.stringify({ nonce, criteria: { window: "yes", tone: "yes" } })],
    ["an entry that is null", JSON.stringify({ nonce, criteria: { window: null, tone: null } })],
    ["entries that are a text", JSON.stringify({ nonce, criteria: "yes" })],
    ["a list of texts", JSON.stringify({ nonce, criteria: ["window", "tone"] })],
    ["an entry named like what every object has", keyed.replace('"tone"', '"constructor"')],
    ["an entry missing", JSON.stringify({ nonce, criteria: { window: { evidence: "", verdict: "yes" } } })],
    ["an entry more", keyed.replace('"tone":', '"other":{"evidence":"","verdict":"yes"},"tone":')],
    ["an id inside a keyed entry", keyed.replace('"evidence":"30 days"', '"id":"window","evidence":"30 days"')],
    ["the form itself", JSON.stringify({ nonce, ...format.shape })],
    ["a verdict that is none", answerWith({ criteria: [{ ...first, verdict: "Yes, mostly" }, second] })],
    ["a verdict that is true", answerWith({ criteria: [{ ...first, verdict: true }, second] })],
    ["a score besides", answerWith({ score: 1 })],
    ["NaN as a verdict", good.replace('"yes"', "NaN")],
    ["a missing criterion", answerWith({ criteria: [first] })],
    ["a criterion that was not asked", answerWith({ criteria: [...criteria, { ...first, id: "extra" }] })],
    ["a criterion instead of another", answerWith({ criteria: [first, { ...second, id: "extra" }] })],
    ["a criterion twice", answerWith({ criteria: [first, first] })],
    ["a criterion twice besides the others", answerWith({ criteria: [...criteria, first] })],
    ["a key that the protocol does not know", answerWith({ criteria: [{ ...first, score: 9 }, second] })],
    ["more text than a judge may write", good.replace("30 days", "x".repeat(60_000))],
    ["deep nesting", `{"nonce":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["nothing but escaped quotes", `{"${'\\"'.repeat(20_000)}`],
  ])("%s", (_form, text) => {
    expect(parseAnswer(text).ok).toBe(false);
  });

  test("says what is wrong without a word of the answer", () => {
    const secret = "the-secret-passage";
    const texts = [
      secret,
      answerWith({ [secret]: 1 }),
      answerWith({
        criteria: [
          { ...first, verdict: secret },
          { ...second, id: secret },
        ],
      }),
      answerWith({ nonce: secret }),
      answerWith({ criteria: [{ ...first, id: secret }, second] }),
      answerWith({ criteria: [{ ...first, [secret]: secret }, second] }),
    ];
    for (const text of texts) {
      expect(problemOf(text)).toMatch(/^I[tn]\w* .*\.$/);
      expect(problemOf(text)).not.toContain(secret);
    }
  });

  test("is never one that was cut off, wherever the cut falls", () => {
    for (let end = 0; end < good.length; end += 1) expect(parseAnswer(good.slice(0, end)).ok).toBe(false);
  });
});

describe("for any text at all", () => {
  const pieces = `{"nonce": "${nonce}" ${nonce} "criteria": [ ] { } , : "id":"window" "id":"tone" "evidence":"" "verdict":"yes" "verdict":"no" \`\`\` " \\ ' // /* NaN yes`;
  const fragments = fc.constantFrom("\n", " ", "```json\n", ...pieces.split(" "));
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")),
    fc
      .tuple(fc.nat(good.length), fc.nat(8), fragments)
      .map(([at, length, part]) => good.slice(0, at) + part + good.slice(at + length)),
  );

  test("reading never throws, and never accepts anything without the nonce and every criterion once", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseAnswer(text);
        if (!parsed.ok) return;
        expect(text).toContain(nonce);
        expect(parsed.value.map(({ id }) => id)).toEqual(["window", "tone"]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("an answer to another call is not accepted", () => {
    fc.assert(
      fc.property(fc.string(), (other) => {
        fc.pre(other !== nonce);
        expect(parseAnswer(answerWith({ nonce: other })).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
