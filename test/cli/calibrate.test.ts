import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runProctor } from "../../cli/proctor.ts";
import { parseCard } from "../../evaluators/index.ts";
import { type JudgeServer, startJudgeServer } from "../support/judge-server.ts";
import { testContext } from "../support/test-gateway.ts";

let servers: JudgeServer[] = [];
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
});

async function run(rows: readonly object[] | string, given: readonly string[], config?: object) {
  const folder = mkdtempSync(join(tmpdir(), "proctor-calibrate-"));
  const text = typeof rows === "string" ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(folder, "gold.jsonl"), text);
  if (config) writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(config));
  const errors: string[] = [];
  const out: string[] = [];
  const argv = ["calibrate", ...given, ...(given.includes("--gold") ? [] : ["--gold", "gold.jsonl"])];
  const code = await runProctor(argv, testContext(folder, errors, {}, out));
  const card = () => parseCard(readFileSync(join(folder, ".proctor/cards/pii.json"), "utf8"));
  return { code, out: out.join("\n"), errors: errors.join("\n"), folder, text, card };
}

/** Answers with an e-mail address are labelled bad, which code for personal data can see. */
function answers(count: number) {
  return Array.from({ length: count }, (_, at) =>
    at % 2 === 0
      ? { output: `Your parcel number ${at} is on its way.`, label: "pass", source_id: at }
      : { output: `Write to customer.${at}@example.com.`, label: "fail", source_id: at },
  );
}

