import { describe, expect, test } from "vitest";
import { createPassageGate, type GatedFrame } from "../../../../gateway/guardrails/window/passage-gate.ts";
import { keyOf } from "../../../../gateway/guardrails/window/said-passages.ts";
import type { ReplyDelta, TextDelta } from "../../../../gateway/wires/wire.ts";

function frame(...deltas: readonly ReplyDelta[]): GatedFrame {
  return { bytes: Buffer.from("data: x\n\n"), deltas };
}

function text(said: string, place: Partial<TextDelta> = {}): TextDelta {
  return { type: "text-delta", choice: 0, part: "0", text: said, ...place };
}

const answer = keyOf(text(""));
const usage = { type: "usage", usage: {} } as const;
const call = { type: "tool-call-delta", choice: 0, index: 0, name: "track", arguments: "{}" } as const;

function gateWith(...frames: readonly GatedFrame[]) {
  const gate = createPassageGate<GatedFrame>();
  const stretches = frames.map((one) => gate.take(one));
  return { gate, stretches, leaving: () => gate.release().map((one) => frames.indexOf(one.frame)) };
}

describe("the gate", () => {
  test("says which stretch of which passage each delta is", () => {
    const thought = text("Hm", { type: "reasoning-delta" });
    const { stretches } = gateWith(frame(text("One"), usage, thought), frame(text("")), frame(text("two"), text("!")));
    expect(stretches.map((some) => some.map(({ key, delta, from, to }) => [key, delta, from, to]))).toEqual([
      [
        [answer, 0, 0, 3],
        [keyOf(thought), 2, 0, 2],
      ],
      [],
      [
        [answer, 0, 3, 6],
        [answer, 1, 6, 7],
      ],
    ]);
  });

  test("lets a frame go when all of its stretches are clear, and never before the one ahead of it", () => {
    const other = text("b", { choice: 1 });
    const { gate, leaving } = gateWith(frame(text("aa"), other), frame(other), frame(text("c")));
    gate.clear(answer, 3);
    expect(leaving()).toEqual([]);
    gate.clear(keyOf(other), 1);
    expect(leaving()).toEqual([0]);
    gate.clear(keyOf(other), 2);
    expect(leaving()).toEqual([1, 2]);
  });

  test("lets frames without text go with what stands before them", () => {
    const { gate, leaving } = gateWith(frame(usage), frame(text("a")), frame(usage), frame());
    expect(leaving()).toEqual([0]);
    gate.clear(answer, 1);
    expect(leaving()).toEqual([1, 2, 3]);
  });

  test("takes no clearance back and none of a passage that it does not know", () => {
    const { gate, leaving } = gateWith(frame(text("abc")));
    gate.clear("0/text-delta/9", 9);
    expect(leaving()).toEqual([]);
    gate.clear(answer, 3);
    gate.clear(answer, 1);
    expect(leaving()).toEqual([0]);
  });

  test("holds frames with calls, and what is behind them, until the calls that came are clear", () => {
    const { gate, leaving } = gateWith(frame(call), frame(usage));
    expect([gate.holdsCalls, leaving()]).toEqual([true, []]);
    gate.clearCalls();
    expect([gate.holdsCalls, leaving()]).toEqual([false, [0, 1]]);
    gate.take(frame(call));
    expect([gate.holdsCalls, gate.release()]).toEqual([true, []]);
  });

  test("counts the bytes that wait", () => {
    const { gate } = gateWith(frame(text("a")), frame(text("b")));
    expect(gate.heldBytes).toBe(18);
    gate.clear(answer, 1);
    gate.release();
    expect(gate.heldBytes).toBe(9);
  });
});

describe("a whole", () => {
  test("that says what its pieces said leaves when all of these are clear", () => {
    const { gate, stretches, leaving } = gateWith(
      frame(text("ab")),
      frame(text("cd")),
      frame(text("abcd", { whole: true })),
    );
    expect(stretches[2]).toMatchObject([{ key: answer, from: 0, to: 4, role: "repeat" }]);
    gate.clear(answer, 3);
    expect(leaving()).toEqual([0]);
    gate.clear(answer, 4);
    expect(leaving()).toEqual([1, 2]);
  });

  test("may say a passage of another place of its choice and type, and no other", () => {
    const said = { part: "9", whole: true };
    const { stretches } = gateWith(
      frame(text("ab")),
      frame(text("ab", said)),
      frame(text("ab", { ...said, choice: 1 }), text("ab", { ...said, type: "reasoning-delta" })),
    );
    expect(stretches.flat().map(({ role }) => role)).toEqual(["piece", "repeat", "whole", "whole"]);
  });

  test("that says something else is a passage of its own, also beside another such", () => {
    const { gate, stretches, leaving } = gateWith(
      frame(text("ab")),
      frame(text("abc", { whole: true })),
      frame(text("abd", { whole: true })),
      frame(text("abc", { whole: true })),
    );
    const keys = stretches.flat().map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(stretches.flat().map(({ role }) => role)).toEqual(["piece", "whole", "whole", "repeat"]);
    gate.clear(answer, 9);
    expect(leaving()).toEqual([0]);
    for (const key of keys) gate.clear(key, 3);
    expect(leaving()).toEqual([1, 2, 3]);
  });
});
