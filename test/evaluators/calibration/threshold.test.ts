import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseThreshold, shortestBetween } from "../../../evaluators/calibration/threshold.ts";
import { seededRandom } from "../../../evaluators/calibration/statistics.ts";

let next = 0;
const row = (score: number, good: boolean, group = `row ${(next += 1)}`) => ({ score, good, group });
const many = (count: number, score: number, good: boolean) => Array.from({ length: count }, () => row(score, good));

describe("a threshold that a person can copy", () => {
  test.each([
    [0.2, 0.9, 0.6],
    [0.61, 0.63, 0.62],
    [0.5, 0.6, 0.6],
    [0.1234, 0.1235, 0.1235],
    [0.12341, 0.12347, 0.12344],
    [0, 1, 1],
    [-0.001, 0, 0],
    [0.299, 0.3, 0.3],
    [0.29, 0.3000000000000001, 0.3],
    [0.9999, 1, 1],
  ])("between %d and %d is %d", (low, high, expected) => {
    expect(shortestBetween(low, high)).toBe(expected);
  });

  test("lies above the one and not above the other, always", () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        fc.pre(low < high);
        const between = shortestBetween(low, high);
        expect(between).toBeGreaterThan(low);
        expect(between).toBeLessThanOrEqual(high);
      }),
    );
  });
});

describe("a threshold for a precision", () => {
  const target = { kind: "precision", value: 0.95 } as const;

  test("is the laxest that exact bounds show, tried from strict to lax", () => {
    const rows = [...many(200, 0.9, true), ...many(100, 0.7, true), ...many(1, 0.7, false), ...many(50, 0.3, false)];
    const choice = chooseThreshold(rows, target);
    expect(choice).toEqual({
      threshold: 0.5,
      reached: "yes",
      because:
        "The precision is at least 0.95 with 95 % confidence, by fixed-sequence testing with exact bounds on all scored rows.",
    });
  });

  test("stops before the cut that can no longer be shown", () => {
    const rows = [...many(200, 0.9, true), ...many(20, 0.7, false), ...many(100, 0.3, true)];
    expect(chooseThreshold(rows, target)).toMatchObject({ threshold: 0.8, reached: "yes" });
  });

  test("can be shown by 59 passed rows without an error, and not by 58", () => {
    expect(chooseThreshold([...many(59, 0.9, true), ...many(20, 0.1, false)], target)).toMatchObject({
      threshold: 0.5,
      reached: "yes",
    });
    expect(chooseThreshold([...many(58, 0.9, true), ...many(20, 0.1, false)], target)).toMatchObject({
      threshold: 0.5,
      reached: "unsure",
      because: "Precision 0.95 could not be shown: that takes 59 passed rows without one error, or more with some.",
    });
  });

  test("says how much rows of one group are worth", () => {
    const rows = Array.from({ length: 60 }, (_, at) => [row(0.9, true, `g${at}`), row(0.9, true, `g${at}`)])
      .flat()
      .concat(Array.from({ length: 40 }, (_, at) => [row(0.1, false, `b${at}`), row(0.1, false, `b${at}`)]).flat());
    expect(chooseThreshold(rows.slice(10), target)).toMatchObject({
      reached: "unsure",
      because: expect.stringMatching(/Rows of one group say less than separate ones: here 2\.00 rows count as one\.$/),
    });
    expect(chooseThreshold(rows, target).reached).toBe("yes");
  });

  test("is out of reach where large samples at every cut show less", () => {
    const rows = [0.9, 0.6, 0.3].flatMap((score) => [...many(70, score, true), ...many(30, score, false)]);
    expect(chooseThreshold(rows, target)).toMatchObject({
      reached: "no",
      because: "No threshold makes precision 0.95 on these rows.",
    });
  });

  test("falls back on what keeps the target on these rows, if ten rows pass there", () => {
    const rows = [...many(5, 0.95, true), ...many(20, 0.8, true), ...many(2, 0.6, false), ...many(10, 0.2, false)];
    expect(chooseThreshold(rows, target)).toMatchObject({ threshold: 0.7, reached: "unsure" });
  });

  test("falls back on the surest cut where none keeps the target", () => {
    const rows = [...many(2, 0.95, false), ...many(30, 0.8, true), ...many(20, 0.2, false)];
    expect(chooseThreshold(rows, target)).toMatchObject({ threshold: 0.5, reached: "unsure" });
  });

  test("is wrongly shown no more often than one time in twenty", () => {
    const random = seededRandom(3);
    let wrong = 0;
    for (let round = 0; round < 300; round += 1) {
      // Precision at a threshold t is 0.9 + 0.1 t, above the target from 0.5 on only.
      const rows = Array.from({ length: 400 }, () => {
        const score = Math.ceil(random() * 50) / 50;
        return row(score, random() < 0.8 + 0.2 * score);
      });
      const choice = chooseThreshold(rows, target);
      if (choice.reached === "yes" && 0.8 + 0.1 * (choice.threshold + 1) < 0.949) wrong += 1;
    }
    expect(wrong / 300).toBeLessThan(0.08);
  });
});