describe("proctor calibrate", () => {
  test("writes the card, its page and its plot, and prints the table", async () => {
    const { code, out, errors, folder, text, card } = await run(answers(160), ["pii", "--target", "precision=0.95"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(out).toMatch(/^pii, version [0-9a-f]{12}, engine local, target precision=0\.95\n/);
    expect(out).toMatch(/true pass rate +100\.0 % \(95\.4 % to 100\.0 %; 80\/80\) +of the good rows pass/);
    expect(out).toContain("The precision is at least 0.95 with 95 % confidence");
    expect(out).toContain(
      [
        "Written: .proctor/cards/pii.json, .proctor/cards/pii.md, .proctor/cards/pii.svg",
        'To use it, put "card: .proctor/cards/pii.json" under evaluators.pii in proctor.yaml.',
      ].join("\n"),
    );
    expect(card()).toMatchObject({
      evaluator: "pii",
      reached: "yes",
      rows: { given: 160, scored: 160 },
      data: { sha256: createHash("sha256").update(text).digest("hex") },
    });
    const read = (name: string) => readFileSync(join(folder, ".proctor/cards", name), "utf8");
    expect(read("pii.md")).toContain("![Reliability of pii](pii.svg)");
    expect(read("pii.svg")).toMatch(/^<svg [^]*<\/svg>\n$/);
  });

  test("prints the card as JSON, writes where it is told, or prints nothing", async () => {
    const json = await run(answers(160), ["pii", "--target", "youden", "--json", "--out", "here/there"]);
    expect(parseCard(json.out)).toMatchObject({ evaluator: "pii", target: { kind: "youden" } });
    expect(readdirSync(join(json.folder, "here/there")).toSorted()).toEqual(["pii.json", "pii.md", "pii.svg"]);
    expect(await run(answers(160), ["pii", "--target", "youden", "--quiet"])).toMatchObject({ code: 0, out: "" });
  });

  test("divides and resamples as it is told", async () => {
    const { card } = await run(answers(60), ["pii", "--target", "youden", "--folds", "3", "--seed", "7"]);
    expect(card().measured).toMatchObject({ folds: 3, seed: 7 });
  });

  test("is inconclusive, with the reason, when the rows are too few to say, and still writes the card", async () => {
    const { code, out, card } = await run(answers(60), ["pii", "--target", "precision=0.95"]);
    expect(code).toBe(2);
    expect(out).toContain("that takes 59 passed rows without one error");
    expect(card().reached).toBe("unsure");
  });

  test("is inconclusive and writes nothing when the rows cannot carry a card", async () => {
    const { code, errors, folder } = await run(answers(8), ["pii", "--target", "youden"]);
    expect(code).toBe(2);
    expect(errors).toBe(
      "Of 8 scored rows 4 are labelled pass and 4 fail; a card takes at least 10 of each. Label more rows.",
    );
    expect(readdirSync(folder)).toEqual(["gold.jsonl"]);
  });

  test("says no when no threshold reaches the target", async () => {
    const rows = answers(200).map((row) => ({ ...row, input: row.output, output: "All the same." }));
    const { code, out } = await run(rows, ["pii", "--target", "precision=0.95"]);
    expect(code).toBe(1);
    expect(out).toContain("No threshold makes precision 0.95 on these rows.");
    expect(out).toContain("The target is out of reach: ask for less, or try another engine. To use it as it is, put ");
  });

  test("is invalid when nothing could be scored", async () => {
    const rows = answers(40).map(({ label }) => ({ input: "Hello?", label }));
    const { code, errors } = await run(rows, ["faithfulness", "--target", "youden"]);
    expect(code).toBe(3);
    expect(errors).toBe(
      "None of 40 gold rows came to a score (40 skipped). The first one says: Not examined: the sample has no output and context.",
    );
  });

  test("names every wrong line of the gold rows, up to five", async () => {
    const { code, errors } = await run('{"output":"x","label":"pass"}\n\n{"output":"x"}\nnonsense\n[1]\n', [
      "pii",
      "--target",
      "youden",
    ]);
    expect(code).toBe(4);
    expect(errors.split("\n")).toEqual([
      'gold.jsonl:3: A gold row has a "label": "pass" or "fail", true or false, 1 or 0. This one has none.',
      "gold.jsonl:4: This is not JSON: one object a line is expected.",
      'gold.jsonl:5: A gold row is an object such as {"output": "…", "context": ["…"], "label": "pass"}, not [1].',
    ]);
    const many = await run("no\n".repeat(9), ["pii", "--target", "youden"]);
    expect(many.errors.split("\n")).toHaveLength(6);
    expect(many.errors).toMatch(/… and 4 more\.$/);
  });

  test.each([
    [["pii", "--target", "recall=1"], '"recall=1" is no target. Use precision=0.95'],
    [["pii", "--target", "youden", "--folds", "1"], "--folds 1 is no whole number from 2 to 100."],
    [["pii", "--target", "youden", "--folds", "101"], "--folds 101 is no whole number from 2 to 100."],
    [["pii", "--target", "youden", "--seed", "1000001"], "--seed 1000001 is no whole number from 0 to 1,000,000."],
    [["pii", "--target", "youden", "--seed", "x"], "--seed x is no whole number from 0 to 1,000,000."],
    [["pii", "--target", "youden", "--gold", "none.jsonl"], "Cannot read none.jsonl: there is no such file."],
    [["pii", "--target", "youden", "--gold", "."], "Cannot read .: it is a folder."],
    [["nobody", "--target", "youden"], 'Cannot calibrate "nobody": No evaluator "nobody". Known: '],
    [
      ["faithfulness", "--target", "youden", "--engine", "magic"],
      'Cannot calibrate "faithfulness": "engine": Invalid option',
    ],
    [["pii", "--target", "youden", "--out", "gold.jsonl/x"], "Cannot write to gold.jsonl/x: "],
    [["pii"], "proctor calibrate needs --target <target>."],
  ])("refuses %j with a sentence", async (given, message) => {
    const { code, errors } = await run(answers(60), given);
    expect({ code, errors }).toEqual({ code: 4, errors: expect.stringContaining(message) });
  });

  test("refuses a file without rows", async () => {
    expect(await run("\n", ["pii", "--target", "youden"])).toMatchObject({
      code: 4,
      errors: "gold.jsonl has no rows.",
    });
  });

  test("names the judge that a judge engine lacks", async () => {
    const models = { student: { targets: [{ provider: "sandbox", model: "student" }] } };
    const config = { providers: { sandbox: { kind: "sandbox" } }, models, guardrails: [] };
    const { code, errors } = await run(answers(60), ["safety", "--target", "youden", "--engine", "judge"], config);
    expect(code).toBe(4);
    expect(errors).toContain('"safety" asks the judge "judge", and there is no such model.');
  });

  test("asks a judge through a gateway; one that talks nonsense has scored nothing", async () => {
    const server = await startJudgeServer(() => "Looks good to me!");
    servers.push(server);
    const { code, errors } = await run(answers(24), [
      "safety",
      "--target",
      "youden",
      "--engine",
      "judge",
      "--gateway",
      server.url,
    ]);
    expect(code).toBe(3);
    expect(errors).toMatch(/^None of 24 gold rows came to a score \(24 error\)\. The first one says: /);
    expect(server.calls.length).toBeGreaterThanOrEqual(24);
  });

  test("explains itself", async () => {
    const { code, out } = await run(answers(1), ["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Exits 0 when the target is reached");
    expect(out).toContain("proctor calibrate faithfulness --gold gold.jsonl --target precision=0.95");
  });
});
