import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

const good = { id: "a", output: "Your parcel is on its way." };
const bad = { id: "b", output: "Write to ana@example.com." };
const pii = ["evaluate", "rows.jsonl", "--evaluators", "pii"];

describe("proctor evaluate --explain", () => {
  test("marks what was found in the text, with words where there are no colours", async () => {
    const { code, out } = await folder.run([
      "evaluate",
      "--explain",
      "--evaluators",
      "pii",
      "--output",
      "Write to ana@example.com now",
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(/^pii: FAIL 0\.000 \(passes at 1\) {2}\[version [0-9a-f]{12}\]$/m);
    expect(out).toContain("    Write to [violation: ana@example.com] now");
    expect(out).toMatch(/path: local .*ms, decided; .*ms in all/);
  });

  test("marks with colours when they are wanted", async () => {
    const argv = ["evaluate", "--explain", "--evaluators", "pii", "--output", "Write to ana@example.com now"];
    const colored = "Write to \u001b[41;97mana@example.com\u001b[0m now";
    expect((await folder.run(argv, { isOutTerminal: true })).out).toContain(colored);
    expect((await folder.run(argv, { environment: { FORCE_COLOR: "1" } })).out).toContain(colored);
    for (const environment of [{ NO_COLOR: "1" }, { FORCE_COLOR: "0" }, { TERM: "dumb" }])
      expect((await folder.run(argv, { isOutTerminal: true, environment })).out).not.toContain("\u001b");
  });

  test("shows the row of a line, as JSON too", async () => {
    folder.writeRows(good, "", bad);
    const { code, out } = await folder.run([...pii, "--explain", "--row", "3", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ row: 3, evaluations: [{ evaluator: "pii", outcome: "fail" }] });
    expect((await folder.run([...pii, "--explain"])).code).toBe(0);
  });

  test("a row that cannot be decided exits 3, one that cannot be read 4", async () => {
    folder.writeRows({ input: "no output" });
    expect((await folder.run(["evaluate", "rows.jsonl", "--evaluators", "faithfulness", "--explain"])).code).toBe(3);
    folder.writeRows("nonsense");
    expect(await folder.run([...pii, "--explain"])).toMatchObject({
      code: 4,
      errors: "Line 1 is not JSON: one object a line is expected.",
    });
  });

  test("a text cannot steer the terminal", async () => {
    const { out } = await folder.run(
      ["evaluate", "--explain", "--evaluators", "pii", "--output", "a\u001b[2Jb ana@example.com"],
      { isOutTerminal: true },
    );
    expect(out).not.toContain("\u001b[2J");
    expect(out).toContain("a\ufffd[2Jb");
  });
});
