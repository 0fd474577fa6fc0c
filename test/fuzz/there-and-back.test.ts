import fc from "fast-check";
import { expect, test } from "vitest";
import { chatToMessages } from "../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { messagesToChat } from "../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import { type Answer, anyBlockAnswer, anyChoiceAnswer, joinedIn } from "./any-answer.ts";
import { anyFraming, cutInto, framed } from "./any-framing.ts";
import { completionChunks, wholeCompletion } from "./chat-writing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { messageEvents, messagesRefusal, wholeMessage } from "./messages-writing.ts";
import { chatEvents, namedEvents, translatedStream, translatedWhole } from "./translated.ts";
import { readStream, readWhole, saidIn, type WhatWasSaid } from "./what-was-said.ts";

test(
  "a messages answer comes back from chat as it was, streamed and in one piece",
  async () => {
    await always(fc.tuple(anyBlockAnswer, anyFraming), 100, async ([answer, framing]) => {
      const bytes = framed(namedEvents(messageEvents(answer)), framing);
      const there = await translatedStream(chatToMessages, cutInto(bytes, framing.cuts));
      const back = await translatedStream(messagesToChat, cutInto(Buffer.concat(there.bytes), framing.cuts));
      expect(await readStream("messages", back.bytes)).toMatchObject({ said: refusedInText(answer), end: "end" });
      const whole = await translatedWhole(messagesToChat, await translatedWhole(chatToMessages, wholeMessage(answer)));
      expect(withoutInputs(readWhole("messages", whole))).toEqual(withoutInputs(refusedInText(answer)));
    });
  },
  fuzzTimeout,
);

test(
  "a chat answer comes back from messages as it was, streamed and in one piece",
  async () => {
    await always(fc.tuple(anyChoiceAnswer, anyFraming), 100, async ([answer, framing]) => {
      const bytes = framed(chatEvents(completionChunks(answer)), framing);
      const there = await translatedStream(messagesToChat, cutInto(bytes, framing.cuts));
      const back = await translatedStream(chatToMessages, cutInto(Buffer.concat(there.bytes), framing.cuts));
      const { said, end } = await readStream("chat", back.bytes);
      expect({ ...said, refusal: "" }).toEqual({ ...textAndRefusal(answer), refusal: "" });
      expect(end).toBe("end");
      const whole = await translatedWhole(
        chatToMessages,
        await translatedWhole(messagesToChat, wholeCompletion(answer)),
      );
      const { text, refusal: _refusal, ...read } = withoutInputs(readWhole("chat", whole));
      const { text: _text, refusal: _refused, ...given } = withoutInputs(textAndRefusal(answer));
      expect(read).toEqual(given);
      expect(text).toBe(joinedIn(answer, "words") + joinedIn(answer, "refused"));
    });
  },
  fuzzTimeout,
);

/** In chat a refusal stands in its own place, and a messages client reads that as text. */
function refusedInText(answer: Answer): WhatWasSaid {
  const said = saidIn(answer);
  return answer.ending === "refused" ? { ...said, text: said.text + messagesRefusal } : said;
}

/** In messages a refusal in words is text, and the reason why the answer ended. */
function textAndRefusal(answer: Answer): WhatWasSaid {
  const said = saidIn(answer);
  const isRefused = said.refusal !== "" && said.ending === "done";
  return { ...said, text: joinedIn(answer, "words", "refused"), ending: isRefused ? "refused" : said.ending };
}

/** The digits of numbers in a whole answer are tested where they can be read. */
function withoutInputs({ calls, ...said }: WhatWasSaid) {
  return { ...said, calls: calls.map(({ name }) => name) };
}
