import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../gateway/errors.ts";
import type { WireName } from "../../gateway/providers/provider.ts";
import type { Translation } from "../../gateway/translation/translation.ts";
import { parseObject } from "../../gateway/wires/json.ts";
import { anyBlockAnswer, anyChoiceAnswer, toolNames } from "./any-answer.ts";
import { anyFraming, cutInto, framed } from "./any-framing.ts";
import { anyDamage, anyMutation, damaged, mutated } from "./any-mutation.ts";
import { completionChunks } from "./chat-writing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { messageEvents } from "./messages-writing.ts";
import { chatEvents, namedEvents, pairs, translatedStream } from "./translated.ts";
import { readStream, type StreamRead } from "./what-was-said.ts";

const anyEvents = {
  chat: anyChoiceAnswer.map((answer) => chatEvents(completionChunks(answer))),
  messages: anyBlockAnswer.map((answer) => namedEvents(messageEvents(answer))),
};

/** What was thrown is an error that clients can be told. */
async function orBroken<T>(work: () => Promise<T>): Promise<T | "broken"> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return "broken";
    throw thrown;
  }
}

describe.each(pairs)("$name: a stream that is damaged", ({ translation }) => {
  const { target } = translation;
  const events = anyEvents[target === "chat" ? "chat" : "messages"];

  test(
    "on its way is translated truly or ends in an error, and never looks whole when it was not",
    async () => {
      await always(fc.tuple(events, anyFraming, anyMutation), 100, async ([given, framing, mutation]) => {
        const { got, said } = await compared(translation, mutated(framed(given, framing), mutation), framing.cuts);
        expect(got).toEqual(said);
      });
    },
    fuzzTimeout,
  );

  test(
    "by its server is translated truly or ends in an error, and never looks whole when it was not",
    async () => {
      await always(fc.tuple(events, anyFraming, anyDamage), 200, async ([given, framing, damage]) => {
        const { got, said } = await compared(translation, framed(damaged(given, damage), framing), framing.cuts);
        expect(got).toEqual(said);
      });
    },
    fuzzTimeout,
  );
});

interface Compared {
  /** What the client knows. */
  readonly got: unknown;
  /** What the target said, as far as the client must know it. */
  readonly said: unknown;
}

/** The client was sent what the target said, was told that something is missing, or was told that the stream is broken. */
async function compared(translation: Translation, bytes: Buffer, cuts: readonly number[]): Promise<Compared> {
  const { client, target } = translation;
  const source = await orBroken(() => readStream(target, [bytes]));
  const sent = await orBroken(() => translatedStream(translation, cutInto(bytes, cuts)));
  if (sent === "broken") return { got: "broken", said: "broken" };
  const got = await orBroken(() => readStream(client, sent.bytes));
  if (got === "broken" || source === "broken") return { got, said: "what both can read" };
  if (got.end !== "end" || source.end !== "end" || sent.dropped.length > 0) return { got: got.end, said: source.end };
  const [text, calls] = [seen(got, target), got.said.calls];
  const saidCalls = source.said.calls.map((call) => ({ ...call, name: once(call.name) }));
  const isClear = target === "messages" || (isNumbered(bytes) && !isCutOff(source));
  return { got: { text, calls }, said: { text: seen(source, target), calls: isClear ? saidCalls : calls } };
}

/** What everybody sees, wherever it stands. A messages vendor explains a refusal beside the text. */
function seen({ said, visible }: StreamRead, target: WireName): string {
  return target === "messages" ? said.text : visible;
}

/** A server that repeats a name with every piece, and whose reader puts the pieces together. */
function once(name: string): string {
  return toolNames.find((known) => name !== "" && known.repeat(name.length / known.length) === name) ?? name;
}

/** Only where the pieces of calls have numbers does everybody know to which call they belong. */
function isNumbered(bytes: Buffer): boolean {
  return !/"tool_calls":\s*\[\s*\{(?!\s*"index":\s*-?\d)/.test(
    bytes.toString("utf8").replaceAll(/[\r\n]+data: ?/g, ""),
  );
}

/** Of arguments that the limit of tokens has cut off, messages clients get what can be read. */
function isCutOff({ said }: StreamRead): boolean {
  return said.ending === "length" && said.calls.some((call) => parseObject(call.arguments) === undefined);
}
