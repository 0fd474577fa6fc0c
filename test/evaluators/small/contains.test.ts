import { ROOT_CONTEXT } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tools } from "../../../evaluators/define-evaluator.ts";
import { contains } from "../../../evaluators/small/contains.ts";
import { placesOf, run } from "./run.ts";

const check = (output: string, options: object) => run(contains, { output }, options);

describe("the mode all", () => {
  test("passes when every text is there, and scores the share otherwise", async () => {
    const values = ["Oslo", "Bergen", "Ålesund", "🎉"];
    expect(await check("Bergen and Oslo, Ålesund 🎉", { values })).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "The output contains 4 of 4 given texts; all must be there.",
    });
    const part = await check("Only Oslo here. Oslo!", { values });
    expect(part).toMatchObject({
      outcome: "fail",
      score: 0.25,
      reason: "The output contains 1 of 4 given texts; all must be there.",
      claims: [
        { text: "Oslo", start: 5, end: 9, field: "output", verdict: "supported", kind: "demanded_text" },
        { text: "Oslo", start: 16, end: 20 },
      ],
      criteria: [
        { id: "value_1", question: "Given text 1 (Oslo) is there", verdict: "yes", weight: 1 },
        { id: "value_2", verdict: "no" },
        { id: "value_3", verdict: "no" },
        { id: "value_4", verdict: "no" },
      ],
    });
  });

  test("is what counts when nothing is said", async () => {
    expect((await check("a", { values: ["a", "b"] })).outcome).toBe("fail");
  });

  test("fails an empty output", async () => {
    expect(await check("", { values: ["a"] })).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "The output contains 0 of 1 given text; all must be there.",
    });
  });
});

test("the mode any passes when one of the texts is there", async () => {
  const options = { values: ["a", "b"], mode: "any" };
  expect(await check("xbx", options)).toMatchObject({ outcome: "pass", score: 1 });
  expect(await check("xyx", options)).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The output contains 0 of 2 given texts; at least one must be there.",
  });
});

describe("the mode none", () => {
  const options = { values: ["secret", "cheap"], mode: "none" };

  test("passes when no text is there", async () => {
    expect(await check("All is well.", options)).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "The output contains 0 of 2 given texts; none may be there.",
      claims: [],
      criteria: [
        { question: "Given text 1 (secret) is absent", verdict: "yes" },
        { question: "Given text 2 (cheap) is absent", verdict: "yes" },
      ],
    });
  });

  test("fails with every place when one is there", async () => {
    const output = "cheap, 🎉 cheap, and cheaper";
    const evaluation = await check(output, options);
    expect(evaluation).toMatchObject({ outcome: "fail", score: 0, criteria: [{ verdict: "yes" }, { verdict: "no" }] });
    expect(evaluation.claims?.[1]).toEqual({
      text: "cheap",
      start: 10,
      end: 15,
      field: "output",
      verdict: "violation",
      kind: "forbidden_text",
    });
    expect(placesOf(evaluation, output)).toEqual(["cheap", "cheap", "cheap"]);
  });

  test("says nothing about an output that is empty, unless what is forbidden is white space", async () => {
    expect(await check("  ", options)).toMatchObject({ outcome: "abstained", reason: "The output is empty." });
    expect((await check("  ", { values: ["\t"], mode: "none" })).outcome).toBe("abstained");
    expect((await check("  ", { values: [" "], mode: "none" })).outcome).toBe("fail");
  });

  test("marks a hundred places and no more", async () => {
    const { claims } = await check("cheap ".repeat(150), options);
    expect(claims).toHaveLength(100);
    expect(claims?.at(-1)?.start).toBe(99 * 6);
  });
});

describe("capitals and small letters", () => {
  test("differ unless they are ignored", async () => {
    expect((await check("OSLO", { values: ["oslo"] })).outcome).toBe("fail");
    expect((await check("OSLO", { values: ["oslo"], ignore_case: true })).outcome).toBe("pass");
    expect((await check("oslo", { values: ["Oslo"], ignore_case: true })).outcome).toBe("pass");
  });

  test.each([
    ["ÅLESUND", "ålesund"],
    ["ΟΔΟΣ", "οδος"],
    ["οδοσ", "ΟΔΟΣ"],
    ["МОСКВА", "москва"],
    ["straße", "STRAßE"],
    ["İstanbul", "İSTANBUL"],
  ])("%s and %s are the same text, in place", async (output, value) => {
    const evaluation = await check(`🎉 ${output}!`, { values: [value], ignore_case: true });
    expect(evaluation.outcome).toBe("pass");
    expect(placesOf(evaluation, `🎉 ${output}!`)).toEqual([output]);
  });

  test("ß is not ss", async () => {
    expect((await check("STRASSE", { values: ["straße"], ignore_case: true })).outcome).toBe("fail");
  });
});