describe("a threshold for a share of false passes", () => {
  const target = { kind: "fpr", value: 0.01 } as const;

  test("is the laxest at which exact bounds show it", () => {
    const rows = [...many(50, 0.9, true), ...many(50, 0.6, true), ...many(298, 0.2, false), ...many(1, 0.2, false)];
    expect(chooseThreshold(rows, target)).toEqual({
      threshold: 0.4,
      reached: "yes",
      because:
        "The fpr is at most 0.01 with 95 % confidence, by fixed-sequence testing with exact bounds on all scored rows.",
    });
  });

  test("takes 299 bad rows of which none passes", () => {
    const rows = [...many(50, 0.9, true), ...many(298, 0.2, false)];
    expect(chooseThreshold(rows, target)).toEqual({
      threshold: 0.6,
      reached: "unsure",
      because: "Fpr 0.01 could not be shown: that takes 299 bad rows of which none passes, or more with some.",
    });
  });

  test("keeps the target on these rows where it cannot be shown", () => {
    const rows = [
      ...many(10, 0.9, true),
      ...many(1, 0.7, false),
      ...many(10, 0.5, true),
      ...many(1, 0.3, false),
      ...many(98, 0.1, false),
    ];
    expect(chooseThreshold(rows, target)).toMatchObject({ threshold: 0.4, reached: "unsure" });
  });

  test("is out of reach where even the strictest cut passes too many", () => {
    const rows = [...many(50, 1, true), ...many(50, 1, false), ...many(50, 0.2, false)];
    expect(chooseThreshold(rows, target)).toMatchObject({
      threshold: 1,
      reached: "no",
      because: "Even the strictest threshold passes more than 0.01 of the bad rows.",
    });
  });
});

describe("a threshold without a number", () => {
  const rows = [
    ...many(6, 0.9, true),
    ...many(1, 0.8, false),
    ...many(3, 0.6, true),
    ...many(3, 0.4, false),
    ...many(1, 0.2, true),
    ...many(6, 0.1, false),
  ];

  test("makes the most of both kinds of row under youden", () => {
    expect(chooseThreshold(rows, { kind: "youden" }).threshold).toBe(0.5);
  });

  test("makes the most of precision and recall of passes under f1", () => {
    expect(chooseThreshold(rows, { kind: "f1" }).threshold).toBe(0.5);
    const mostlyGood = [...many(50, 0.9, true), ...many(2, 0.8, false), ...many(20, 0.5, true), ...many(5, 0.5, false)];
    expect(chooseThreshold(mostlyGood, { kind: "f1" }).threshold).toBe(0.5);
    expect(chooseThreshold(mostlyGood, { kind: "youden" }).threshold).toBe(0.9);
  });

  test("is the best of all cuts, as trying each of them shows", () => {
    const any = fc.array(fc.record({ score: fc.integer({ min: 0, max: 8 }), good: fc.boolean() }), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(any, (given) => {
        const scored = given.map(({ score, good }) => row(score / 8, good));
        const goodRows = scored.filter(({ good }) => good).length;
        fc.pre(goodRows > 0 && goodRows < scored.length);
        const worth = (threshold: number) => {
          const passed = scored.filter(({ score }) => score >= threshold);
          const good = passed.filter((each) => each.good).length;
          return good / goodRows - (passed.length - good) / (scored.length - goodRows);
        };
        const { threshold } = chooseThreshold(scored, { kind: "youden" });
        for (const { score } of scored) expect(worth(threshold)).toBeGreaterThanOrEqual(worth(score) - 1e-12);
      }),
    );
  });
});
