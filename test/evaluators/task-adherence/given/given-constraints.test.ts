import { describe, expect, test } from "vitest";
import { EvaluatorError } from "../../../../evaluators/errors.ts";
import { evaluate } from "../../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../../evaluators/registry.ts";
import { givenConstraints, instructionIds } from "../../../../evaluators/task-adherence/given/given-constraints.ts";
import { taskAdherence } from "../../../../evaluators/task-adherence/task-adherence.ts";

function holds(id: string, kwargs: Record<string, unknown>, output: string): boolean | null | undefined {
  return givenConstraints([{ id, kwargs }])[0]?.holds(output);
}

const cases: readonly (readonly [id: string, kwargs: Record<string, unknown>, meets: string, misses: string])[] = [
  ["length_constraints:number_words", { relation: "at least", num_words: 3 }, "a b c", "a b"],
  ["length_constraints:number_words", { relation: "less than", num_words: 3 }, "a b", "a b c"],
  ["length_constraints:number_words", { relation: "at least", num_words: 2 }, "don't", "dont"],
  ["length_constraints:number_sentences", { relation: "at least", num_sentences: 2 }, "One. Two.", "One, two."],
  ["length_constraints:number_sentences", { relation: "less than", num_sentences: 2 }, "One and\ntwo.", "One. Two."],
  ["length_constraints:number_paragraphs", { num_paragraphs: 2 }, "a\n***\nb", "a\n\nb"],
  ["length_constraints:number_paragraphs", { num_paragraphs: 2 }, "***\na\n***\nb\n***", "a\n***\n\n***\nb"],
  [
    "length_constraints:nth_paragraph_first_word",
    { num_paragraphs: 2, nth_paragraph: 2, first_word: "Later" },
    "a\n\nlater, b",
    "a\n\nb later",
  ],
  [
    "length_constraints:nth_paragraph_first_word",
    { num_paragraphs: 2, nth_paragraph: 1, first_word: "so" },
    "'\"So? yes\n\nb",
    "So yes\n\nb\n\nc",
  ],
  [
    "length_constraints:nth_paragraph_first_word",
    { num_paragraphs: 1, nth_paragraph: 2, first_word: "so" },
    "unreachable",
    "so",
  ],
  ["detectable_content:number_placeholders", { num_placeholders: 2 }, "[a] and [b]", "[a] and [b\n]"],
  ["detectable_content:number_placeholders", { num_placeholders: 1 }, "[]", "] ["],
  ["detectable_content:postscript", { postscript_marker: "P.S." }, "Bye.\np. s. Write!", "Bye. PS write"],
  ["detectable_content:postscript", { postscript_marker: "P.P.S" }, "Bye.\nP.P.S. Write!", "Bye.\nP.S. write"],
  ["detectable_content:postscript", { postscript_marker: "N.B." }, "Bye. n.b. write", "Bye. nxb. write"],
  ["detectable_format:number_bullet_lists", { num_bullets: 2 }, "* a\n- b", "* a\n- b\n  * c"],
  ["detectable_format:number_bullet_lists", { num_bullets: 1 }, "*a\n**b**\n1. c", "a"],
  ["detectable_format:constrained_response", {}, "I think My answer is no.", "my answer is no"],
  ["detectable_format:number_highlighted_sections", { num_highlights: 2 }, "*a* and *b*", "*a* and * *"],
  ["detectable_format:number_highlighted_sections", { num_highlights: 1 }, "**a b**", "** **"],
  [
    "detectable_format:multiple_sections",
    { section_spliter: "SECTION", num_sections: 2 },
    "SECTION 1\na\nSECTION2 b",
    "SECTION 1\na\nSECTION b",
  ],
  ["detectable_format:json_format", {}, '```json\n{"a": 1}\n```', '{"a": 1}!'],
  ["detectable_format:json_format", {}, "[1]", "{a: 1}"],
  ["detectable_format:title", {}, "<<My tea>>", "<< >>"],
  ["detectable_format:title", {}, "x <<<a>>> y", "<a>"],
  ["keywords:existence", { keywords: ["tea", "rope"] }, "Teas and ropes", "tea"],
  ["keywords:frequency", { relation: "at least", keyword: "tea", frequency: 2 }, "Tea, teapot", "tea"],
  ["keywords:frequency", { relation: "less than", keyword: "tea", frequency: 2 }, "tea", "tea team"],
  ["keywords:forbidden_words", { forbidden_words: ["tea", "rope"] }, "a teapot", "my Rope"],
  ["keywords:forbidden_words", { forbidden_words: ["well-known"] }, "well known", "a well-known man"],
  ["keywords:letter_frequency", { let_relation: "at least", letter: "q", let_frequency: 2 }, "Quick quiz", "quick"],
  ["keywords:letter_frequency", { let_relation: "less than", letter: "Q", let_frequency: 1 }, "no", "quick"],
  ["change_case:capital_word_frequency", { capital_relation: "at least", capital_frequency: 2 }, "I AM here", "I am"],
  ["change_case:capital_word_frequency", { capital_relation: "less than", capital_frequency: 2 }, "I am", "I'M HERE"],
  ["change_case:english_capital", {}, "THIS IS ALL LOUD AND CLEAR!", "THIS IS not"],
  [
    "change_case:english_capital",
    {},
    "IT IS A GOOD DAY",
    "DIE LIEFERUNG DAUERT DREI TAGE UND KOSTET NICHTS, WENN SIE MEHR BESTELLEN.",
  ],
  ["change_case:english_lowercase", {}, "this is all small and quiet.", "this is Not"],
  ["change_case:english_lowercase", {}, "small", "123"],
  ["punctuation:no_comma", {}, "none; here", "one, here"],
  ["combination:two_responses", {}, "a\n******\nb", "a\n******\na"],
  ["combination:two_responses", {}, "******a******b", "a******b******c"],
  ["combination:repeat_prompt", { prompt_to_repeat: "Say tea." }, " say TEA. Tea!", "Tea! Say tea."],
  ["startend:end_checker", { end_phrase: "Bye now." }, 'Well. "bye now."  ', "Bye now. Well."],
  ["startend:quotation", {}, ' "all of it" ', '"'],
  ["startend:quotation", {}, '""', '"all" of it'],
  [
    "language:response_language",
    { language: "fr" },
    "Bonjour, la livraison est prévue pour demain matin.",
    "Good morning to you all.",
  ],
];

