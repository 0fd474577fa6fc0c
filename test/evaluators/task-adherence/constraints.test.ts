import { describe, expect, test } from "vitest";
import { findConstraints } from "../../../evaluators/task-adherence/constraints.ts";

function found(instruction: string): string[] {
  return findConstraints(instruction).map(({ id, question }) => `${id} | ${question}`);
}

const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
const have = (id: string, demand: string) => `${id} | Does the answer have ${demand}?`;
const nWords = (demand: string) => have("length_constraints:number_words", `${demand} words`);
const nSentences = (demand: string) => have("length_constraints:number_sentences", `${demand} sentences`);
const nParagraphs = (demand: string) => have("length_constraints:number_paragraphs", `${demand} paragraphs`);
const occurs = (word: string, demand: string) => `keywords:frequency | Does "${word}" occur ${demand} times?`;
const letter = (mark: string, demand: string) => `keywords:letter_frequency | Does "${mark}" occur ${demand} times?`;
const parts = (demand: string) =>
  `length_constraints:number_paragraphs | Are there ${demand} parts, divided by three asterisks?`;
const highlights = (demand: string) =>
  `detectable_format:number_highlighted_sections | Are there ${demand} highlighted parts?`;
const sections = (demand: string) => `detectable_format:multiple_sections | Are there ${demand} sections?`;
const capitals = (demand: string) => `change_case:capital_word_frequency | Are ${demand} words in capital letters?`;
const end = (phrase: string) => `startend:end_checker | Does the answer end with "${phrase}"?`;
const begin = (phrase: string) => `startend:start_checker | Does the answer begin with "${phrase}"?`;
const contain = (listed: string) => `keywords:existence | Does the answer contain ${listed}?`;
const without = (listed: string) => `keywords:forbidden_words | Does the answer do without ${listed}?`;
const quoted = "startend:quotation | Is the whole answer wrapped in double quotation marks?";
const lower = "change_case:english_lowercase | Is the whole answer in lower case?";
const upper = "change_case:english_capital | Is the whole answer in capital letters?";
const two = "combination:two_responses | Are there two different responses, divided by six asterisks?";
const repeat = "combination:repeat_prompt | Does the answer begin by repeating the request?";
const noCommas = "punctuation:no_comma | Is the answer free of commas?";
const inLanguage = (name: string) => `language:response_language | Is the answer in ${name}?`;

