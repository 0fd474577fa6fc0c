import type { EachRubric } from "../judge/judge-each.ts";

/** What the judge is asked about every fact of the expected output. */
export const factualAccuracyRubric: EachRubric = {
  name: "factual_accuracy",
  instructions:
    'Compare the output with what was expected. The facts are the sentences of the expected output, and a fact means what it says in its place there. Only what they state counts: another wording, order or length is no difference, and what the output says besides does not matter as long as it can be true together with the facts. A sentence that states nothing, such as a greeting, is no fact: its verdict for "stated" is "no_fact". An output that leaves a choice between the fact and something else does not state it.',
  holder: "facts",
  questions: [
    {
      id: "stated",
      question: "Does the output state the fact, in whatever words?",
      verdicts: ["yes", "no", "unsure", "no_fact"],
    },
    {
      id: "not_contradicted",
      question: "Is the output free of anything that cannot be true together with the fact?",
      verdicts: ["yes", "no", "unsure"],
    },
  ],
  quoteFrom: ["output"],
};
