import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

const good = { id: "a", output: "Your parcel is on its way." };
const bad = { id: "b", output: "Write to ana@example.com." };
const unscored = { id: "c", input: 7 };
const pii = ["evaluate", "rows.jsonl", "--evaluators", "pii"];

describe("proctor evaluate", () => {
  test("prints outcomes and pass rates with intervals, and what becomes of the rows", async () => {
    folder.writeRows(good, bad, good, good);
    const { code, out, errors } = await folder.run(pii);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(out).toMatch(/^evaluator +pass +fail +error +timeout +skipped +abstained +pass rate \(95 %\)$/m);
    // Wilson's interval of 3 in 4.
    expect(out).toMatch(/^pii +3 +1 +0 +0 +0 +0 +75\.0 % \(30\.1 %–95\.4 %\)/m);
    expect(out).toContain("4 rows: 3 kept, 1 dropped, 0 unscored, 0 not run");
    expect(out).toMatch(/Every row is decided\.$/);
  });

  test("--out holds a line for each row with its columns, decision and evaluations", async () => {
    folder.writeRows(good, "nonsense", bad);
    expect((await folder.run([...pii, "--out", "scored.jsonl"])).code).toBe(2);
    const [header, ...lines] = readFileSync(join(folder.path, "scored.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(header).toMatchObject({
      proctor: "evaluations",
      format: 1,
      settings: { pii: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    expect(lines).toMatchObject([
      { row: 1, source: good, decision: "kept", evaluations: [{ evaluator: "pii", outcome: "pass" }] },
      { row: 2, decision: "unscored", problem: "Line 2 is not JSON: one object a line is expected.", evaluations: [] },
      { row: 3, source: bad, decision: "dropped", evaluations: [{ outcome: "fail" }] },
    ]);
  });

  test("--out - writes rows to standard output and what is said of them beside", async () => {
    folder.writeRows(good, bad);
    const { code, lines, errors } = await folder.run([...pii, "--out", "-"]);
    expect(code).toBe(0);
    expect(lines.map((line) => (JSON.parse(line) as { decision: string }).decision)).toEqual(["kept", "dropped"]);
    expect(errors).toContain("2 rows: 1 kept, 1 dropped");
  });

  test("the rows to keep, and those of somebody else, are never begun anew over", async () => {
    folder.writeRows(good);
    const path = join(folder.path, "rows.jsonl");
    const rows = readFileSync(path, "utf8");
    symlinkSync(path, join(folder.path, "link.jsonl"));
    for (const out of ["rows.jsonl", "./link.jsonl"]) {
      expect(await folder.run([...pii, "--out", out, "--restart"])).toMatchObject({
        code: 4,
        errors: `--out ${out} is the file of the rows. Name another one.`,
      });
    }
    const others = join(folder.path, "others.jsonl");
    writeFileSync(others, rows);
    expect((await folder.run([...pii, "--out", "others.jsonl", "--restart"])).code).toBe(4);
    expect([readFileSync(path, "utf8"), readFileSync(others, "utf8")]).toEqual([rows, rows]);
  });

  test("a file whose lines were edited is refused with the line, not counted", async () => {
    folder.writeRows(good, bad);
    await folder.run([...pii, "--out", "scored.jsonl"]);
    const path = join(folder.path, "scored.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace('"dropped"', '"passed"'));
    const { code, errors } = await folder.run([...pii, "--out", "scored.jsonl"]);
    expect(code).toBe(4);
    expect(errors).toMatch(
      /^Line 3 of .*scored\.jsonl cannot be read: it does not say what became of row 2\. .*--restart\.$/,
    );
  });

  test("rows that are not kept are named with the reason, those of the file too", async () => {
    folder.writeRows(good, bad, unscored);
    const first = await folder.run([...pii, "--out", "scored.jsonl"]);
    expect(first.out).toMatch(
      /\ndropped, first:\n  line 2: pii 0\.000: Found 1 e-mail address\.\nunscored, first:\n  line 3: The sample's field "input" is not right: .*\n--explain --row <line> shows one in full\.\n1 of 3 rows are unscored/,
    );
    const second = await folder.run([...pii, "--out", "scored.jsonl"]);
    expect(second.out).toBe(first.out);
  });

  test("- reads standard input", async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${JSON.stringify(good)}\n${JSON.stringify(bad)}`);
    }
    const { out } = await folder.run(["evaluate", "-", "--evaluators", "pii", "--json"], { input: input() });
    expect(JSON.parse(out)).toMatchObject({ rows: 2, decisions: { kept: 1, dropped: 1 } });
  });

  test("--json prints one object", async () => {
    folder.writeRows(good, bad);
    const { out } = await folder.run([...pii, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      exit_code: 0,
      conclusion: "Every row is decided.",
      rows: 2,
      decisions: { kept: 1, dropped: 1, unscored: 0, not_run: 0 },
      unreadable: 0,
      passRate: { value: 0.5 },
      evaluators: [
        {
          evaluator: "pii",
          outcomes: { pass: 1, fail: 1 },
          passRate: { value: 0.5, interval: [expect.closeTo(0.0945, 3), expect.closeTo(0.9055, 3)] },
        },
      ],
    });
  });

  test.each([
    ["every row decided", [good, bad], [], 0, /Every row is decided/],
    ["an unscored row", [good, unscored], [], 2, /1 of 2 rows are unscored, and 0 may be/],
    ["an unscored row that may be", [good, unscored], ["--max-unscored", "1"], 0, /1 of 2 rows are decided/],
    ["a share of unscored rows that may be", [good, unscored], ["--max-unscored", "50%"], 0, /1 of 2/],
    ["too large a share of unscored rows", [good, unscored], ["--max-unscored", "0.49"], 2, /unscored/],
    ["nothing decided", [unscored, unscored], ["--max-unscored", "100%"], 3, /No row could be decided/],
    ["no rows at all", [], [], 3, /There are no rows\.$/],
    ["a pass rate that is met", [good, bad], ["--min-pass-rate", "50%"], 0, /The pass rate is at least 50\.0 %/],
    ["a pass rate that is missed", [good, bad], ["--min-pass-rate", "0.51"], 1, /The pass rate is below 51\.0 %/],
    [
      "a pass rate that is met whatever the unscored rows are",
      [good, good, unscored],
      ["--min-pass-rate", "0.6"],
      0,
      /at least/,
    ],
    [
      "a pass rate that is missed whatever the unscored rows are",
      [bad, bad, unscored],
      ["--min-pass-rate", "0.6"],
      1,
      /below/,
    ],
    [
      "a pass rate that the unscored rows leave open",
      [good, bad, unscored],
      ["--min-pass-rate", "0.6"],
      2,
      /could make the pass rate 33\.3 % or 66\.7 %/,
    ],
    [
      "a pass rate of the decided rows where unscored ones may be",
      [good, unscored],
      ["--min-pass-rate", "1", "--max-unscored", "1"],
      0,
      /at least 100\.0 %/,
    ],
  ])("%s", async (...[, rows, flags, code, conclusion]) => {
    folder.writeRows(...rows);
    const result = await folder.run([...pii, ...flags]);
    expect(result.code).toBe(code);
    expect(result.out).toMatch(conclusion);
  });
});
