import type { Rubric } from "../judge/rubric.ts";

/** What the judge is asked when faithfulness is decided by a model. */
export const faithfulnessRubric: Rubric = {
  name: "faithfulness",
  instructions:
    "Decide whether the output says only what the context supports. The context is the only source that counts: what is true in the world but not in the context is not supported. Greetings, questions, offers of help and statements that the context lacks an answer are not claims. A conclusion that follows directly from the context is supported.",
  criteria: [
    {
      id: "supported",
      question: "Is every factual claim of the output stated in the context or a direct consequence of it?",
      weight: 2,
    },
    {
      id: "nothing_added",
      question: "Is the output free of details (names, causes, conditions, examples) that the context does not have?",
      weight: 1,
    },
    { id: "nothing_contradicted", question: "Is the output free of anything that the context contradicts?", weight: 2 },
    {
      id: "numbers",
      question: "Does every number, date, time and amount in the output agree with the context?",
      weight: 1,
    },
  ],
  quoteFrom: ["context", "output"],
};
