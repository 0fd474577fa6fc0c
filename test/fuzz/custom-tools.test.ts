import fc from "fast-check";
import { expect, test } from "vitest";
import type { WireName } from "../../gateway/providers/provider.ts";
import { translationBetween } from "../../gateway/translation/registry.ts";
import { type Answer, anyBlockAnswer, callsIn, toolNames } from "./any-answer.ts";
import { anyFraming, cutInto, framed } from "./any-framing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { messageEvents, wholeMessage } from "./messages-writing.ts";
import { namedEvents, requests, translatedStream, translatedWhole } from "./translated.ts";
import { readStream, readWhole } from "./what-was-said.ts";

/** Requests that offer tools which take text, and no JSON. */
const clients: readonly { readonly client: WireName; readonly tools: readonly object[] }[] = [
  { client: "chat", tools: toolNames.map((name) => ({ type: "custom", custom: { name } })) },
  { client: "responses", tools: toolNames.map((name) => ({ type: "custom", name })) },
];

test.each(clients)(
  "a $client client's tools that take text get the text that a messages model gave them",
  async ({ client, tools }) => {
    const translation = translationBetween(client, "messages");
    if (!translation) throw new Error(`Nothing translates ${client}.`);
    const request = { ...requests[client], tools };
    await always(fc.tuple(anyBlockAnswer, anyFraming), 60, async ([answer, framing]) => {
      const given = callsIn(answer).map(({ name, pieces }) => ({ name, arguments: pieces.join("") }));
      const bytes = framed(namedEvents(messageEvents(withText(answer))), framing);
      const sent = await translatedStream(translation, cutInto(bytes, framing.cuts), request);
      expect((await readStream(client, sent.bytes)).said.calls).toEqual(given);
      const whole = await translatedWhole(translation, wholeMessage(withText(answer)), request);
      expect(readWhole(client, whole).calls).toEqual(given);
    });
  },
  fuzzTimeout,
);

/** The answer with what its calls were given as the text of a custom tool: the only member of its input. */
function withText(answer: Answer): Answer {
  const blocks = answer.blocks.map((block) =>
    block.kind === "call" ? { ...block, pieces: ['{"input":', JSON.stringify(block.pieces.join("")), "}"] } : block,
  );
  return { ...answer, blocks };
}