describe("a given constraint", () => {
  test.each(cases)("%s %j", (id, kwargs, meets, misses) => {
    expect(meets === "unreachable" ? true : holds(id, kwargs, meets)).toBe(true);
    expect(holds(id, kwargs, misses)).toBe(false);
  });

  test("can be of each of the 25 instruction types", () => {
    expect(instructionIds).toHaveLength(25);
    expect(instructionIds).toEqual([...new Set(cases.map(([id]) => id))].toSorted());
  });

  test("of a language that cannot be told counts as met, as in the reference", () => {
    expect(holds("language:response_language", { language: "fr" }, "42")).toBe(true);
  });

  test("keeps its id, and says in its question what it demands and in its label only the kind", () => {
    const [constraint] = givenConstraints([{ id: "keywords:existence", kwargs: { keywords: ["tea", "rope"] } }]);
    expect(constraint).toMatchObject({
      id: "keywords:existence",
      question: 'Does the answer contain "tea", "rope"?',
      label: "a required word",
    });
  });

  test("ignores arguments that are null, as rows with the arguments of all types have them", () => {
    const kwargs = { num_bullets: null, relation: "at least", num_words: 2, keywords: null };
    expect(holds("length_constraints:number_words", kwargs, "a b")).toBe(true);
  });

  test("that is unknown is refused with those that exist", () => {
    expect(() => givenConstraints([{ id: "length:furlongs", kwargs: {} }])).toThrow(EvaluatorError);
    expect(() => givenConstraints([{ id: "length:furlongs", kwargs: {} }])).toThrow(
      `No constraint "length:furlongs". Known: ${instructionIds.join(", ")}. Correct the id, or leave constraints out`,
    );
  });

  test.each([
    ["length_constraints:number_words", {}, '"relation"'],
    ["length_constraints:number_words", { relation: "at least", num_words: -1 }, '"num_words"'],
    ["length_constraints:number_words", { relation: "around", num_words: 3 }, "around"],
    ["keywords:existence", { keywords: [] }, '"keywords"'],
    ["keywords:frequency", { relation: "at least", keyword: " ", frequency: 1 }, '"keyword"'],
    ["punctuation:no_comma", { commas: 0 }, "commas"],
  ])("%s with %j is refused with what is wrong", (id, kwargs, words) => {
    expect(() => givenConstraints([{ id, kwargs }])).toThrow(`The constraint "${id}" cannot be checked with kwargs {`);
    expect(() => givenConstraints([{ id, kwargs }])).toThrow(words);
  });

  test("with arguments too long to show is refused with their beginning", () => {
    expect(() => givenConstraints([{ id: "punctuation:no_comma", kwargs: { a: "x".repeat(500) } }])).toThrow(
      /kwargs \{"a":"x{194}…\. /,
    );
  });
});

describe("task_adherence with given constraints", () => {
  const run = (sample: object, options = {}) =>
    evaluate("task_adherence", sample, { evaluators: createEvaluatorSet([taskAdherence.configure(options)]) });
  const noComma = { id: "punctuation:no_comma" };

  test("checks them in order, under their ids, instead of what the instruction says", async () => {
    const constraints = [noComma, { id: "startend:quotation", kwargs: {} }, noComma];
    const result = await run({ input: "Answer in at least 50 words.", output: "one, two", constraints });
    expect(result).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "3 of 3 checkable constraints are not met: no commas, quotation marks around the answer.",
    });
    expect(result.criteria?.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      "punctuation:no_comma no",
      "startend:quotation no",
      "punctuation:no_comma no",
    ]);
  });

  test("needs no instruction", async () => {
    expect(await run({ output: "one two", constraints: [noComma] })).toMatchObject({ outcome: "pass", score: 1 });
  });

  test("abstains where the list is empty", async () => {
    expect(await run({ input: "Use no commas.", output: "a", constraints: [] })).toMatchObject({
      outcome: "abstained",
    });
  });

  test("is an error, and neither passes nor fails, on one that cannot be checked", async () => {
    for (const constraint of [{ id: "nonsense" }, { id: "keywords:existence", kwargs: { keywords: "tea" } }]) {
      expect(await run({ input: "x", output: "y", constraints: [noComma, constraint] })).toMatchObject({
        outcome: "error",
        score: null,
        error: { code: "invalid_input", retryable: false },
      });
    }
  });

  test.each([
    ["the first line", "Sure, here it is:\nno marks"],
    ["the last line", "no marks\nBye, now"],
    ["both", "Sure, here:\nno marks\nBye, now"],
  ])("loosely, forgives %s", async (_what, output) => {
    const sample = { output, constraints: [noComma] };
    expect(await run(sample)).toMatchObject({ outcome: "fail" });
    expect(await run(sample, { loose: true })).toMatchObject({ outcome: "pass", score: 1 });
  });

  test("loosely, forgives asterisks, and nothing else", async () => {
    const constraints = [{ id: "startend:end_checker", kwargs: { end_phrase: "the end" } }];
    expect(await run({ output: "**The end**", constraints })).toMatchObject({ outcome: "fail" });
    expect(await run({ output: "**The end**", constraints }, { loose: true })).toMatchObject({ outcome: "pass" });
    expect(await run({ output: "The end, no", constraints }, { loose: true })).toMatchObject({ outcome: "fail" });
    expect(
      await run({ output: "a\nb\nc", constraints: [{ id: "startend:quotation" }] }, { loose: true }),
    ).toMatchObject({
      outcome: "fail",
    });
  });

  test("loosely, an answer of which nothing is left meets nothing", async () => {
    expect(await run({ output: "a, b", constraints: [noComma] }, { loose: true })).toMatchObject({ outcome: "fail" });
  });
});
