import { answerPassages, passageBreak, reasoningPassages } from "./joined-passages.ts";
import { isEscaped, withoutEscapes } from "./without-escapes.ts";
import type { ReplyParts, TextDelta } from "./wire.ts";

/**
 * The texts of a reply as clients show them that put its parts together with nothing between: what is cut in two by a part's
 * end is whole here, and so is what a client that parses the answer as JSON reads behind its escapes. Undefined where that is how the reply is read already.
 */
export function gluedReply(reply: ReplyParts): ReplyParts | undefined {
  const answers = answerPassages(reply.passages);
  const [thoughts, others] = partition(reasoningPassages(reply.passages));
  const isOne = answers.every((parts) => parts.length < 2) && thoughts.length < 2;
  if (isOne && !reply.passages.some(({ text }) => isEscaped(text))) return undefined;
  const reasoning = [thoughts.join(""), ...others].filter((text) => text !== "").join(passageBreak);
  const choices = answers.map((parts) => withoutEscapes(textsOf(parts).join("")));
  return { ...reply, choices, reasoning: withoutEscapes(reasoning), toolCalls: [], calls: [] };
}

function partition(passages: readonly TextDelta[]): readonly [readonly string[], readonly string[]] {
  const isThought = ({ type }: TextDelta) => type === "reasoning-delta";
  return [textsOf(passages.filter(isThought)), textsOf(passages.filter((passage) => !isThought(passage)))];
}

function textsOf(passages: readonly TextDelta[]): readonly string[] {
  return passages.map(({ text }) => text);
}
