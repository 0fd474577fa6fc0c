import { passagesOf, sentencesOf, withoutPassages } from "./context.ts";
import { matchSentences } from "./match-sentences.ts";
import { lastUserText, type SandboxRequest } from "./request.ts";

/** Answers in the words of the context; says so when there is none, or when it has nothing on the question. */
export function answerFromContext(request: SandboxRequest): string {
  const sentences = sentencesOf(passagesOf(request));
  if (sentences.length === 0) {
    return "This is Proctor's offline sandbox: it knows nothing by itself and answers only from a context in the prompt.";
  }
  const matching = matchSentences(withoutPassages(lastUserText(request)), sentences);
  return matching.length > 0 ? matching.join(" ") : "The given context does not say.";
}
