import type { EachRubric } from "../judge/judge-each.ts";

/** What the judge is asked about every claim when faithfulness is decided by a model. */
export const faithfulnessRubric: EachRubric = {
  name: "faithfulness",
  instructions:
    'Decide for each claim of the output whether the context supports it. The context is the only source that counts: what is true in the world but not in the context is not supported. A claim means what it says in the place where it stands in the output. A conclusion that follows directly from the context is supported. A greeting, a question, an offer of help, a heading and a statement that the context lacks an answer are no claims: their verdict for "supported" is "no_claim". "unsure" is for claims that the context does not let you decide.',
  holder: "claims",
  questions: [
    {
      id: "supported",
      question: "Is the claim stated in the context, or a direct consequence of it?",
      verdicts: ["yes", "no", "unsure", "no_claim"],
    },
    {
      id: "nothing_added",
      question: "Is the claim free of details (names, causes, conditions, examples) that the context does not have?",
      verdicts: ["yes", "no", "unsure"],
    },
    {
      id: "nothing_contradicted",
      question: "Is the claim free of anything that the context contradicts, such as another number, date or amount?",
      verdicts: ["yes", "no", "unsure"],
    },
  ],
  quoteFrom: ["context"],
};
