import { compareByWords, drawChecklist } from "./judge-by-words.ts";
import { judgeTexts } from "./judge-texts.ts";
import { judgeCriteria } from "./judge-criteria.ts";
import { type JudgePrompt, readJudgePrompt } from "./judge-prompt.ts";
import type { SandboxRequest } from "./request.ts";

const onlyJudges = "This is Proctor's offline sandbox judge: it answers nothing but questions of the judge protocol.";
const noVerdict = "This is Proctor's offline sandbox judge: it could not examine the sample.";

/** Ways to answer, by the key of the answer's form. */
const answers: Readonly<Record<string, (prompt: JudgePrompt) => object | undefined | Promise<object | undefined>>> = {
  criteria: (prompt) => ("first_answer" in prompt.data ? compareByWords(prompt) : judgeCriteria(prompt)),
  claims: (prompt) => judgeTexts(prompt, "claims"),
  facts: (prompt) => judgeTexts(prompt, "facts"),
  checklist: drawChecklist,
};

/**
 * Answers the judge protocol by rule: local evaluators decide what they can, words in common the rest. Evidence is copied
 * from the sample. What could not be examined has no verdict, and then the whole answer is none.
 */
export async function judgeAnswer(request: SandboxRequest): Promise<string> {
  const prompt = readJudgePrompt(request);
  const key = Object.keys(prompt?.form ?? {}).find((name) => Object.hasOwn(answers, name));
  if (prompt === undefined || key === undefined) return onlyJudges;
  const said = await answers[key]?.(prompt);
  return said === undefined ? noVerdict : JSON.stringify({ nonce: prompt.nonce, [key]: said });
}
