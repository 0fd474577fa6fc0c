import { describe, expect, test } from "vitest";
import { borderConstraints } from "../../../evaluators/task-adherence/borders.ts";
import { choiceConstraints } from "../../../evaluators/task-adherence/choices.ts";
import type { Extract } from "../../../evaluators/task-adherence/constraint.ts";
import { countPhrase } from "../../../evaluators/task-adherence/counts.ts";
import { dividerConstraints } from "../../../evaluators/task-adherence/dividers.ts";
import { documentConstraints } from "../../../evaluators/task-adherence/documents.ts";
import { constraintsOf } from "../../../evaluators/task-adherence/examine-locally.ts";
import { formatConstraints } from "../../../evaluators/task-adherence/formats.ts";
import { partConstraints } from "../../../evaluators/task-adherence/parts.ts";
import { toRange } from "../../../evaluators/task-adherence/quantity.ts";
import { repetitionConstraints } from "../../../evaluators/task-adherence/repetition.ts";
import { wordConstraints } from "../../../evaluators/task-adherence/words.ts";

const questions = (extract: Extract, instruction: string) => extract(instruction).map(({ question }) => question);
const labels = (extract: Extract, instruction: string) => extract(instruction).map(({ label }) => label);
const verdicts = (extract: Extract, instruction: string, output: string) =>
  extract(instruction).map((one) => one.holds(output));

describe("a postscript", () => {
  test.each([
    ["PS write", true],
    ["**PS** write", true],
    ["Bye.\nPS write", true],
    ["Bye.\n> *PS: write", true],
    ["Bye.\n**P S** write", true],
    ["Bye. P.S. Write", true],
    ["Bye. P. S. Write", true],
    ["Bye. p.s. write", true],
    ["Bye. PS write", false],
    ["Bye. P.Smith", false],
    ["Bye.\nUPS delivers.", false],
    ["UPS delivers.", false],
    ["Bye.\nPSA of today", false],
    ["Bye.", false],
  ])("is there in %j: %s", (output, isThere) => {
    expect(verdicts(borderConstraints, "Add a postscript.", output)).toEqual([isThere]);
  });

  test.each([
    ["Bye. P.P.S. Write", true],
    ["Bye. PPS write", true],
    ["Bye. P. P. S. Write", true],
    ["Bye. P.S. Write", false],
    ["Bye. APPS", false],
  ])("to a postscript is there in %j: %s", (output, isThere) => {
    expect(verdicts(borderConstraints, "Add a P.P.S. to it.", output)).toEqual([isThere]);
  });
});

test("of two endings or beginnings the first one counts", () => {
  expect(questions(borderConstraints, 'End your answer with "So long." Or finish with "Bye."')).toEqual([
    'Does the answer end with "So long."?',
  ]);
  expect(questions(borderConstraints, 'Start your answer with "Dear guest". Begin it with "Hello you".')).toEqual([
    'Does the answer begin with "Dear guest"?',
  ]);
  expect(questions(borderConstraints, 'We can end with "So long". Finish with "Bye."')).toEqual([
    'Does the answer end with "Bye."?',
  ]);
});

describe("an offered answer", () => {
  const longest = "b".repeat(80);
  const tooLong = "a".repeat(81);
  const isOne = "Is the answer one of those that the instruction offers?";

  test("has at most 80 characters", () => {
    const instruction = `Choose one of: "tea", "${longest}", "${tooLong}".`;
    expect(questions(choiceConstraints, instruction)).toEqual([isOne]);
    expect(verdicts(choiceConstraints, instruction, longest)).toEqual([true]);
    expect(verdicts(choiceConstraints, instruction, tooLong)).toEqual([false]);
    expect(questions(choiceConstraints, `Choose one of: "tea", "${tooLong}".`)).toEqual([]);
    const list = `Choose one of the following:\n- tea\n- rum\n${longest}\n${tooLong}\n- milk`;
    expect([longest, "rum", tooLong, "milk"].map((one) => verdicts(choiceConstraints, list, one))).toEqual([
      [true],
      [true],
      [false],
      [false],
    ]);
  });

  test("is one of ten at most in a list of lines", () => {
    const list = (length: number) => `Choose one of the following:\n${"- tea\n".repeat(length)}`;
    expect(questions(choiceConstraints, list(10))).toEqual([isOne]);
    expect(questions(choiceConstraints, list(11))).toEqual([]);
  });

  test("has digits only where it is quoted or in brackets", () => {
    expect(questions(choiceConstraints, "Choose one of the following: tea, 2 rums")).toEqual([]);
    expect(questions(choiceConstraints, "Choose one of the following: (tea, 2 rums)")).toEqual([isOne]);
    expect(questions(choiceConstraints, 'Choose one of the following: "tea", "2 rums"')).toEqual([isOne]);
  });

  test("is read without its mark and quotation marks, up to a blank line", () => {
    const list = 'Choose one of the following:\n\n(a) Tea,\nb) "Rum"\nPhrase it well\n\nmilk';
    expect(["It is tea", "rum", "phrase it well", "milk"].map((one) => verdicts(choiceConstraints, list, one))).toEqual(
      [[true], [true], [false], [false]],
    );
  });
});

