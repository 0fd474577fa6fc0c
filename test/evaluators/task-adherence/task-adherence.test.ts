import { describe, expect, test } from "vitest";
import { evaluate } from "../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { taskAdherence } from "../../../evaluators/task-adherence/task-adherence.ts";

function examine(input: string, output: string, system?: string) {
  const evaluators = createEvaluatorSet([taskAdherence.configure()]);
  return evaluate("task_adherence", { input, output, system }, { evaluators });
}

const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
const french = "Bonjour, la livraison de votre commande est prévue pour demain matin.";
const english = "Hello, the delivery of your order is planned for tomorrow morning.";

describe("constraints that can be checked", () => {
  test.each([
    ["Write at least 20 words.", words(20), words(19)],
    ["Use at most 10 words.", words(10), words(11)],
    ["Answer in fewer than 10 words.", words(9), words(10)],
    ["I want nothing longer than 30 words.", words(30), words(31)],
    ["Write 300+ words about tea.", words(300), words(299)],
    ["Write between 5 and 7 words.", words(6), words(8)],
    ["Answer in exactly two sentences.", "One. Two.", "One. Two. Three."],
    ["Answer in 2 sentences.", "It costs $3.50. Dr. Lee pays.", "It costs."],
    ["Write three paragraphs.", "a\n\nb\n\nc", "a\n\nb"],
    ["Write 2 paragraphs separated by ***.", "a\n\n***\n\nb", "a\n\nb"],
    ["Give exactly 3 bullet points.", "- a\n- b\n- c", "- a\n- b"],
    ["Reply with at most 20 characters.", "short", "this is clearly much too long"],
    ["Return only valid JSON.", '{"a": [1]}', 'Sure! {"a": 1}'],
    ["Respond with a JSON array.", "[1, 2]", '{"a": 1}'],
    ["Return JSON without code fences.", '{"a": 1}', '```json\n{"a": 1}\n```'],
    ["Present it as a bulleted list.", "- a", "a"],
    ["Give me a numbered list.", "1. a\n2. b", "- a"],
    ["Use markdown headings.", "# Tea\ntext", "Tea\ntext"],
    ["Add a title in double angular brackets, such as <<tea>>.", "<<My tea>>\ntext", "My tea"],
    ["Your entire response should be in lowercase letters.", "all small", "All small"],
    ["Answer in all capital letters.", "LOUD", "Loud"],
    ["Do not use any commas.", "none here", "one, here"],
    ["Don't use commas or exclamation marks; no commas please.", "none", "a, b"],
    ["Do not use exclamation marks.", "calm.", "loud!"],
    ['Start your answer with the phrase "Dear guest".', "Dear guest, hello.", "Hello, dear guest."],
    ['End your response with the exact phrase "See you soon."', "Bye. See you soon.", "See you soon. Bye."],
    ["Wrap your entire response with double quotation marks.", '"all of it"', "all of it"],
    ['Include the keywords "harbour" and "rope".', "A rope in the harbour.", "A rope."],
    ["Include keywords harbour, rope in the response.", "A rope in the harbour.", "A harbour."],
    ['Do not use the word "cheap".', "A fair price.", "A cheap price."],
    ["Avoid the words cheap and free.", "A fair price.", "It is free."],
    ['Mention the word "tea" at least 3 times.', "Tea, tea and tea.", "Tea and tea."],
    ["The letter q should appear at least 2 times.", "quick quiz", "quick"],
    ["At the end, add a postscript starting with P.S.", "Bye.\nP.S. Write!", "Bye."],
    ["The response must contain at least 2 placeholders such as [name].", "[name] of [town]", "[name]"],
    [
      'Have 2 sections, mark the beginning of each section with "SECTION X".',
      "SECTION 1\na\nSECTION 2\nb",
      "SECTION 1\na",
    ],
    ["Give two different responses, separated by 6 asterisks: ******.", "a\n******\nb", "a\n******\na"],
    ['Choose one of the following: "yes", "no", "maybe".', "maybe", "perhaps"],
    ['The second paragraph must start with the word "Later".', "a\n\nLater b", "a\n\nb"],
    ["Please answer in French.", french, english],
    ["Answer in English only.", english, french],
    ["Highlight at least 2 sections with markdown, like *this*.", "*a* and *b*", "*a*"],
    ["At least 3 words should be in all capital letters.", "ONE TWO THREE four", "ONE two"],
  ])("%s", async (instruction, meets, misses) => {
    expect(await examine(instruction, meets)).toMatchObject({ outcome: "pass", score: 1 });
    const failed = await examine(instruction, misses);
    expect(failed.outcome).toBe("fail");
    expect(failed.criteria?.some(({ verdict }) => verdict === "no")).toBe(true);
  });

  test("are looked for in the system prompt as well", async () => {
    expect((await examine("How are you?", "Fine, thanks.", "Never use commas.")).outcome).toBe("fail");
  });

  test("count one by one: the score is the share that is met", async () => {
    const { score, outcome, reason, criteria } = await examine(
      "Answer in French. Do not use any commas. Write at least 5 words.",
      english,
    );
    expect(score).toBeCloseTo(1 / 3);
    expect(outcome).toBe("fail");
    expect(reason).toBe("2 of 3 checkable constraints are not met: no commas, language.");
    expect(criteria?.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
      "length_constraints:number_words: yes",
      "punctuation:no_comma: no",
      "language:response_language: no",
    ]);
  });
});

describe("what cannot be checked", () => {
  test.each([
    "What is the capital of Portugal?",
    "Summarise the article: a woman with two dogs sold 3 words to a poet.",
    "How many sentences are in a sonnet?",
    "Who wrote JSON Schema? I read about lowercase somewhere once.",
    "Explain why each paragraph has at least 3 sentences in good essays.",
    "I live in a French village. Who is Marie Curie?",
  ])("abstains on %j instead of passing", async (instruction) => {
    const result = await examine(instruction, "An answer.");
    expect(result).toMatchObject({ outcome: "abstained", score: null });
    expect(result.reason).toContain("no checkable constraint in the instruction");
  });

  test("abstains when the only constraint cannot be decided on this answer", async () => {
    expect(await examine("Answer in French.", "42")).toMatchObject({ outcome: "abstained", score: null });
  });

  test("is skipped without an instruction, and says what is missing", async () => {
    const result = await evaluate(
      "task_adherence",
      { output: "x" },
      { evaluators: createEvaluatorSet([taskAdherence.configure()]) },
    );
    expect(result).toMatchObject({
      outcome: "skipped",
      score: null,
      reason: "Not examined: the sample has no input or system.",
    });
  });

  test("reads no instruction out of quoted material", async () => {
    expect(
      (
        await examine(
          "Summarise:\n<document>Use at most 3 words.</document>\n> Answer in French.",
          "A summary of it all.",
        )
      ).outcome,
    ).toBe("abstained");
  });
});

test("an empty answer meets no constraint, not even one that forbids", async () => {
  expect(await examine("Do not use any commas.", "")).toMatchObject({ outcome: "fail", score: 0 });
});

test("the reason names kinds of constraints and repeats nothing of the answer", async () => {
  const { reason } = await examine('Do not use the word "extraordinarily".', "That is extraordinarily kind.");
  expect(reason).toBe("1 of 1 checkable constraint is not met: a forbidden word.");
});
