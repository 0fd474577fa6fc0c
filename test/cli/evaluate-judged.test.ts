import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder, judgedConfig } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

describe("with judges", () => {
  const rows = Array.from({ length: 6 }, (_, at) => ({ output: `The parcel number ${at} is named.` }));
  const polite = ["evaluate", "rows.jsonl", "--evaluators", "polite"];
  beforeEach(() => {
    folder.configure(judgedConfig);
    folder.writeRows(...rows);
  });

  test("what it will cost is said before any judge is asked, and what it did cost afterwards", async () => {
    const { out, errors, code } = await folder.run(polite);
    expect(code).toBe(0);
    expect(errors).toMatch(
      /^Judges will be asked about 6 to 12 times for 6 rows: [\d,]+ to [\d,]+ tokens, \d+\.\d\d to \d+\.\d\d USD \(estimated from 6 rows/,
    );
    expect(out).toMatch(/^evaluator .* pass rate \(95 %\) +cached +USD$/m);
    expect(out).toMatch(/^polite +6 +0 .* +0 +\d+\.\d{4}$/m);
    const both = await folder.run(["evaluate", "rows.jsonl", "--evaluators", "pii,polite"]);
    expect(both.out).toMatch(/^pii +6 .* +0$/m);
    expect(both.out).toMatch(/^polite +6 .* +6 +0\.0000$/m);
  });

  test("a second run takes the verdicts from .proctor and buys nothing; bypass asks again", async () => {
    await folder.run(polite);
    expect(existsSync(join(folder.path, ".proctor", "verdicts.db"))).toBe(true);
    expect(JSON.parse((await folder.run([...polite, "--json"])).out)).toMatchObject({
      evaluators: [{ cached: 6, costUsd: 0 }],
    });
    const bypassed = JSON.parse((await folder.run([...polite, "--json", "--cache", "bypass"])).out) as {
      evaluators: { cached: number; costUsd: number }[];
    };
    expect(bypassed.evaluators[0]?.cached).toBe(0);
    expect(bypassed.evaluators[0]?.costUsd).toBeGreaterThan(0);
  });

  test("a spent budget leaves rows that were not run: exit 2, and the next run does them", async () => {
    const first = await folder.run([
      ...polite,
      "--out",
      "scored.jsonl",
      "--budget-tokens",
      "1000",
      "--concurrency",
      "1",
      "--json",
    ]);
    const { decisions } = JSON.parse(first.out) as { decisions: { kept: number; not_run: number } };
    expect(first.code).toBe(2);
    expect(decisions.not_run).toBeGreaterThan(0);
    expect(decisions.kept + decisions.not_run).toBe(6);
    expect(first.out).toContain(`${decisions.not_run} rows were not run. The budget of 1000 tokens is spent.`);
    const second = await folder.run([...polite, "--out", "scored.jsonl"]);
    expect(second.code).toBe(0);
    expect(second.out).toContain("6 rows: 6 kept, 0 dropped, 0 unscored, 0 not run");
  });

  test("a budget in dollars for a judge without a price stops the run and says why", async () => {
    const { code, out } = await folder.run([...polite, "--judge", "free", "--budget-usd", "5", "--concurrency", "1"]);
    expect(code).toBe(2);
    expect(out).toContain(
      "5 rows were not run. The judge does not say what its calls cost, so a budget in USD cannot be held.",
    );
  });

  test.each([
    ["n", 4, "Nothing was asked."],
    ["", 4, "Nothing was asked."],
    ["y", 0, ""],
  ])("at a terminal a person is asked first (%j)", async (answer, code, said) => {
    const written: string[] = [];
    const asked: string[] = [];
    const terminal = {
      write: (text: string) => void written.push(text),
      ask: async (question: string) => (asked.push(question), answer),
    };
    const result = await folder.run(polite, { terminal });
    expect({ code: result.code, asked }).toEqual({ code, asked: ["Go on? [y/N] "] });
    expect(result.errors).toContain(said);
    const bar = /\[####################\] 6\/6 rows, .* 6 judge calls, \d+\.\d{4} USD\n$/;
    expect(bar.test(written.join(""))).toBe(code === 0);
  });

  test("--yes and a budget ask nobody", async () => {
    const terminal = { write: () => {}, ask: () => Promise.reject(new Error("asked")) };
    expect((await folder.run([...polite, "--yes"], { terminal })).code).toBe(0);
    expect((await folder.run([...polite, "--budget-usd", "1000"], { terminal })).code).toBe(0);
  });

  test("another evaluator version does not go on in the same file", async () => {
    await folder.run([...polite, "--out", "scored.jsonl"]);
    const changed = { ...judgedConfig, evaluators: { polite: { ...judgedConfig.evaluators.polite, threshold: 0.5 } } };
    folder.configure(changed);
    const { code, errors } = await folder.run([...polite, "--out", "scored.jsonl"]);
    expect(code).toBe(4);
    expect(errors).toMatch(/scored\.jsonl was begun with other settings \(polite: .* then, .* now\).*--restart/);
    expect((await folder.run([...polite, "--out", "scored.jsonl", "--restart"])).code).toBe(0);
  });

  test("two answers a row are compared by the judge", async () => {
    folder.writeRows({ a: "Same.", b: "Same.", input: "Which?" }, { a: "x" });
    const { code, out } = await folder.run(["evaluate", "rows.jsonl", "--pair", "--json", "--out", "pairs.jsonl"]);
    expect(JSON.parse(out)).toMatchObject({ exit_code: 2, rows: 2, tie: 1, unreadable: 1 });
    expect(code).toBe(2);
    const again = await folder.run(["evaluate", "rows.jsonl", "--pair", "--json", "--out", "pairs.jsonl"]);
    expect(again.out).toBe(out);
  });

  test("a pair that was compared, or could not be, is not compared again; a spent budget leaves the rest for the next run", async () => {
    folder.writeRows(...[1, 2, 3].map((id) => ({ id, a: `Parcel ${id} has left.`, b: "No idea.", input: "Where?" })));
    const pairs = ["evaluate", "rows.jsonl", "--pair", "--out", "pairs.jsonl", "--concurrency", "1", "--json"];
    const first = await folder.run([...pairs, "--budget-tokens", "10"]);
    expect(JSON.parse(first.out)).toMatchObject({ exit_code: 2, rows: 3, not_run: 3 - finishedPairs(folder) });
    expect(first.code).toBe(2);
    expect(finishedPairs(folder)).toBeLessThan(3);
    const second = await folder.run(pairs);
    expect(JSON.parse(second.out)).toMatchObject({ rows: 3, error: 0, unreadable: 0, not_run: 0 });
    expect(finishedPairs(folder)).toBe(3);
    const bought = await folder.run([...pairs.slice(0, 3), "--concurrency", "1", "--budget-tokens", "10"]);
    expect(bought.out).toMatch(
      /3 pairs: a 0, b 0, .*, not run [23]\n(?:.*\n)?[23] pairs were not compared\. The budget of 10 tokens is spent\.$/,
    );
  });

  test("--retry-unscored compares what was not decided again, and nothing else", async () => {
    folder.writeRows({ a: "Same.", b: "Same.", input: "Which?" }, { a: "x" });
    const pairs = ["evaluate", "rows.jsonl", "--pair", "--out", "pairs.jsonl"];
    await folder.run(pairs);
    const before = readFileSync(join(folder.path, "pairs.jsonl"), "utf8");
    expect((await folder.run([...pairs, "--retry-unscored"])).code).toBe(2);
    expect(readFileSync(join(folder.path, "pairs.jsonl"), "utf8")).toBe(before);
  });

  test("a student's rows whose judge would cost more than the budget are not run, and are run next time", async () => {
    folder.writeRows(...[1, 2, 3].map((id) => ({ id, input: `Where is parcel ${id}?` })));
    folder.configure({
      ...judgedConfig,
      models: { ...judgedConfig.models, student: { targets: [{ provider: "sandbox", model: "student" }] } },
    });
    const compare = [...polite, "--generate", "student", "--out", "compared.jsonl", "--concurrency", "1", "--json"];
    const first = await folder.run([...compare, "--budget-tokens", "10"]);
    expect(first.code).toBe(2);
    expect(JSON.parse(first.out)).toMatchObject({
      rows: 3,
      not_run: 2,
      undecided: 2,
      conclusion: "2 rows were not run, because the budget is spent.",
      problems: ["The budget of 10 tokens is spent."],
    });
    const second = await folder.run(compare);
    expect(JSON.parse(second.out)).toMatchObject({ rows: 3, not_run: 0, undecided: 0 });
  });
});

function finishedPairs({ path }: CommandFolder): number {
  return readFileSync(join(path, "pairs.jsonl"), "utf8").trimEnd().split("\n").length - 1;
}
