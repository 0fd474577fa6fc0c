import type { WireName } from "../../gateway/providers/provider.ts";
import type { Translation } from "../../gateway/translation/translation.ts";
import { type Answer, anyBlockAnswer, anyChoiceAnswer, joinedIn } from "./any-answer.ts";
import type { WrittenEvent } from "./any-framing.ts";
import { completionChunks, wholeCompletion } from "./chat-writing.ts";
import { messageEvents, messagesRefusal, wholeMessage } from "./messages-writing.ts";
import { chatEvents, namedEvents } from "./translated.ts";
import { saidIn, type WhatWasSaid } from "./what-was-said.ts";

/** How the target of a translation writes. */
export function targetOf({ target }: Pick<Translation, "target">) {
  return targets[target === "chat" ? "chat" : "messages"];
}

const targets = {
  chat: {
    answers: anyChoiceAnswer,
    events: (answer: Answer): readonly WrittenEvent[] => chatEvents(completionChunks(answer)),
    whole: wholeCompletion,
  },
  messages: {
    answers: anyBlockAnswer,
    events: (answer: Answer): readonly WrittenEvent[] => namedEvents(messageEvents(answer)),
    whole: wholeMessage,
  },
} as const;

/** What a client can know of an answer in its own dialect. */
export function understood(
  answer: Answer,
  { client, target }: { readonly client: WireName; readonly target: WireName },
): WhatWasSaid {
  const said = saidIn(answer);
  if (target === "messages") {
    if (answer.ending !== "refused") return said;
    // A response that says its refusal in words is complete.
    return { ...said, refusal: messagesRefusal, ending: client === "responses" ? "done" : "refused" };
  }
  const isRefusing = said.refusal !== "";
  if (client === "responses")
    return { ...said, ending: isRefusing && said.ending === "refused" ? "done" : said.ending };
  const ending = isRefusing && said.ending === "done" ? "refused" : said.ending;
  return { ...said, text: joinedIn(answer, "words", "refused"), refusal: "", ending };
}
