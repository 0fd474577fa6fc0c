import type { Rubric } from "../judge/rubric.ts";

/** What the judge is asked when task adherence is decided by a model. */
export const taskAdherenceRubric: Rubric = {
  name: "task_adherence",
  instructions:
    "Decide whether the output does what the system prompt and the input ask for. Judge adherence only: whether the output is true or well written does not matter here. When the system prompt and the input conflict, the system prompt counts. A refusal does the task only where the system prompt demands one.",
  criteria: [
    { id: "does_the_task", question: "Does the output do what was asked, and not something else?", weight: 2 },
    { id: "every_part", question: "Is every part of what was asked answered?", weight: 2 },
    {
      id: "constraints",
      question: "Are all stated constraints met (length, format, language, words to use or avoid, role, tone)?",
      weight: 2,
    },
    { id: "nothing_forbidden", question: "Is the output free of everything that the instructions forbid?", weight: 1 },
  ],
  quoteFrom: ["output", "input"],
};
