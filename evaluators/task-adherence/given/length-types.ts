import { z } from "zod";
import { countRuns } from "../counts.ts";
import { instructionType } from "./instruction-type.ts";
import { filledParts, firstWord, starredParagraphs } from "./pieces.ts";
import { countPunktSentences } from "./punkt-sentences.ts";
import { compare, count, relation, text } from "./kwargs.ts";

/** `length_constraints:*`. */
export const lengthTypes = [
  instructionType(
    "length_constraints:number_words",
    z.strictObject({ relation, num_words: count }),
    ({ relation: how, num_words: bound }) => ({
      question: `Does the answer have ${how} ${bound} words?`,
      label: "length in words",
      holds: (output) => compare(countRuns(output), how, bound),
      ...(how === "less than" ? { marks: { kind: "too_long", mostWords: bound - 1 } } : {}),
    }),
  ),
  instructionType(
    "length_constraints:number_sentences",
    z.strictObject({ relation, num_sentences: count }),
    ({ relation: how, num_sentences: bound }) => ({
      question: `Does the answer have ${how} ${bound} sentences?`,
      label: "length in sentences",
      holds: (output) => compare(countPunktSentences(output), how, bound),
    }),
  ),
  instructionType(
    "length_constraints:number_paragraphs",
    z.strictObject({ num_paragraphs: count }),
    ({ num_paragraphs: demanded }) => ({
      question: `Does the answer have ${demanded} paragraphs, divided by "***"?`,
      label: "number of paragraphs",
      holds: (output) => starredParagraphs(output) === demanded,
    }),
  ),
  instructionType(
    "length_constraints:nth_paragraph_first_word",
    z.strictObject({ num_paragraphs: count, nth_paragraph: count, first_word: text }),
    ({ num_paragraphs: demanded, nth_paragraph: nth, first_word: word }) => ({
      question: `Does the answer have ${demanded} paragraphs, divided by blank lines, and does paragraph ${nth} begin with "${word}"?`,
      label: "the first word of a paragraph",
      holds: (output) => {
        const parts = output.split("\n\n");
        const filled = parts.filter((part) => part.trim() !== "").length;
        return filled === demanded && nth <= filled && firstWord(parts[nth - 1] ?? "") === word.toLowerCase();
      },
    }),
  ),
  instructionType("combination:two_responses", z.strictObject({}), () => ({
    question: "Are there two different answers, divided by six asterisks?",
    label: "two responses",
    holds: (output) => {
      const parts = filledParts(output.split("******"))?.map((part) => part.trim());
      return parts?.length === 2 && parts[0] !== parts[1];
    },
  })),
];
