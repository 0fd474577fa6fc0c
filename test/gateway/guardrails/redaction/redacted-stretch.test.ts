import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Replacement } from "../../../../evaluators/index.ts";
import { redactedStretch } from "../../../../gateway/guardrails/redaction/redacted-stretch.ts";

function mark(start: number, end: number, placeholder = "[X]"): Replacement {
  return { start, end, placeholder };
}

describe("a stretch", () => {
  const said = (from: number, to: number, marks: readonly Replacement[]) =>
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
