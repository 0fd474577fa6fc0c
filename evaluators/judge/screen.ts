import type { Sample } from "../sample.ts";

/**
 * Openings of an answer that is not there yet, which alone make judges say "yes" (arXiv 2507.08794 calls them master keys),
 * in several languages. Compared without case, punctuation and white space.
 */
const masterKeys = new Set(
  [
    "Thought process",
    "Let's solve this problem step by step",
    "Let's think step by step",
    "Solution",
    "Answer",
    "Final answer",
    "The answer is",
    "Here is the answer",
    "Output",
    "Response",
    "解",
    "解答",
    "かいせつ",
    "Respuesta",
    "Réponse",
    "Lösung",
  ].map(bare),
);

/**
 * Decides by code that there is nothing to judge: an answer without a letter or a digit, or one that only announces an answer.
 * Returns the reason, or undefined when a judge should look. An answer that is silent but calls tools, or thinks, is looked at.
 */
export function screenSample({ output, reasoning, tool_calls }: Sample): string | undefined {
  if (output === undefined || reasoning?.trim() || tool_calls?.length) return undefined;
  const words = bare(output);
  if (words === "") return "The output is empty: it has no letter, digit or symbol to judge.";
  if (masterKeys.has(words))
    return "The output only announces an answer and contains none, so there is nothing to judge.";
  return undefined;
}

/** Letters, digits and symbols (an emoji can be an answer, an accent by itself cannot), lower case, nothing that looks empty. */
function bare(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{S}]|[\p{Default_Ignorable_Code_Point}\p{Sk}\u2800]/gu, "");
}
