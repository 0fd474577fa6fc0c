import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountsIn } from "../../../evaluators/small/amounts.ts";

/** Value, unit and passage of every amount. */
function read(text: string, mark: "." | "," = "."): (readonly [number, string | null, string])[] {
  return amountsIn(text, mark).map(({ value, unit, start, end }) => [value, unit, text.slice(start, end)]);
}

test.each([
  ["42", 42, null, "42"],
  ["It is 3.", 3, null, "3"],
  [".5", 0.5, null, ".5"],
  ["1,234.50", 1234.5, null, "1,234.50"],
  ["1,234", 1234, null, "1,234"],
  ["1.234,56", 1234.56, null, "1.234,56"],
  ["1.234.567", 1_234_567, null, "1.234.567"],
  ["1,234,567", 1_234_567, null, "1,234,567"],
  ["1,00,000", 100_000, null, "1,00,000"],
  ["1,5", 1.5, null, "1,5"],
  ["1.234", 1.234, null, "1.234"],
  ["10'000", 10_000, null, "10'000"],
  ["10’000.5", 10_000.5, null, "10’000.5"],
  ["10_000", 10_000, null, "10_000"],
  ["1 000 000", 1_000_000, null, "1 000 000"],
  ["1\u00a0000", 1000, null, "1\u00a0000"],
  ["1\u202f000,5", 1000.5, null, "1\u202f000,5"],
  ["-5", -5, null, "-5"],
  ["−5", -5, null, "−5"],
  ["+5", 5, null, "+5"],
  ["1e3", 1000, null, "1e3"],
  ["1.5E-3", 0.0015, null, "1.5E-3"],
  ["2E−2", 0.02, null, "2E−2"],
  ["5k", 5000, null, "5k"],
  ["1.2bn", 1_200_000_000, null, "1.2bn"],
  ["3mn", 3_000_000, null, "3mn"],
  ["2tn", 2e12, null, "2tn"],
  ["2.5 million", 2_500_000, null, "2.5 million"],
  ["2 hundreds", 200, null, "2 hundreds"],
  ["3 thousand", 3000, null, "3 thousand"],
  ["4 Billion", 4e9, null, "4 Billion"],
  ["1 trillion", 1e12, null, "1 trillion"],
  ["5 dozen", 60, null, "5 dozen"],
  ["50%", 50, "%", "50%"],
  ["50 %", 50, "%", "50 %"],
  ["50 percent", 50, "%", "50 percent"],
  ["50 per cent", 50, "%", "50 per cent"],
  ["$5", 5, "USD", "$5"],
  ["-$5", -5, "USD", "-$5"],
  ["$-5", -5, "USD", "$-5"],
  ["USD 5", 5, "USD", "USD 5"],
  ["5 dollars", 5, "USD", "5 dollars"],
  ["€1.2 million", 1_200_000, "EUR", "€1.2 million"],
  ["5 euros", 5, "EUR", "5 euros"],
  ["5 €", 5, "EUR", "5 €"],
  ["£3", 3, "GBP", "£3"],
  ["¥300", 300, "JPY", "¥300"],
  ["₹1,00,000", 100_000, "INR", "₹1,00,000"],
  ["5 kg", 5, null, "5"],
  ["12kg", 12, null, "12"],
  ["5 kelvin", 5, null, "5"],
  ["x=5", 5, null, "5"],
  ["(5)", 5, null, "5"],
  ["٣٠", 30, null, "٣٠"],
  ["१२३", 123, null, "१२३"],
  ["９９", 99, null, "９９"],
  ["𝟘𝟙𝟚𝟡", 129, null, "𝟘𝟙𝟚𝟡"],
  ["🎉 7", 7, null, "7"],
] as const)("%j is %d %s", (text, value, unit, passage) => {
  expect(read(text)).toEqual([[value, unit, passage]]);
});

test.each(["GPT4", "v2", "v1.2.3", "1.2.3", "1,2,3", "1.23.45", "x_5", "none", "", "½", "9".repeat(400)])(
  "%j has no amount",
  (text) => {
    expect(read(text)).toEqual([]);
  },
);

test("a hyphen between two numbers is no sign", () => {
  expect(read("3-5")).toEqual([
    [3, null, "3"],
    [5, null, "5"],
  ]);
  expect(read("(2)-5").map(([value]) => value)).toEqual([2, 5]);
  expect(read("2024 300").map(([value]) => value)).toEqual([2024, 300]);
  expect(read("12 3456").map(([value]) => value)).toEqual([12, 3456]);
});

test("the decimal mark decides where both readings are possible", () => {
  expect(read("1.234 1,234", ",").map(([value]) => value)).toEqual([1234, 1.234]);
  expect(read("1,5 1.5", ",").map(([value]) => value)).toEqual([1.5, 1.5]);
  expect(read("1,234.5", ",").map(([value]) => value)).toEqual([1234.5]);
});

describe("whatever number is written", () => {
  test("in English groups and with a point is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.nat(99), (whole, cents) => {
        const text = `${whole.toLocaleString("en")}.${String(cents).padStart(2, "0")}`;
        expect(read(`It is ${text}.`)).toEqual([[Number(text.replaceAll(",", "")), null, text]]);
      }),
    );
  });

  test("in German groups and with a comma is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const text = `${whole.toLocaleString("de")},${String(cents).padStart(2, "0")}`;
        expect(read(text, ",")[0]?.[0]).toBe(Number(`${whole}.${String(cents).padStart(2, "0")}`));
      }),
    );
  });
});

test("places are exact in any text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("1", "0", ".", ",", " ", "-", "$", "%", "e", "k", "🎉") }),
      (text) => {
        for (const { start, end } of amountsIn(text, ".")) expect(text.slice(start, end)).toMatch(/\d/);
      },
    ),
  );
});

test.each(["1,", "1'", "1 111 ", "1.1", "1e", "-.@:/", "12 345", "9"])("200 KB of %j take no time", (unit) => {
  const started = performance.now();
  amountsIn(unit.repeat(200_000 / unit.length), ".");
  expect(performance.now() - started).toBeLessThan(5000);
});
