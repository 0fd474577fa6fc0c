import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

describe("proctor evaluate --generate", () => {
  const question = { input: "How long do I have for a refund?", context: ["Refunds are possible within 30 days."] };
  const compare = ["evaluate", "rows.jsonl", "--evaluators", "pii", "--generate", "student", "--against", "teacher"];

  test("both models answer every row, and the pass rates are compared with retention, flips and p", async () => {
    folder.writeRows({ id: 1, ...question, output: "A recorded answer with ana@example.com." }, question, question);
    const { code, out } = await folder.run(compare);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^evaluator +rows +teacher passes +student passes +retention \(95 %\) +lost +gained +McNemar p$/m,
    );
    expect(out).toMatch(/^pii +3 +100\.0 % .* +100\.0 % .* +100\.0 % \(100\.0 %–100\.0 %\) +0 +0 +1\.0000$/m);
    expect(out).toContain("3 rows: 3 decided, 0 undecided");
    expect(out).toMatch(/student retains 100\.0 % .* of the pass rate of teacher\.$/);
  });

  test("answers are kept, so that nothing is generated twice", async () => {
    folder.writeRows(question, question);
    const first = await folder.run([...compare, "--out", "compared.jsonl", "--json"]);
    const file = readFileSync(join(folder.path, "compared.jsonl"), "utf8");
    const rows = file
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => JSON.parse(line) as object);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      row: 1,
      source: question,
      student: {
        model: "student",
        decision: "kept",
        answer: { output: expect.stringContaining("30 days") },
        evaluations: [{ outcome: "pass" }],
      },
      teacher: {
        model: "teacher",
        answer: { output: expect.any(String), trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    });
    expect(await folder.run([...compare, "--out", "compared.jsonl", "--json"])).toMatchObject({
      code: 0,
      out: first.out,
    });
    expect(readFileSync(join(folder.path, "compared.jsonl"), "utf8")).toBe(file);
    const other = await folder.run([
      "evaluate",
      "rows.jsonl",
      "--evaluators",
      "pii",
      "--generate",
      "teacher",
      "--against",
      "student",
      "--out",
      "compared.jsonl",
    ]);
    expect(other).toMatchObject({
      code: 4,
      errors: expect.stringContaining("student: model student then, model teacher now"),
    });
  });

  test.each([
    ["100%", 0, /at least 100\.0 %/],
    ["1.5", 1, /less than 150\.0 %/],
  ])("--min-retention %s exits %i", async (least, code, message) => {
    folder.writeRows(question, question);
    const result = await folder.run([...compare, "--min-retention", least]);
    expect(result.code).toBe(code);
    expect(result.out).toMatch(message);
  });

  test("a row that asks nothing is undecided, and nothing decided exits 3", async () => {
    folder.writeRows({ output: "An answer without a question." }, "nonsense");
    const { code, out } = await folder.run(compare);
    expect(code).toBe(3);
    expect(out).toContain("The row asks nothing: it has neither input nor messages of a user.");
    folder.writeRows(question, { output: "x" });
    expect((await folder.run(compare)).code).toBe(2);
  });

  test("a model that gives no answer leaves its rows undecided, and they are asked again next time", async () => {
    const broken = {
      providers: {
        sandbox: { kind: "sandbox" },
        gone: { kind: "openai", base_url: "http://127.0.0.1:9/v1", api_key: "k" },
      },
      models: {
        teacher: { role: "teacher", targets: [{ provider: "sandbox", model: "teacher" }] },
        student: { targets: [{ provider: "gone", model: "m" }] },
      },
    };
    folder.configure(broken);
    folder.writeRows(question);
    const { code, out } = await folder.run([...compare, "--out", "compared.jsonl"]);
    expect(code).toBe(3);
    expect(out).toContain("without an answer: student 1, teacher 0");
    expect(out).toMatch(/"student" gave no answer: /);
    expect(readFileSync(join(folder.path, "compared.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(1);
  }, 60_000);

  test("a student alone is evaluated without a comparison", async () => {
    folder.writeRows(question);
    const { code, out } = await folder.run(["evaluate", "rows.jsonl", "--evaluators", "pii", "--generate", "student"]);
    expect(code).toBe(0);
    expect(out).toMatch(/student passes 100\.0 % of 1 rows\.$/);
  });

  test("a recorded answer at the end of a conversation is neither asked with nor examined with", async () => {
    const call = { role: "assistant", content: "ana@example.com", tool_calls: [{ name: "lookup", arguments: "{}" }] };
    const messages = [{ role: "user", content: "Hello" }, call];
    folder.writeRows({ messages, expected_tool_calls: [] });
    const evaluators = "trajectory_match,pii";
    const { code, out } = await folder.run([...compare.slice(0, 3), evaluators, "--generate", "student"]);
    expect(out).toMatch(/student passes 100\.0 % of 1 rows\.$/);
    expect(code).toBe(0);
  });

  test("why an answer has no verdict is said, and --retry-unscored asks again for that row alone", async () => {
    folder.writeRows({ input: "Hello" }, question);
    const compared = [...compare.slice(0, 2), "--evaluators", "context_utilization", ...compare.slice(4)];
    const first = await folder.run([...compared, "--out", "compared.jsonl"]);
    expect(first.out).toContain("2 rows: 1 decided, 1 undecided");
    expect(first.out).toContain("context_utilization skipped on student: Not examined: the sample has no context.");
    const file = () => readFileSync(join(folder.path, "compared.jsonl"), "utf8").trimEnd().split("\n");
    const before = file();
    await folder.run([...compared, "--out", "compared.jsonl"]);
    expect(file()).toEqual(before);
    await folder.run([...compared, "--out", "compared.jsonl", "--retry-unscored"]);
    expect(file()[1]).toBe(before[2]);
    expect(file()[2]).toMatch(/^\{"row":1,/);
    expect(file()).toHaveLength(3);
  });
});
