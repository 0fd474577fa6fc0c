import { describe, expect, test } from "vitest";
import { arrayOf, type JsonObject, objectOf } from "../../gateway/wires/json.ts";
import fc from "fast-check";
import type { Answer } from "./any-answer.ts";
import { anyFraming, cutInto, framed } from "./any-framing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { pairs, translatedStream, translatedWhole } from "./translated.ts";
import { targetOf, understood } from "./targets.ts";
import { readStream, readWhole } from "./what-was-said.ts";

describe.each(pairs)("$name", ({ translation }) => {
  const { client } = translation;
  const { answers, events, whole } = targetOf(translation);

  test(
    "however a stream is written and cut, the client reads what the model said",
    async () => {
      await always(fc.tuple(answers, anyFraming), 120, async ([answer, framing]) => {
        const bytes = framed(events(answer), framing);
        const sent = await translatedStream(translation, cutInto(bytes, framing.cuts));
        const { said, end } = await readStream(client, cutInto(Buffer.concat(sent.bytes), framing.cuts));
        expect(said).toEqual(understood(answer, translation));
        expect(end).toBe("end");
      });
    },
    fuzzTimeout,
  );

  test(
    "a reply in one piece says what its stream says",
    async () => {
      await always(answers, 120, async (answer) => {
        const text = await translatedWhole(translation, whole(answer));
        const { calls, ...said } = readWhole(client, text);
        const { calls: given, ...expected } = understood(inOneOrder(answer), translation);
        expect(said).toEqual(expected);
        expect(calls.map(({ name }) => name)).toEqual(given.map(({ name }) => name));
        expect(inputsIn(text)).toEqual(given.map((call) => exactly(call.arguments)));
      });
    },
    fuzzTimeout,
  );
});

/** A whole chat completion has its text before its refusal, wherever they stood. */
function inOneOrder(answer: Answer): Answer {
  const isRefusal = ({ kind }: Answer["blocks"][number]) => kind === "refused";
  return {
    ...answer,
    blocks: [...answer.blocks.filter((block) => !isRefusal(block)), ...answer.blocks.filter(isRefusal)],
  };
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A JSON value with every number as it was written. */
function exactly(text: string): unknown {
  const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
  return parse(text, (_key, value, { source }) => (typeof value === "number" ? `number ${source}` : value));
}

/** The inputs of the calls of a whole reply in any dialect. */
function inputsIn(text: string): readonly unknown[] {
  const reply = exactly(text) as JsonObject;
  const message = objectOf(objectOf(arrayOf(reply["choices"])[0])["message"]);
  const calls = arrayOf(message["tool_calls"]).map((call) => objectOf(objectOf(call)["function"])["arguments"]);
  const items = arrayOf(reply["output"]).map((item) => objectOf(item)["arguments"]);
  const texts = [...calls, ...items].filter((given) => typeof given === "string");
  const blocks = arrayOf(reply["content"]).map(objectOf);
  return [...texts.map(exactly), ...blocks.filter(({ type }) => type === "tool_use").map(({ input }) => input)];
}