test.each([
  ["a#tagged", "#tag", 1],
  ["xc++ c++y", "c++", 2],
  ["steam team", "tea", 0],
  ["tea, Tea", " tea ", 2],
  ["steam", " tea ", 0],
  ["tea#tag", "tea#", 1],
  ["tea", "t", 0],
  ["a tea", "a", 1],
  ["x_tea tea_x", "tea", 0],
  ["green  tea\ngreen\ntea", "green tea", 2],
  ["好茶好茶", "茶", 2],
])("in %j the phrase %j occurs %d times", (text, phrase, times) => {
  expect(countPhrase(text, phrase)).toBe(times);
});

test.each([
  ["Separate riddle and solution with ***.", ["at least 2"]],
  ["Separate my tea and rum using ***.", ["at least 2"]],
  ["Separating your tea and the rum by ***.", ["at least 2"]],
  ["Separate the tea, rum and milk with ***.", []],
  ["Write 2 paragraphs divided by ***, with 3 tips.", []],
  ["Write 3 tips divided by ***.", ["exactly 3"]],
  ["Write 3 tips on paragraphs, divided by ***.", ["exactly 3"]],
  ["Highlight 3 sections, and give 2 parts divided by ***.", ["exactly 2"]],
  ["Use this form:\n***\na\n***", ["exactly 3"]],
  ["Use this form:\n***\na", []],
  ["Use this form:\n***\na\n***\netc.", []],
])("%j demands parts between asterisks: %j", (instruction, demands) => {
  expect(questions(dividerConstraints, instruction)).toEqual(
    demands.map((demand) => `Are there ${demand} parts, divided by three asterisks?`),
  );
});

test.each([
  ["Return a JSON object.", "Is the whole answer a valid JSON object?", "JSON"],
  ["Return a JSON array.", "Is the whole answer a valid JSON array?", "JSON"],
  ["Return a list of JSON values.", "Is the whole answer a valid JSON array?", "JSON"],
  ["Return valid JSON.", "Is the whole answer a valid JSON value?", "JSON"],
  ["Answer in YAML.", "Is the whole answer valid YAML?", "YAML"],
  ["Answer as comma-separated values.", "Is the whole answer valid CSV?", "CSV"],
  ["Answer in XML.", "Is the whole answer valid XML?", "XML"],
  ["Answer in HTML.", "Is the whole answer valid HTML?", "HTML"],
  ["Return only code.", "Is the whole answer code?", "code only"],
])("%j asks: %s", (instruction, question, label) => {
  expect(questions(documentConstraints, instruction)).toEqual([question]);
  expect(labels(documentConstraints, instruction)).toEqual([label]);
});

test.each([
  ["Add a title such as <<title>>.", ["title in double angular brackets"]],
  ["Print cout<<1>>2;", []],
  ["Write <<a;b>>.", []],
  ["Use a bulleted list.", ["bullet list"]],
  ["Do not use bullets.", ["no bullet list"]],
  ["Write a numbered list.", ["numbered list"]],
  ["Use markdown headings.", ["markdown headings"]],
  ["Give a table with two columns.", ["markdown table"]],
])("%j demands of the form: %j", (instruction, names) => {
  expect(labels(formatConstraints, instruction)).toEqual(names);
});

test.each([
  ["a | b\n--|--", true],
  ["a\n\n| b |\n| :--: |\n| 1 |", true],
  ["  | a |\n  |---|", true],
  ["\t| a |\r\n\t|---|\r\n", true],
  ["a | b\nx|--|", false],
  ["a | b\n-----", false],
  ["a\n|---|", false],
  ["|---|\n| a |", false],
  ["|---|", false],
  ["a | b\n|--|x|", false],
])("%j holds a table: %s", (output, isTable) => {
  expect(verdicts(formatConstraints, "Give a markdown table.", output)).toEqual([isTable]);
});

test.each([
  ["Highlight 2 parts.", "at least 2 highlighted parts"],
  ["Highlight 2 to 4 parts.", "between 2 and 4 highlighted parts"],
  ["Highlight 2 or fewer parts.", "at most 2 highlighted parts"],
  ["Highlight at most 2 parts.", "at most 2 highlighted parts"],
  ["Highlight exactly 2 parts.", "exactly 2 highlighted parts"],
  ["Mark it with a *.", "at least 1 highlighted parts"],
  ["Use 3 placeholders.", "exactly 3 placeholders"],
  ["Use 3 or more placeholders.", "at least 3 placeholders"],
  ["Have 3 sections, each marked SECTION X.", "at least 3 sections"],
  ["Have 3 or fewer sections, each marked SECTION X.", "at most 3 sections"],
  ["Have 2 to 3 sections, each marked SECTION X.", "between 2 and 3 sections"],
])("%j demands %s", (instruction, demand) => {
  expect(questions(partConstraints, instruction)).toEqual([`Are there ${demand}?`]);
  expect(labels(partConstraints, instruction)).toEqual([`number of ${demand.replace(/^.* \d+ /u, "")}`]);
});

