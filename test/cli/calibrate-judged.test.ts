import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EvaluatorCard, parseCard } from "../../evaluators/index.ts";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";
import { type JudgeCall, type JudgeServer, readMarks, startJudgeServer } from "../support/judge-server.ts";

let folder: CommandFolder;
let server: JudgeServer;
beforeEach(async () => {
  folder = commandFolder();
  server = await startJudgeServer(examine);
});
afterEach(async () => {
  folder.remove();
  await server.close();
});

/** A judge that compares prices, and is wrong about every tenth lamp. */
function examine(call: JudgeCall): string {
  const { nonce, entries, data } = readMarks(call);
  const context = String((data["context"] as readonly string[])[0]);
  const [, price = ""] = /costs (\d+)/.exec(String(data["output"])) ?? [];
  const isWrong = /Lamp \d*0 /.test(context);
  const verdict = context.includes(` ${price} euros`) !== isWrong ? "yes" : "no";
  const claims = Object.entries(entries).map(([id, form]) => [
    id,
    Object.fromEntries(Object.keys(form).map((key) => [key, key === "evidence" ? context : verdict])),
  ]);
  return JSON.stringify({ nonce, claims: Object.fromEntries(claims) });
}

/** Half of the answers name another price than the context. */
function lamps(count: number): readonly object[] {
  return Array.from({ length: count }, (_, at) => {
    const price = 100 + at;
    const told = at % 2 === 0 ? price : price + 1000;
    return {
      context: [`Lamp ${at} costs ${price} euros.`],
      output: `Lamp ${at} costs ${told} euros.`,
      label: told === price ? "pass" : "fail",
    };
  });
}

const models = { judge: { role: "judge", targets: [{ provider: "examiner", model: "gpt-9" }] } };

function configure(evaluators: object = {}): void {
  folder.configure({
    providers: { examiner: { kind: "openai", base_url: `${server.url}/v1` } },
    models,
    evaluators,
    guardrails: [],
  });
}

const rowsFile = (rows: readonly object[]) =>
  writeFileSync(join(folder.path, "gold.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const cardOf = (name: string): EvaluatorCard =>
  parseCard(readFileSync(join(folder.path, ".proctor/cards", `${name}.json`), "utf8"));

const command = ["calibrate", "faithfulness", "--gold", "gold.jsonl"];

describe("proctor calibrate with a judge", () => {
  test("measures the judge that the configuration names, errors and all", async () => {
    configure({ faithfulness: { engine: "judge" } });
    rowsFile(lamps(60));
    const { code, out, errors } = await folder.run([...command, "--target", "youden"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    const card = cardOf("faithfulness");
    expect(card).toMatchObject({
      engine: "judge",
      band: null,
      reached: "yes",
      rows: { given: 60, scored: 60, good: 30, bad: 30, unscored: { error: 0, timeout: 0 } },
      // Lamps 0, 10, 20, … are the ones that it gets wrong, and all of them are good.
      measured: {
        truePassRate: { successes: 24, total: 30, value: 0.8 },
        trueFailRate: { successes: 30, total: 30, value: 1 },
        areaUnderCurve: { value: 0.9 },
      },
    });
    expect(card.judge).toContain("gpt-9");
    expect(server.calls).toHaveLength(60);
    expect(out).toContain("faithfulness, version ");
    expect(out).toContain(", engine judge, target youden");
    expect(out.split("\n").at(-1)).toBe(
      'To use it, put "card: .proctor/cards/faithfulness.json" under evaluators.faithfulness in proctor.yaml.',
    );
  });

  test("leads to an evaluator that is calibrated, by the sentence that it ends with", async () => {
    configure();
    rowsFile(lamps(60));
    const { out } = await folder.run([...command, "--target", "youden", "--engine", "judge"]);
    expect(out.split("\n").at(-1)).toBe(
      'To use it, put "engine: judge" and "card: .proctor/cards/faithfulness.json" under evaluators.faithfulness in proctor.yaml.',
    );
    configure({ faithfulness: { engine: "judge", card: ".proctor/cards/faithfulness.json" } });
    writeFileSync(
      join(folder.path, "row.jsonl"),
      '{"context":["Lamp 7 costs 5 euros."],"output":"Lamp 7 costs 5 euros."}',
    );
    const used = await folder.run(["evaluate", "row.jsonl", "--evaluators", "faithfulness", "--out", "scored.jsonl"]);
    expect(used.code).toBe(0);
    const scored = readFileSync(join(folder.path, "scored.jsonl"), "utf8").split("\n")[1];
    expect(scored).toContain('"outcome":"pass"');
    expect(scored).toContain('"calibrated":true');
    expect(scored).toContain('"confidence":0.968');
  });

  test("fits the band of a cascade and says what code decides alone", async () => {
    configure();
    rowsFile(lamps(80));
    const { code, out, errors } = await folder.run([...command, "--target", "precision=0.95", "--engine", "cascade"]);
    expect({ code, errors }).toEqual({ code: 2, errors: "" });
    const card = cardOf("faithfulness");
    expect(card).toMatchObject({ engine: "cascade", reached: "unsure", rows: { scored: 80 } });
    expect(card.band?.decided.total).toBe(80);
    expect(card.band?.low).toBeLessThanOrEqual(card.threshold);
    expect(card.band?.high).toBeGreaterThanOrEqual(card.threshold);
    // Every row is the judge's too: the band is known only afterwards.
    expect(server.calls).toHaveLength(80);
    expect(out).toContain("decided by code");
    expect(out.split("\n").at(-1)).toBe(
      'The target is not shown: label more rows and calibrate again. To use it as it is, put "engine: cascade" and "card: .proctor/cards/faithfulness.json" under evaluators.faithfulness in proctor.yaml.',
    );
  });
});