describe("without values", () => {
  test("the expected output is looked for", async () => {
    expect((await run(contains, { output: "It is Oslo.", expected_output: "Oslo" })).outcome).toBe("pass");
    expect((await run(contains, { output: "It is Bergen.", expected_output: "Oslo" })).outcome).toBe("fail");
    const values = ["Bergen"];
    expect((await run(contains, { output: "It is Bergen.", expected_output: "Oslo" }, { values })).outcome).toBe(
      "pass",
    );
  });

  test("and without an expected output there is nothing to look for", async () => {
    for (const sample of [{ output: "x" }, { output: "x", expected_output: " " }]) {
      expect(await run(contains, sample)).toMatchObject({
        outcome: "abstained",
        reason: "There is nothing to look for: no values are configured and there is no expected_output.",
      });
    }
  });
});

test("empty values and an empty list are refused when the options are read", () => {
  expect(() => contains.configure({ values: [] })).toThrow(/values/);
  expect(() => contains.configure({ values: [""] })).toThrow(/values/);
});

describe("an output that arrives in pieces", () => {
  const tools: Tools = {
    get judge(): never {
      throw new Error("no judge is needed");
    },
    signal: new AbortController().signal,
    parent: ROOT_CONTEXT,
  };
  const cutAt = (text: string, cuts: readonly number[]) => {
    const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((to, index) => text.slice(places[index], to));
  };
  const letters = fc.string({ unit: fc.constantFrom("a", "A", "b", "🎉", "é"), maxLength: 40 });

  test.each(["none", "all", "any"])("comes to the same in the mode %s, however it is cut", async (mode) => {
    const values = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "🎉", "É"), minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        letters,
        values,
        fc.array(fc.nat(60)),
        fc.boolean(),
        async (output, wanted, cuts, ignore_case) => {
          const evaluator = contains.configure({ values: wanted, mode, ignore_case });
          const stream = evaluator.stream({}, tools);
          const told = cutAt(output, cuts).map((piece) => stream?.push(piece));
          const whole = await evaluator.examine({ output }, tools);
          expect(await stream?.end()).toEqual(whole);
          const claims = mode === "none" && "claims" in whole ? whole.claims : [];
          expect(told.flatMap((progress) => progress?.claims ?? [])).toEqual(claims);
        },
      ),
    );
  });

  test("tells a forbidden text as soon as it is complete, and settles what no longer can be part of one", () => {
    const stream = contains.configure({ values: ["cheap", "no"], mode: "none" }).stream({}, tools);
    expect(stream?.push("It is ch")).toEqual({ settled: 4, claims: [] });
    expect(stream?.push("eap")).toMatchObject({ settled: 7, claims: [{ text: "cheap", start: 6, end: 11 }] });
    expect(stream?.push("")).toEqual({ settled: 7, claims: [] });
    expect(stream?.push("er no")).toMatchObject({ settled: 12, claims: [{ text: "no", start: 14, end: 16 }] });
  });

  test("settles nothing while a text is still missing", () => {
    const stream = contains.configure({ values: ["cheap"] }).stream({}, tools);
    expect(stream?.push("It is cheap.")).toEqual({ settled: 0, claims: [] });
  });

  test("of 200 KB in single characters, with a value that is long, takes no time", async () => {
    const early = contains.configure({ values: ["a".repeat(10_000)], mode: "none" }).stream({}, tools);
    expect(early?.push("a".repeat(10_000)).claims).toHaveLength(1);
    const late = contains.configure({ values: ["a".repeat(10_001)], mode: "none" }).stream({}, tools);
    for (let at = 0; at < 200_000; at += 1) late?.push("a");
    expect(await late?.end()).toMatchObject({ score: 0 });
  });
});