test("a number is read in any case, with space around it", () => {
  const five = { least: 5, most: 5, words: "exactly 5" };
  const three = { least: 3, most: Number.POSITIVE_INFINITY, words: "at least 3" };
  expect([toRange(undefined, " Five ", undefined, "exact"), toRange(undefined, "FIVE", "", "exact")]).toEqual([
    five,
    five,
  ]);
  expect([
    toRange(" At Least ", "3", undefined, "ignore"),
    toRange(undefined, "3", " Or More", "ignore"),
    toRange("At least a total of", "3", undefined, "ignore"),
  ]).toEqual([three, three, three]);
  expect(toRange(undefined, "3", undefined, "ignore")).toBeNull();
  expect(toRange("at least", " ", undefined, "exact")).toBeNull();
  expect(["Thirty", "forty", "FIFTY", "Hundred", "A Single", "Once", "TWICE", "1,200"].map(exact)).toEqual([
    30, 40, 50, 100, 1, 1, 2, 1200,
  ]);
});

function exact(number: string): number | undefined {
  return toRange(undefined, number, undefined, "exact")?.least;
}

test("a request is to be repeated when it has at least eight characters", () => {
  const demanding = (request: string) => `${request}\nRepeat the request above word for word.`;
  expect(labels(repetitionConstraints, demanding("Name tea"))).toEqual(["the request repeated"]);
  expect(labels(repetitionConstraints, demanding("Get tea"))).toEqual([]);
  expect(verdicts(repetitionConstraints, demanding("Name “tea”"), 'name "TEA": Assam')).toEqual([true]);
  expect(verdicts(repetitionConstraints, demanding("Name tea"), "Assam. Name tea")).toEqual([false]);
});

test.each([
  ["Include the word tea.", ["a required word"], ['Does the answer contain "tea"?']],
  ["Include the word processor menus.", [], []],
  ["Include the word: black tea.", ["a required word"], ['Does the answer contain "black tea"?']],
  ["Include the words black tea.", ["a required word"], ['Does the answer contain "black tea"?']],
  ["Do not use the word tea.", ["a forbidden word"], ['Does the answer do without "tea"?']],
  ["Use the word tea twice.", ["frequency of a word"], ['Does "tea" occur exactly 2 times?']],
  ["Use the word tea just once.", ["frequency of a word"], ['Does "tea" occur exactly 1 times?']],
  ["The word tea appears 5 to 3 times.", [], []],
  ["Use the letter q at least TWICE.", ["frequency of a letter"], ['Does "q" occur at least 2 times?']],
  ["Don't use the letter q.", ["frequency of a letter"], ['Does "q" occur exactly 0 times?']],
  ["Use at least 3 semicolons.", ["frequency of a letter"], ['Does ";" occur at least 3 times?']],
  ["Use 3 semicolons.", [], []],
])("%j demands of words: %j", (instruction, names, asked) => {
  expect(labels(wordConstraints, instruction)).toEqual(names);
  expect(questions(wordConstraints, instruction)).toEqual(asked);
});

describe("the instruction", () => {
  const demanded = (given: { input?: string; system?: string }) =>
    constraintsOf(given, false).map(({ question }) => question);
  const noCommas = "Is the answer free of commas?";

  test("is what the system and the input say, one below the other", () => {
    expect(demanded({ system: "Use no commas", input: "Answer in German." })).toEqual([
      noCommas,
      "Is the answer in German?",
    ]);
  });

  test("is the input alone where the system is blank, read in full up to 20,000 characters", () => {
    const demand = "Use no commas.";
    const line = "So it goes on.\n";
    const around = line.repeat(Math.floor((10_000 - demand.length) / line.length));
    const before = `${around}${" ".repeat(9_990 - around.length - 1)}\n`;
    const input = `${before}${demand}\n${around}`.padEnd(20_000, " ");
    expect(input).toHaveLength(20_000);
    expect([demanded({ input }), demanded({ input, system: " \n" }), demanded({ input: "", system: input })]).toEqual([
      [noCommas],
      [noCommas],
      [noCommas],
    ]);
  });
});

describe("a number of times that is denied", () => {
  test.each([
    "Never use the letter q more than 3 times.",
    "Do not use the word tea more than twice.",
    "Avoid the word tea at least 3 times.",
  ])("is not read as the demand that it denies, nor as a ban: %s", (instruction) => {
    expect(questions(wordConstraints, instruction)).toEqual([]);
  });

  test("is demanded when only the forgetting of it is denied, or when the denial is over", () => {
    expect(questions(wordConstraints, "Don't forget to use the word tea at least 3 times.")).toEqual([
      'Does "tea" occur at least 3 times?',
    ]);
    expect(questions(wordConstraints, "Do not rhyme; the letter q should appear at most 3 times.")).toEqual([
      'Does "q" occur at most 3 times?',
    ]);
  });
});
