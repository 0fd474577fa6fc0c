import type { Sample } from "../../../evaluators/index.ts";
import { sentencesOf } from "./context.ts";
import type { JudgePrompt } from "./judge-prompt.ts";
import { wordStems } from "./match-sentences.ts";

/** Words by which a sentence of an instruction makes a demand on the form of an answer. */
const demanding =
  /\b(?:must|should|at most|at least|exactly|only|always|never|do not|don't|avoid|include|mention|use|answer in|write in|respond in|format|words?|sentences?|paragraphs?)\b/i;

const prefix = "Does the output keep to this demand of the instruction: ";

/** How the sandbox words an entry of a checklist, and how it knows one again. */
export const checklistQuestion = {
  write: (demand: string) => `${prefix}${demand.slice(0, 300)}`,
  read: (question: string) => (question.startsWith(prefix) ? question.slice(prefix.length) : undefined),
};

const mostDemands = 8;

/** An entry for each sentence of the instruction that demands something of the form. */
export function drawChecklist({ sample: { system = "", input = "" } }: JudgePrompt): object {
  return sentencesOf([system, input])
    .filter((sentence) => demanding.test(sentence))
    .slice(0, mostDemands)
    .map((sentence) => ({ evidence: sentence, question: checklistQuestion.write(sentence) }));
}

/**
 * A question that asks to avoid something is met when the text has less than half of the words for it, any other when it has
 * at least half.
 */
export function verdictByWords(question: string, sample: Sample): "yes" | "no" | "unsure" {
  if (/\b(?:the|whole|part of the) input\b/i.test(question)) return answersTheInput(sample);
  const { output, input = "" } = sample;
  const [, avoided] = /\b(?:avoid|free (?:of|from)|without|refrain from|never)\b(.*)/i.exec(question) ?? [];
  const asked = [...wordStems((avoided ?? question).replace(/\b(?:answer|output|response|reply)\w*/gi, ""))];
  const text = wordStems(output ?? input);
  if (asked.length === 0) return "unsure";
  const hasHalf = asked.filter((stem) => text.has(stem)).length * 2 >= asked.length;
  return hasHalf === (avoided === undefined) ? "yes" : "no";
}

/** An answer has a word in common with what it answers, unless that has none. */
export function answersTheInput({ input = "", output = "" }: Sample): "yes" | "no" {
  const asked = [...wordStems(input)];
  const said = wordStems(output);
  return asked.length === 0 || asked.some((stem) => said.has(stem)) ? "yes" : "no";
}

/** Prefers the answer that has more words in common with the input and the context. */
export function compareByWords({ data, questions, sample }: JudgePrompt): object {
  const wanted = wordStems([sample.input ?? "", ...(sample.context ?? [])].join("\n"));
  const shared = (key: string) => [...wordStems(String(data[key]))].filter((stem) => wanted.has(stem)).length;
  const difference = shared("first_answer") - shared("second_answer");
  const verdict = difference === 0 ? "tie" : difference > 0 ? "first" : "second";
  const evidence = "Words in common with the input and the context.";
  return Object.fromEntries(questions.map(({ id }) => [id, { evidence, verdict }]));
}
