import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactJson, type Sample } from "../../../../evaluators/index.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { sampleOf } from "../../../../gateway/wires/wire.ts";
import type { Said } from "../../../support/said.ts";
import { writings } from "../../../support/wire-replies.ts";
import { addressesIn, redactedBody, redactedFrames, replyIn, replyOf } from "./redacted.ts";

const values = ["ann@x.com", "bob@x.com", "4111111111111111"] as const;
const words = fc.constantFrom(
  ...values,
  " ",
  "write to ",
  "\n\n",
  "😀",
  "[EMAIL_1]",
  "[EMAIL_7] ",
  '"',
  "\\",
  "é",
  "@x.com",
);
const text = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(""));

/** A text in pieces, cut anywhere, also in the middle of a character. */
const pieces = fc
  .tuple(text, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }))
  .map(([said, cuts]) => {
    const places = [0, ...cuts.map((share) => Math.floor(share * said.length)), said.length].toSorted((a, b) => a - b);
    return places.slice(1).flatMap((end, at) => said.slice(places[at], end) || []);
  });

const input = fc.dictionary(
  fc.oneof(fc.stringMatching(/^[a-z]{1,4}$/), fc.constant("bob@x.com")),
  fc.oneof(text, fc.constantFrom(4111111111111111, 1.5, true), fc.array(text, { maxLength: 2 }), fc.constant(null)),
  { maxKeys: 3 },
);
const call = fc.record({
  name: fc.constantFrom("send", "look_up"),
  input,
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
});

function anySaid(mostChoices: number): fc.Arbitrary<Said> {
  const choice = fc.record({
    reasoning: pieces,
    text: pieces,
    calls: fc.array(call, { maxLength: 2 }),
    finish: fc.constant("stop"),
  });
  return fc.record({
    choices: fc.array(choice, { minLength: 1, maxLength: mostChoices }),
    inputTokens: fc.nat(9),
    outputTokens: fc.nat(9),
    turns: fc.array(fc.nat(100), { minLength: 60, maxLength: 60 }),
  });
}

/** What the evaluators' own functions make of a sample. */
function redactedSample(sample: Sample): Pick<Sample, "output" | "reasoning" | "tool_calls"> {
  const placeholders = new Map<string, string>();
  const claims = addressesIn(sample);
  const redacted = (field: "output" | "reasoning") => redact(sample[field] ?? "", claims, { field, placeholders });
  return {
    output: redacted("output"),
    ...(sample.reasoning === undefined ? {} : { reasoning: redacted("reasoning") }),
    ...(sample.tool_calls === undefined
      ? {}
      : {
          tool_calls: sample.tool_calls.map((each, index) => ({
            ...each,
            arguments: redactJson(each.arguments, claims, { field: "tool_calls", index, placeholders }),
          })),
        }),
  };
}

describe.each(["chat", "messages", "responses"] as const)("a redacted %s reply", (name) => {
  const wire = wires[name];
  const anyReply = anySaid(writings[name].mostChoices);

  test("says in one piece what the evaluators' redaction makes of each text", () => {
    fc.assert(
      fc.property(anyReply, (said) => {
        const body = JSON.stringify(writings[name].whole(said));
        const before = replyIn(wire, body);
        fc.pre(addressesIn(sampleOf(before)).length > 0);
        const redacted = redactedBody(wire, body);
        expect(sampleOf(replyIn(wire, redacted ?? "{}"))).toEqual(redactedSample(sampleOf(before)));
        for (const value of values) expect(redacted).not.toContain(value);
      }),
    );
  });

  test("says the same as a stream, however its texts were cut into frames", async () => {
    await fc.assert(
      fc.asyncProperty(anyReply, async (said) => {
        const frames = writings[name].frames(said).map((frame) => Buffer.from(frame));
        const before = await replyOf(wire, frames);
        fc.pre(addressesIn(sampleOf(before)).length > 0);
        const redacted = (await redactedFrames(wire, frames)) ?? [];
        expect(sampleOf(await replyOf(wire, redacted))).toEqual(redactedSample(sampleOf(before)));
        expect(redacted).toHaveLength(frames.length);
        const sent = Buffer.concat(redacted).toString();
        for (const value of values) expect(sent).not.toContain(value);
      }),
    );
  });

  test("is none where nothing was marked", () => {
    const body = JSON.stringify(
      writings[name].whole({
        choices: [{ reasoning: ["why"], text: ["fine"], calls: [], finish: "stop" }],
        inputTokens: 1,
        outputTokens: 1,
        turns: [0],
      }),
    );
    expect(redactedBody(wire, body)).toBeUndefined();
  });
});
