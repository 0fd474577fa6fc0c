import { context as noContext } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EvaluatorFactory, Finding, Tools } from "../../../evaluators/define-evaluator.ts";
import type { Claim } from "../../../evaluators/evaluation.ts";
import { citationCheck } from "../../../evaluators/faithfulness/citation-check.ts";
import { contextUtilization } from "../../../evaluators/faithfulness/context-utilization.ts";
import { entityConsistency } from "../../../evaluators/faithfulness/entity-consistency.ts";
import { faithfulness } from "../../../evaluators/faithfulness/faithfulness.ts";
import { numericConsistency } from "../../../evaluators/faithfulness/numeric-consistency.ts";
import { quoteExactness } from "../../../evaluators/faithfulness/quote-exactness.ts";

const tools: Tools = {
  get judge(): never {
    throw new Error("No judge here.");
  },
  signal: new AbortController().signal,
  parent: noContext.active(),
};
const context = [
  "You may return most items within 30 days of delivery. Return shipping costs $5. 商品は30日以内に返品できます。",
  "The Lisbon office is open from 9:00 to 17:00. Maria Lopez leads it.",
];

const pieces = fc.constantFrom(
  "You may return most items within 90 days. ",
  "Return shipping costs $5.",
  " The Madrid office is open until 6 p.m. on Friday ",
  'It says "within 30 days of delivery" [2]. ',
  "[7] ",
  "商品は30日以内に返品できます。",
  "「90日以内に返品できます」",
  "Dr. Lopez paid 3.50 e.g. for tea",
  "\n\n",
  "\n- ",
  "\r\n",
  "```\n",
  "---\n",
  "| a | b |\n|---|---|\n",
  "# Hours\n",
  "🎉",
  "e\u0301𝒶 ",
  "and so on",
  "... ",
  "?! ",
  '" ',
  "Hello!",
);
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: pieces }, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 14 })
  .map((parts) => parts.join(""));
const cuts = fc.array(fc.nat(400), { maxLength: 12 });

/** Cuts between UTF-16 code units, also in the middle of a character. */
function cut(whole: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.filter((place) => place < whole.length))].toSorted((a, b) => a - b);
  return [...ends, whole.length].map((end, at) => whole.slice(ends[at - 1] ?? 0, end));
}

/** The way to a verdict takes another time every time. */
function timeless(finding: Finding | undefined): unknown {
  return { ...finding, path: finding?.path?.map((step) => ({ ...step, ms: 0 })) };
}

function claimsIn(finding: Finding): readonly Claim[] {
  return "abstained" in finding ? [] : (finding.claims ?? []);
}

const streaming: readonly EvaluatorFactory[] = [
  faithfulness,
  numericConsistency,
  entityConsistency,
  quoteExactness,
  citationCheck,
  contextUtilization,
];

describe.each(streaming.map((factory) => [factory.name, factory.configure()] as const))(
  "%s over a stream",
  (_name, evaluator) => {
    test("finds the same however the answer was cut", async () => {
      await fc.assert(
        fc.asyncProperty(text, cuts, async (output, places) => {
          const stream = evaluator.stream({ context }, tools);
          const progress = cut(output, places).map((piece) => stream?.push(piece));
          const whole = await evaluator.examine({ output, context }, tools);
          expect(timeless(await stream?.end())).toEqual(timeless(whole));
          const early = progress.flatMap((one) => one?.claims ?? []);
          expect(claimsIn(whole).slice(0, early.length)).toEqual(early);
          const settled = progress.map((one) => one?.settled ?? 0);
          expect(settled).toEqual(settled.toSorted((a, b) => a - b));
          expect(settled.at(-1) ?? 0).toBeLessThanOrEqual(output.length);
          for (const claim of claimsIn(whole).slice(early.length))
            expect(claim.start).toBeGreaterThanOrEqual(settled.at(-1) ?? 0);
        }),
        { numRuns: 150 },
      );
    });
  },
);

describe("a stream", () => {
  test("tells of a wrong number as soon as the next sentence has begun", () => {
    const stream = numericConsistency.configure().stream({ context }, tools);
    expect(stream?.push("It takes 90 days.")).toEqual({ settled: 0, claims: [] });
    expect(stream?.push(" It also costs $5 or")).toMatchObject({
      settled: 17,
      claims: [{ text: "90", start: 9, end: 11, verdict: "contradicted" }],
    });
  });

  test("tells of a quote when its line has ended", () => {
    const stream = quoteExactness.configure().stream({ context }, tools);
    expect(stream?.push('It says "we never take back"')).toEqual({ settled: 0, claims: [] });
    expect(stream?.push(" or so.\nNext")).toMatchObject({
      settled: 36,
      claims: [{ start: 9, end: 27, verdict: "unsupported" }],
    });
  });

  test("of faithfulness holds claims back until one of them can be compared", () => {
    const stream = faithfulness.configure().stream({ context }, tools);
    expect(stream?.push("Whales sing across whole oceans. They also")).toEqual({ settled: 0, claims: [] });
    const { settled, claims = [] } = stream?.push(" dance. Return shipping costs $5. And more of it") ?? {};
    expect(settled).toBe(75);
    expect(claims.map(({ start, verdict }) => [start, verdict])).toEqual([
      [0, "unsupported"],
      [33, "unsupported"],
      [50, "supported"],
    ]);
  });

  test("with a judge says nothing before the end", async () => {
    const stream = faithfulness.configure({ engine: "cascade", band: [0, 0] }).stream({ context }, tools);
    expect(stream?.push("Return shipping costs $5. It is cheap. And")).toEqual({ settled: 0, claims: [] });
    expect(await stream?.end()).toMatchObject({ path: [{ stage: "local", decided: true }] });
  });
});
