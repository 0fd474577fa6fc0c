import { ROOT_CONTEXT } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, Tools } from "../../../evaluators/define-evaluator.ts";
import type { Claim } from "../../../evaluators/evaluation.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import { findPassages, mostPassages } from "../../../evaluators/task-adherence/passages.ts";
import { findConstraints } from "../../../evaluators/task-adherence/constraints.ts";
import { taskAdherence } from "../../../evaluators/task-adherence/task-adherence.ts";

const unused: Judge = () => Promise.reject(new Error("nobody was to be asked"));
const tools: Tools = { judge: unused, signal: new AbortController().signal, parent: ROOT_CONTEXT };

function streamOf(input: string, options = {}) {
  const stream = taskAdherence.configure(options).stream({ input }, tools);
  if (!stream) throw new Error("There is no stream form.");
  return stream;
}

async function examine(input: string, output: string): Promise<Finding> {
  return taskAdherence.configure().examine({ input, output }, tools);
}

function claimsOf(finding: Finding): readonly Claim[] {
  return "abstained" in finding ? [] : (finding.claims ?? []);
}

const ban = 'Do not use the words "deep blue sea" and "tea", use no commas, and write at most 6 words.';

describe("an answer that arrives in pieces", () => {
  test("is found out at the first forbidden word, before it is complete", () => {
    const stream = streamOf('Do not use the word "tea".');
    expect(stream.push("I like tea")).toEqual({ settled: 2, claims: [] });
    expect(stream.push("s and")).toEqual({ settled: 7, claims: [] });
    expect(stream.push(" tea ")).toEqual({ settled: 16, claims: [] });
    expect(stream.push("now ")).toEqual({
      settled: 20,
      claims: [{ text: "tea", start: 16, end: 19, verdict: "violation", kind: "forbidden_word" }],
    });
  });

  test("is found out at the first word too many", () => {
    const stream = streamOf("Write at most 3 words.");
    expect(stream.push("one two three four five six ").claims).toEqual([
      { text: "four", start: 14, end: 18, verdict: "violation", kind: "too_long" },
    ]);
    expect(stream.push("seven eight nine ").claims).toEqual([]);
  });

  test("is settled up to the last words only, and not at all while something else is demanded of the whole", () => {
    expect(streamOf("Use no commas.").push("one two three ").settled).toBe(8);
    expect(streamOf("Use no commas. Write at least 3 words.").push("one two three ").settled).toBe(0);
    expect(streamOf("What is tea?").push("one two three ").settled).toBe(0);
    expect(streamOf("Use no commas.").push("no_space_yet")).toEqual({ settled: 0, claims: [] });
  });

  test("is told apart from what only begins like a forbidden phrase", () => {
    const stream = streamOf('Do not use the words "deep blue sea".');
    const said = ["the deep ", "blue ", "\n  sea", " is ", "far ", "away ", "from ", "here "].flatMap(
      (piece) => stream.push(piece).claims,
    );
    expect(said).toEqual([
      { text: "deep blue \n  sea", start: 4, end: 20, verdict: "violation", kind: "forbidden_word" },
    ]);
  });

  test("comes to the same end however it is cut, and to the same passages", async () => {
    const words = fc.constantFrom(
      "deep",
      "blue",
      "sea",
      "tea",
      "teas",
      ",",
      "one",
      "two",
      "🎉",
      " ",
      "  ",
      "\n",
      "商品",
      ".",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 30 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        async (text, cuts) => {
          const output = text.join("");
          const whole = await examine(ban, output);
          const stream = streamOf(ban);
          const places = [0, ...cuts.filter((cut) => cut < output.length).toSorted((a, b) => a - b), output.length];
          const early = places.slice(1).flatMap((to, at) => [...stream.push(output.slice(places[at], to)).claims]);
          expect(await stream.end()).toEqual(whole);
          for (const claim of early) expect(claimsOf(whole)).toContainEqual(claim);
          const rest = stream.push(" and the end of it all ").claims;
          const inside = claimsOf(whole).filter(({ end }) => end < output.length);
          for (const claim of inside) expect([...early, ...rest]).toContainEqual(claim);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is examined at its end where a judge is to be asked", async () => {
    const evaluator = taskAdherence.configure({ engine: "judge" });
    const judge: Judge = () => Promise.reject(new Error("the judge was asked"));
    const stream = evaluator.stream({ input: "Use no commas." }, { ...tools, judge });
    expect(stream?.push("one, two, three ")).toEqual({ settled: 0, claims: [] });
    await expect(async () => stream?.end()).rejects.toThrow("The judge broke with Error.");
  });

  test("is examined whole where the demand is loose", async () => {
    const stream = streamOf("Use no commas.", { loose: true });
    expect(stream.push("Sure, here it is:\nno marks ")).toEqual({ settled: 0, claims: [] });
    expect(await stream.end()).toMatchObject({ score: 1 });
  });

  test("of 120 KB in small pieces takes time that grows with its length", async () => {
    const stream = streamOf(ban);
    const started = performance.now();
    for (let piece = 0; piece < 20_000; piece += 1) stream.push("ab cd ");
    await stream.end();
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("passages that break a demand", () => {
  test("are marked with their places, in order", async () => {
    const output = "Tea, deep blue sea, teas and more";
    const finding = await examine(ban, output);
    expect(claimsOf(finding).map(({ text, start, kind }) => [text, start, kind])).toEqual([
      ["Tea", 0, "forbidden_word"],
      [",", 3, "forbidden_mark"],
      ["deep blue sea", 5, "forbidden_word"],
      [",", 18, "forbidden_mark"],
      ["more", 29, "too_long"],
    ]);
    for (const { text, start, end } of claimsOf(finding)) expect(output.slice(start, end)).toBe(text);
  });

  test("are not looked for where the demand is met", async () => {
    expect(await examine(ban, "all is well")).not.toHaveProperty("claims");
    expect(claimsOf(await examine("Use no commas. Write at most 3 words.", "a b c,")).map(({ kind }) => kind)).toEqual([
      "forbidden_mark",
    ]);
  });

  test("are reported up to a number", () => {
    const constraints = findConstraints("Use no commas.");
    expect(findPassages(",".repeat(mostPassages), constraints)).toHaveLength(mostPassages);
    expect(findPassages(",".repeat(mostPassages + 1), constraints)).toHaveLength(mostPassages);
  });

  test("of too many words begin where either way of counting has had enough", () => {
    const constraints = findConstraints("Write at most 2 words.");
    expect(findPassages("well-known tea", constraints)).toEqual([]);
    expect(findPassages("well-known old tea", constraints).map(({ text }) => text)).toEqual(["tea"]);
    expect(findPassages("a b c d", constraints).map(({ text }) => text)).toEqual(["c"]);
  });
});