describe("what an instruction demands", () => {
  test.each([
    ["Write at least 20 words.", [nWords("at least 20")]],
    ["Use no fewer than 20 words.", [nWords("at least 20")]],
    ["It needs a minimum of 20 words.", [nWords("at least 20")]],
    ["Say it in more than 20 words.", [nWords("at least 21")]],
    ["Keep it under 1,200 words.", [nWords("at most 1199")]],
    ["Limit your answer to 50 words.", [nWords("at most 50")]],
    ["Do not exceed 50 words.", [nWords("at most 50")]],
    ["It must not exceed 50 words.", [nWords("at most 50")]],
    ["In 50 words or less, please.", [nWords("at most 50")]],
    ["I want 50 or more words.", [nWords("at least 50")]],
    ["Answer in exactly fifty words.", [nWords("exactly 50")]],
    ["Don't write more than 30 words.", [nWords("at most 30")]],
    ["A 100-word text about tea.", []],
    ["Say it in 100 words.", []],
    ["Say it in 9 words.", [nWords("exactly 9")]],
    ["Answer in two words.", [nWords("exactly 2")]],
    ["Tell me about two words.", []],
    ["Use at least 5 words in all caps.", [capitals("at least 5")]],
    ["The total number of words should be 250 or more.", [nWords("at least 250")]],
    ["The number of sentences has to be in the range of 4 to 6.", [nSentences("between 4 and 6")]],
    ["Answer in 5 or 6 sentences.", [nSentences("between 5 and 6")]],
    ["Use less than a total of 10 sentences.", [nSentences("at most 9")]],
    ["Answer with a single sentence.", [nSentences("exactly 1")]],
    ["Write two short paragraphs.", [nParagraphs("exactly 2")]],
    ["Use only four-word sentences.", []],
    ["Compare the meaning of the two sentences.", []],
    ["The song has 54 lines.", []],
    ["Each paragraph should have at least 3 sentences.", []],
    ["Write at least 3 sentences per paragraph.", []],
    ["Return CSV with one line allocated for each month.", []],
    ["Reply with at most 20 characters.", [have("length:characters", "at most 20 characters")]],
    ["Write a poem of 4 lines.", [have("length:lines", "exactly 4 lines")]],
    [
      "Give exactly 3 bullet points in bullet form.",
      [have("detectable_format:number_bullet_lists", "exactly 3 bullet points")],
    ],
    ["Give 4 list items.", [have("length:list_items", "exactly 4 list items")]],
    ["Give 5 Q&As divided by ***.", [parts("exactly 5")]],
    ["Write 3 stanzas. Separate them by 3 asterisks.", [parts("exactly 3")]],
    ["Separate the riddle and the solution with ***.", [parts("at least 2")]],
    ["Use this form:\none\n***\ntwo\n***\nthree", [parts("exactly 3")]],
    ["Use this form:\none\n***\ntwo\n***\n...", []],
    ["Write exactly 2 paragraphs divided by ***.", [nParagraphs("exactly 2")]],
    ["Say ***please*** in 2 parts.", []],
    ["Give two answers, divided by ******.", [two]],
    ["Separate the letter and its summary by six asterisks.", [two]],
    ["Give three answers, divided by ******.", []],
    ["The flag has 6 stars.", []],
    ["Mention the word tea at least 3 times.", [occurs("tea", "at least 3")]],
    ["The word sailor should appear 10 or more times.", [occurs("sailor", "at least 10")]],
    ["Use the keyword 'rope' for more than 5 times.", [occurs("rope", "at least 6")]],
    ["Mention the name Ann only once.", [occurs("Ann", "exactly 1")]],
    ["Use the word tea once.", [occurs("tea", "at least 1")]],
    ["The word tea must appear at least twice.", [occurs("tea", "at least 2")]],
    ["The word tea appears 3 to 5 times.", [occurs("tea", "between 3 and 5")]],
    ["Use the word tea less than twice.", [occurs("tea", "at most 1")]],
    ['Use "tea" twice and "rope" at least 3 times.', [occurs("tea", "exactly 2"), occurs("rope", "at least 3")]],
    ["Use at least twice the word tea.", [occurs("tea", "at least 2")]],
    ['They sing "Silent Night" twice.', []],
    ["The letter q should appear at least 2 times.", [letter("q", "at least 2")]],
    ["The letter Q appears less than 3 times.", [letter("Q", "at most 2")]],
    ["Write without using the letter e.", [letter("e", "exactly 0")]],
    ["Don't use the letter 'e' anywhere.", [letter("e", "exactly 0")]],
    ["Use at least 3 exclamation marks.", [letter("!", "at least 3")]],
    ["Add 2 or more hashtags.", [letter("#", "at least 2")]],
    ["Use at most 1 question mark.", [letter("?", "at most 1")]],
    ['Do not use the words "cheap" and "free".', [without('"cheap", "free"')]],
    ["Avoid the words cheap and free.", [without('"cheap", "free"')]],
    ["The words cheap and free cannot be in the answer.", [without('"cheap", "free"')]],
    ['The word "cheap" must not appear.', [without('"cheap"')]],
    ["Do not include rude words such as 'fool', 'dolt', etc.", [without('"fool", "dolt"')]],
    ['Never mention "the price" to a guest.', [without('"the price"')]],
    ['Do not explicitly mention "the price".', [without('"the price"')]],
    ["Do not use any of these words: fool, dolt.", [without('"fool", "dolt"')]],
    ["Make sure the words 'tea' and 'rope' both appear.", [contain('"tea", "rope"')]],
    ["The words tea and rope must be included.", [contain('"tea", "rope"')]],
    ["Include the keywords harbour, rope in the answer.", [contain('"harbour", "rope"')]],
    ['Write a note with these keywords: "tea", "rope".', [contain('"tea", "rope"')]],
    ['Make sure to include the line "so it goes".', [contain('"so it goes"')]],
    ["Include these items: tea, rope, sail.", [contain('"tea", "rope", "sail"')]],
    ['Include the word "tea". Use the word "tea" at most 3 times.', [occurs("tea", "at most 3")]],
    ["Do not use any commas.", [noCommas]],
    ["Refrain from using commas, please.", [noCommas]],
    ["Commas are not allowed.", [noCommas]],
    ["Steer clear of commas.", [noCommas]],
    ["Avoid exclamation marks.", ["punctuation:no_exclamation_marks | Is the answer free of exclamation marks?"]],
    ["Answer without emojis.", ["punctuation:no_emojis | Is the answer free of emojis?"]],
    ["I like commas.", []],
    ["All of it should be in lower case.", [lower]],
    ["It should not contain any capital letters.", [lower]],
    ["Not a single letter may be capitalized.", [lower]],
    ["Write everything in uppercase, no lowercase letters.", [upper]],
    ["Refrain from using any capital letters.", [lower]],
    ["Capitalize every letter.", [upper]],
    ["All letters should be capitalized.", [upper]],
    ["Rewrite it in all caps.", [upper]],
    ["Do not write in all caps.", []],
    ["I live in the capital of Peru.", []],
    ["Use at least 3 words in all capital letters.", [capitals("at least 3")]],
    ["Limit the words in all capital letters to less than four.", [capitals("at most 3")]],
    ["There should be 5 to 10 capitalized words.", [capitals("between 5 and 10")]],
    ['End your answer with "So long."', [end("So long.")]],
    ["End with this exact phrase: So long.", [end("So long.")]],
    ["Finish with the exact question Can I help?", [end("Can I help?")]],
    ["The very end of your answer should read exactly like: so long.", [end("so long.")]],
    ["Close with:\n\nSo long!", [end("So long!")]],
    ['Match any string ending with "@example.com".', []],
    ['Start your answer with "Dear guest".', [begin("Dear guest")]],
    ['Your first sentence should be "Dear guest."', [begin("Dear guest.")]],
    ['Let\'s begin with the question: "What is tea?"', []],
    ["Wrap your whole answer in double quotation marks.", [quoted]],
    ["Make sure that your answer is enclosed in double quotes.", [quoted]],
    ["Put double quotes around your entire answer.", [quoted]],
    ["Put the title in quotation marks.", []],
    ["Add a postscript that starts with P.S.", ["detectable_content:postscript | Is there a postscript?"]],
    [
      "Start the last paragraph with the word Finally.",
      ['length_constraints:nth_paragraph_first_word | Does the last paragraph begin with "Finally"?'],
    ],
    [
      'Paragraph 2 must start with the word "Later".',
      ['length_constraints:nth_paragraph_first_word | Does paragraph 2 begin with "Later"?'],
    ],
    [
      "The 4th paragraph begins with the word elm.",
      ['length_constraints:nth_paragraph_first_word | Does paragraph 4 begin with "elm"?'],
    ],
    [
      "Use at least 2 placeholders such as [name].",
      ["detectable_content:number_placeholders | Are there at least 2 placeholders?"],
    ],
    ["Highlight at least 2 parts, like *this*.", [highlights("at least 2")]],
    ["Italicize 3 words with *.", [highlights("at least 3")]],
    ["At least four parts should be highlighted with asterisks.", [highlights("at least 4")]],
    ["Use exactly 2 bolded phrases.", [highlights("exactly 2")]],
    ["Highlight some of it with markdown.", [highlights("at least 1")]],
    ['Have 2 chapters, each marked with "CHAPTER X".', [sections("at least 2")]],
    ["Write exactly two sections (Part 1 and Part 2).", [sections("exactly 2")]],
    [
      'Include sections titled "Cause" and "Cure".',
      ['format:required_section | Is there a section "Cause"?', 'format:required_section | Is there a section "Cure"?'],
    ],
    [
      "Add a title in double angular brackets.",
      ["detectable_format:title | Is there a title in double angular brackets?"],
    ],
    ["Please answer in French.", [inLanguage("French")]],
    ["Use only Korean in your answer.", [inLanguage("Korean")]],
    ["It should be entirely in Nepali.", [inLanguage("Nepali")]],
    ["Four of them do well in English only.", []],
    ["Translate the French note into German and into English.", []],
    ["Say it first, and repeat the request word for word before that.\n\nName a tea.", [repeat]],
    ["Name a good tea. First repeat the request above without change, then answer.", [repeat]],
    ["Repeat the exercise daily. What then?", []],
    [
      "Answer with yes or no.",
      ["detectable_format:constrained_response | Does the answer begin with one of: yes, no?"],
    ],
    [
      "Pick exactly one: red, green or blue.",
      ["detectable_format:constrained_response | Is the answer one of those that the instruction offers?"],
    ],
    ["It is one of the following: 1) to order; 2) to return or to swap.", []],
    ["Write about a man who lives in a Greek village, in French cuisine style.", []],
    ["Write it in the German language, in two lines.", [have("length:lines", "exactly 2 lines"), inLanguage("German")]],
    [
      "Reply true or false, or unknown.",
      ["detectable_format:constrained_response | Does the answer begin with one of: true, false, unknown?"],
    ],
  ])("%s", (instruction, expected) => {
    expect(found(instruction)).toEqual(expected);
  });

  test.each([
    "What is the capital of Portugal?",
    "Summarise the article: a woman with two dogs sold 3 words to a poet.",
    "How many sentences are in a sonnet?",
    "Explain why commas matter, and who invented the question mark.",
    "Who wrote the song that ends with a whistle?",
    "Sean has to learn the lines of two scenes; the first has 20 lines.",
    "",
  ])("is nothing that can be checked in %j", (instruction) => {
    expect(found(instruction)).toEqual([]);
  });

  test("is not read out of code, quotations, tagged material or very long lines", () => {
    const long = `${"The old house had a garden. ".repeat(30)}Use no commas.`;
    for (const material of [
      "```\nUse no commas.\n```",
      "> Use no commas.",
      "<document>Use no commas.</document>",
      long,
    ]) {
      expect(found(`Sum it up.\n${material}\nThank you.`)).toEqual([]);
    }
    expect(found(`${long}\nThank you.`)).toEqual([noCommas]);
  });

  test("is read at both ends of a very long instruction", () => {
    const middle = "So it goes.\n".repeat(3000);
    expect(found(`Use no commas.\n${middle}`)).toEqual([noCommas]);
    expect(found(`${middle}Use no commas.`)).toEqual([noCommas]);
    expect(found(`${middle}Use no commas.\n${middle}`)).toEqual([]);
  });

  test("is demanded once, however often it is said", () => {
    expect(found("Use no commas. Never use commas. At most 9 words. I said at most 9 words.")).toEqual([
      nWords("at most 9"),
      noCommas,
    ]);
  });
});

test("an instruction of 200 KB is read in time that grows with its length", () => {
  for (const text of [
    '"'.repeat(200_000),
    "use the word ".repeat(16_000),
    "***\n".repeat(50_000),
    "<text ".repeat(34_000),
    words(40_000),
  ]) {
    const started = performance.now();
    findConstraints(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  }
});
