import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Mark, redactedStretch, withMarks } from "../../../../gateway/guardrails/window/redacted-stretch.ts";

function mark(start: number, end: number, placeholder = "[X]"): Mark {
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

describe("a stretch", () => {
  const said = (from: number, to: number, marks: readonly Mark[]) =>
    redactedStretch({ from, to, text: "abcdefghij".slice(from, to) }, marks);

  test("says what it says where nothing is marked", () => {
    expect(said(2, 5, [])).toBe("cde");
    expect(said(2, 5, [mark(0, 2), mark(5, 6)])).toBe("cde");
  });

  test("has the placeholder where the mark begins and nothing of what is marked", () => {
    const marks = [mark(1, 3, "[A]"), mark(4, 8, "[B]")];
    expect(said(0, 10, marks)).toBe("a[A]d[B]ij");
    expect([said(0, 2, marks), said(2, 5, marks), said(5, 7, marks), said(7, 10, marks)]).toEqual([
      "a[A]",
      "d[B]",
      "",
      "ij",
    ]);
  });

  test("says in its pieces what it says as a whole", () => {
    const marks = fc
      .uniqueArray(fc.nat(10), { maxLength: 6 })
      .map((places) => places.toSorted((a, b) => a - b))
      .map((at) => at.flatMap((start, index) => (index % 2 === 0 ? [mark(start, at[index + 1] ?? 10)] : [])))
      .map((all) => all.filter(({ start, end }) => end > start));
    fc.assert(
      fc.property(marks, fc.nat(10), fc.nat(10), (given, one, two) => {
        const [first, second] = [Math.min(one, two), Math.max(one, two)];
        const pieces = said(0, first, given) + said(first, second, given) + said(second, 10, given);
        expect(pieces).toBe(said(0, 10, given));
        expect(pieces.split("[X]")).toHaveLength(given.length + 1);
      }),
    );
  });
});
