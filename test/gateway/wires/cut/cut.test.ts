import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { ReplyParts, TextDelta } from "../../../../gateway/wires/wire.ts";
import { anySaid, writings } from "../../../support/wire-replies.ts";
import { dataOf, endingAfter, everyCut, read, refusal } from "./cut-stream.ts";
import { orderFault } from "./legal-order.ts";

const all = Object.values(wires).map((wire) => [wire.name, wire] as const);

/** What a reader is told beyond what was sent, but for where it stands. */
function added(before: ReplyParts, after: ReplyParts): readonly Pick<TextDelta, "type" | "text">[] {
  const isNew = (passage: TextDelta) => !before.passages.some((known) => isDeepStrictEqual(known, passage));
  const fresh = after.passages.filter(isNew);
  expect(after.passages.length - fresh.length).toBe(before.passages.length);
  expect(after.calls).toEqual(before.calls);
  // What rides beside it as `proctor` is read like every member that stands where none is expected.
  return fresh.filter(({ type }) => type !== "other-delta").map(({ type, text }) => ({ type, text }));
}

/** How often the refusal is said: in every choice that had not finished, or none had begun. */
function timesRefused(name: WireName, sent: readonly string[]): number {
  const text = sent.join("");
  if (name === "responses") return 1;
  if (name === "messages") return text.includes("event: message_delta") ? 0 : 1;
  const begun = [...text.matchAll(/"index":(\d+),"delta"/g)].map(([, index]) => Number(index));
  const finished = text.match(/"finish_reason":"/g)?.length ?? 0;
  // Also those that have not begun and stand before one that has.
  return Math.max(0, ...begun) + 1 - finished;
}

const refusedText = { chat: "refusal-delta", messages: "text-delta", responses: "refusal-delta" } as const;

describe.each(all)("a stream of %s that is cut", (name, wire) => {
  const said = anySaid(writings[name].mostChoices);

  test("ends once, wherever it was cut, and says what was sent and the refusal", async () => {
    await fc.assert(
      fc.asyncProperty(said, async (reply) => {
        for (const { sent, ending } of everyCut(wire, writings[name].frames(reply))) {
          const before = await read(wire, sent);
          const after = await read(wire, [...sent, ...ending]);
          const kinds = after.events.map(({ kind }) => kind).filter((kind) => kind !== "usage");
          expect(kinds).toEqual([...kinds.slice(1).map(() => "content"), "end"]);
          const times = timesRefused(name, sent);
          expect(added(before.parts, after.parts)).toEqual(
            Array.from({ length: times }, () => ({ type: refusedText[name], text: refusal.message })),
          );
          expect(after.parts.usage).toMatchObject({
            inputTokens: expect.any(Number),
            outputTokens: expect.any(Number),
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("is a stream in the order that the dialect asks for", () => {
    fc.assert(
      fc.property(said, (reply) => {
        const frames = writings[name].frames(reply);
        expect(orderFault(name, frames)).toBeUndefined();
        for (const { sent, ending } of everyCut(wire, frames))
          expect(orderFault(name, [...sent, ...ending])).toBeUndefined();
      }),
    );
  });

  test("is seen to be out of order where it was not closed", () => {
    const [choice] = fc.sample(said, { numRuns: 1, seed: 1 });
    if (!choice) throw new Error("There is no reply.");
    const frames = writings[name].frames({
      ...choice,
      choices: [{ reasoning: [], text: ["The lamp ", "costs 4 euros."], calls: [], finish: "stop" }],
    });
    const middle = frames.findIndex((frame) => frame.includes("costs")) + 1;
    const end = wire.endFrame === "" ? frames.slice(-1) : [wire.endFrame];
    expect(orderFault(name, [...frames.slice(0, middle), ...end])).toMatch(/^Frame \d+: /);
    expect(orderFault(name, frames.slice(0, middle))).toBe("The stream has no end.");
    expect(orderFault(name, [...frames, ...end])).toMatch(/after the end/);
  });

  test("before anything was sent is the refusal as a whole", () => {
    const timeless = (frames: readonly string[]) =>
      frames.map((frame) => frame.replace(/"(created|created_at|completed_at)":\d+/g, '"$1":0'));
    for (const wantsUsage of [true, false]) {
      const asked = { ...refusal, wantsUsage };
      expect(timeless(endingAfter(wire, [], asked))).toEqual(timeless(wire.refusalFrames(asked)));
    }
  });

  test("says what the guardrails found, once", () => {
    fc.assert(
      fc.property(said, (reply) => {
        for (const { ending } of everyCut(wire, writings[name].frames(reply)))
          expect(ending.filter((frame) => dataOf(frame).includes(JSON.stringify(refusal.proctor)))).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  test("has nothing added to it once it has failed", () => {
    const failure = wire.eventFrame({ type: "error", error: { message: "overloaded" } });
    expect(endingAfter(wire, [failure])).toEqual([]);
  });
});
