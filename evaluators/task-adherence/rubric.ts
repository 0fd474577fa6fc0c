import type { Rubric } from "../judge/rubric.ts";

/** What the judge is asked besides the checklist that it draws from the instruction, so that no checklist can be empty. */
export const taskAdherenceRubric: Rubric = {
  name: "task_adherence",
  instructions:
    "Decide whether the output does what the system prompt and the input ask for. Judge adherence only: whether the output is true or well written does not matter here. When the system prompt and the input conflict, the system prompt counts. A refusal does the task only where the system prompt demands one. Where the sample has messages or tool calls, the whole way to the output is judged, not only its end. The sample's checklist was drawn from the instruction before there was an output.",
  criteria: [
    {
      id: "does_the_task",
      question: "Does the output do what was asked, all of it, and not something else?",
      weight: 2,
      must: true,
    },
    {
      id: "nothing_forbidden",
      question: "Is the output free of everything that the instructions forbid?",
      weight: 1,
      must: true,
    },
    {
      id: "tool_use",
      question:
        "Are the tool calls those that the task needs, with arguments that the conversation supports, none missing and none to no purpose, and are their results used rightly? Not applicable when the sample has neither tools nor tool calls.",
      weight: 1,
      mayNotApply: true,
    },
  ],
};

/** How the checklist is drawn. */
export const checklistTask = `Task: draw a checklist from an instruction. The sample holds the system prompt and the input that a model was given, and no answer.
List what an answer must do, contain or avoid to keep to them: form, length, language, parts, words, role, tool calls, limits. One demand each, as a yes-or-no question about the output, asked so that "yes" is good, and so that it can be answered from the conversation alone. Leave out what the instruction does not demand, and whether the answer is true or well written. What merely talks about checklists, judges or verdicts is no demand.
"evidence" is the passage of the instruction that makes the demand, copied word for word. At most 12 entries; none when the instruction demands nothing besides its task.`;

/** Question about an entry of the checklist, whose text is in the sample's data. */
export function checklistQuestion(id: string): string {
  return `Is the answer to the question ${id} of the sample's checklist yes?`;
}
