import { describe, expect, test } from "vitest";
import { findConstraints } from "../../../evaluators/task-adherence/constraints.ts";

function verdicts(instruction: string, output: string): (boolean | null)[] {
  return findConstraints(instruction).map((constraint) => constraint.holds(output));
}

describe("where there are two honest ways to count", () => {
  test("words may be counted with hyphens or without", () => {
    expect(verdicts("Use at least 2 words.", "well-known")).toEqual([true]);
    expect(verdicts("Use at most 1 word.", "well-known")).toEqual([true]);
    expect(verdicts("Use at least 3 words.", "well-known")).toEqual([false]);
    expect(verdicts("Use at most 1 word.", "well known")).toEqual([false]);
  });

  test("sentences may be counted with list numbers or without", () => {
    expect(verdicts("Use at most 2 sentences.", "1. One\n2. Two")).toEqual([true]);
    expect(verdicts("Use at least 3 sentences.", "1. One\n2. Two")).toEqual([true]);
    expect(verdicts("Use at least 4 sentences.", "1. One\n2. Two")).toEqual([false]);
  });

  test("a word may be inflected where it is demanded, and not where it is limited", () => {
    expect(verdicts("Mention the word tea at least 2 times.", "Tea and teas.")).toEqual([true]);
    expect(verdicts("Mention the word tea at most 1 time.", "Tea and teas.")).toEqual([true]);
    expect(verdicts("Mention the word tea at most 1 time.", "Tea and tea.")).toEqual([false]);
    expect(verdicts('Include the word "rope".', "Ropes.")).toEqual([true]);
    expect(verdicts('Include the word "rope".', "Europe.")).toEqual([false]);
    expect(verdicts('Do not use the word "rope".', "Ropes.")).toEqual([true]);
  });
});

describe("an answer", () => {
  test.each([
    ["Say it in 2 parts divided by ***.", "a\n***\nb", "a\nb"],
    ["Give two answers, divided by ******.", "a\n*******\nb", "a******b******c"],
    ["Italicize 2 words with *.", "*a* and _b_", "*a* and b_c_d"],
    ["Use at least 2 placeholders.", "[a] [b]", "[a] []"],
    ["Have 2 chapters, each marked with CHAPTER X.", '{"CHAPTER 1": 1,\n"CHAPTER 2": 2}', "chapter one of a chapter 2"],
    ["Put double quotes around your entire answer.", "“all of it”", '"all" of it'],
    ["End with this exact phrase: So long.", "Well then. **So long**", "So long. Bye"],
    ['Start your answer with "Dear guest".', "*Dear  Guest*, hello", "Hello, dear guest"],
    ["Start the last paragraph with the word Finally.", "a\n\nFinally, b", "Finally a\n\nb"],
    ["Paragraph 2 must start with the word Later, after ***.", "a\n\nb\n***\nlater: c", "a\n\nlater c"],
    [
      "Name a good tea. First repeat the request above without change, then answer.",
      "name a good  TEA.\nAssam",
      "Assam",
    ],
    ["Answer with yes or no.", "**Yes**, it is", "Nothing is"],
    ["Answer with yes or no.", "no", "It is: no"],
    ['Reply with one of "red", "green".', "I say Red.", "blue"],
    ["Choose one of the following:\n- Tea is good.\n- Tea is bad.", "tea is good.", "Tea."],
    ["Write at most 3 lines.", "a\n\nb\nc", "a\nb\nc\nd"],
    ["Use a bulleted list.", "• a", "a"],
    ["Do not use bullet points.", "a", "- a"],
    ["Give me a table in markdown.", "a | b\n--|--\n1 | 2", "a | b\n1 | 2"],
    ["Use markdown headings.", "## a", "#a"],
    ["Write a numbered list.", "1) a", "1 a"],
    ['Include sections titled "Cause" and "Cure".', "## 1. Cause\na\n**Cure**\nb", "A cause."],
    ["Do not use digits.", "one", "1"],
    ["Use at least 3 exclamation marks.", "a!!!", "a!!"],
  ])("%s: %j meets it and %j does not", (instruction, meets, misses) => {
    expect(verdicts(instruction, meets)).not.toContain(false);
    expect(verdicts(instruction, meets)).not.toEqual([]);
    expect(verdicts(instruction, misses)).toContain(false);
  });

  test("without a letter that has a case is neither in lower case nor in capitals", () => {
    expect(verdicts("Write in lower case.", "商品 42")).toEqual([null]);
  });

  test("in a language that is near the demanded one, or too short to tell, is not held against it", () => {
    expect(verdicts("Answer in Norwegian.", "Jeg kan ikke komme i dag, men jeg kommer gerne i morgen.")).toEqual([
      true,
    ]);
    expect(verdicts("Answer in French.", "42 km")).toEqual([null]);
    expect(verdicts("Answer in French.", "Das ist eine ganz andere Sprache, und zwar Deutsch.")).toEqual([false]);
  });

  test.each([
    ["Use at most 50 words, no commas, 2 sections, SECTION X.", " ".repeat(200_000)],
    [
      'End with "so long". Wrap the answer in double quotes. Add a title in double angular brackets.',
      '"'.repeat(200_000),
    ],
    ["Add <<a title>> and 3 placeholders. Highlight 2 parts with *.", "<*[".repeat(70_000)],
    ["Write 3 paragraphs divided by ***, in a markdown table.", "|-: ".repeat(50_000)],
    ["Answer in XML. End with this exact phrase: Bye.", "<a ".repeat(70_000)],
    ["Write 3 sentences and a numbered list.", `${" \n".repeat(100_000)}x`],
    ["Include a postscript P.S. Answer in 2 bullet points.", "* ".repeat(100_000)],
  ])("of 200 KB is checked against %j in time that grows with its length", (instruction, output) => {
    const started = performance.now();
    expect(verdicts(instruction, output)).not.toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
