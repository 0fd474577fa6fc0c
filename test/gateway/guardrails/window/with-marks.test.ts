import { describe, expect, test } from "vitest";
import type { Replacement } from "../../../../evaluators/index.ts";
import { withMarks } from "../../../../gateway/guardrails/window/with-marks.ts";

function mark(start: number, end: number, placeholder = "[X]"): Replacement {
  return { start, end, placeholder };
}

/** A window from 10 to 20 of its passage that is examined from 4 on. */
const window = { start: 10, end: 20, from: 4, text: "x".repeat(16) };

describe("the marks of a passage", () => {
  test("count in the passage and are in order", () => {
    expect(withMarks([], window, [mark(12, 14, "[B]"), mark(7, 9, "[A]")])).toEqual([
      mark(11, 13, "[A]"),
      mark(16, 18, "[B]"),
    ]);
  });

  test("begin with the window: what stands before it has left", () => {
    expect(withMarks([], window, [mark(1, 5), mark(5, 8)])).toEqual([mark(10, 12)]);
  });

  test("end with the window", () => {
    expect(withMarks([], window, [mark(14, 99)])).toEqual([mark(18, 20)]);
  });

  test("show one placeholder where a mark goes on in the next window or overlaps another", () => {
    expect(withMarks([mark(8, 10, "[A]")], window, [mark(4, 8, "[A]")])).toEqual([
      mark(8, 10, "[A]"),
      mark(10, 12, ""),
    ]);
    expect(withMarks([], window, [mark(6, 9, "[A]"), mark(8, 12, "[B]"), mark(7, 8)])).toEqual([
      mark(10, 13, "[A]"),
      mark(13, 16, ""),
    ]);
    expect(withMarks([mark(8, 10, "[A]")], window, [mark(6, 8, "[B]")])).toHaveLength(2);
    expect(withMarks([mark(8, 10, "[A]")], window, [mark(6, 8, "[B]")])[1]).toEqual(mark(10, 12, "[B]"));
  });

  test("that hold nothing are none", () => {
    expect(withMarks([], window, [mark(8, 8), mark(9, 7)])).toEqual([]);
  });
});
