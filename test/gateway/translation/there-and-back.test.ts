import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { chatToMessages } from "../../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import { translations } from "../../../gateway/translation/registry.ts";
import type { TranslatedExchange, Translation } from "../../../gateway/translation/translation.ts";
import { arrayOf, type JsonObject, objectOf } from "../../../gateway/wires/json.ts";
import { anyChatConversation, anyMessagesReply } from "../../support/any-conversation.ts";
import { anyChunk, anyEvent, anyObject } from "../../support/any-nonsense.ts";

const options = { model: "m", maxTokens: 512 };
const hello = [{ role: "user", content: "Hello" }];

/** The smallest request of any dialect: members that belong to another one are named as left out. */
function begin(translation: Translation, messages: unknown = hello): TranslatedExchange {
  return translation.begin({ model: "alias", max_tokens: 512, messages, input: messages }, options);
}

test("a chat conversation translated to messages and back says the same in the same order", () => {
  fc.assert(
    fc.property(anyChatConversation, (conversation) => {
      const there = chatToMessages.begin({ model: "alias", messages: conversation }, options);
      const back = messagesToChat.begin(there.body, options);
      expect(arrayOf(back.body["messages"]).map(spoken)).toEqual(conversation.map(spoken));
      expect([...there.dropped, ...back.dropped]).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("a message translated to chat and back says the same in the same order, with the same usage", () => {
  fc.assert(
    fc.property(anyMessagesReply, (reply) => {
      const there = begin(chatToMessages).reply(reply);
      const back = begin(messagesToChat).reply(there);
      expect(arrayOf(back["content"]).map(said)).toEqual(arrayOf(reply["content"]).map(said));
      expect(back["stop_reason"]).toBe(reply["stop_reason"]);
      expect(back["usage"]).toMatchObject(objectOf(reply["usage"]));
    }),
    { numRuns: 300 },
  );
});

const pairs = translations.map((translation) => ({
  translation,
  name: `${translation.client} → ${translation.target}`,
}));

describe.each(pairs)("$name: nonsense is refused or translated, and never breaks anything", ({ translation }) => {
  test("in a request", () => {
    fc.assert(
      fc.property(anyObject, anyObject, (body, message) => {
        const smallest = { model: "alias", max_tokens: 512, messages: hello, input: "Hello" };
        expect(unknownFailure(() => translation.begin({ ...smallest, ...body }, options))).toBeUndefined();
        expect(unknownFailure(() => begin(translation, [message]))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("in a reply and in a stream", () => {
    const anyEvents = fc.array(fc.oneof(anyObject, anyEvent, anyChunk), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyEvents, (events) => {
        expect(unknownFailure(() => begin(translation).reply(events[0] ?? {}))).toBeUndefined();
        expect(unknownFailure(() => readAll(begin(translation), events))).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

function readAll(exchange: TranslatedExchange, events: readonly JsonObject[]): void {
  events.forEach((event) => exchange.event(event));
  exchange.end();
}

/** What was thrown, unless it is an error that a client can be told. */
function unknownFailure(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return thrown instanceof GatewayError ? undefined : thrown;
  }
}

function spoken(message: unknown): JsonObject {
  const { role, content, tool_calls, tool_call_id } = objectOf(message);
  return { role, content: content ?? "", calls: arrayOf(tool_calls).map(decoded), tool_call_id };
}

/** A call with its arguments as the tool reads them. */
function decoded(call: unknown): JsonObject {
  const { id, function: called } = objectOf(call);
  const { name, arguments: given } = objectOf(called);
  return { id, name, input: JSON.parse(String(given)) as unknown };
}

function said(block: unknown): JsonObject {
  const { type, text, name, input } = objectOf(block);
  return { type, text, name, input };
}
