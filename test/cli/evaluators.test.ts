import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder, judgedConfig } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

describe("proctor evaluators", () => {
  test("lists every evaluator with engine, needs and promise, those of the configuration among them", async () => {
    folder.configure(judgedConfig);
    const { code, out } = await folder.run(["evaluators"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^evaluator +engine +needs +card +a pass promises$/m);
    expect(out).toMatch(/^faithfulness +local +output, context +– +Every claim/m);
    expect(out).toMatch(/^polite +judge +output +–/m);
  });

  test("describes one with its options, as JSON too", async () => {
    const { out } = await folder.run(["evaluators", "faithfulness"]);
    expect(out).toMatch(/^ {2}covers +.*not examined/im);
    expect(out).toMatch(/^ {2}engine +local \| judge \| cascade +"local" +"local"$/m);
    const entry = JSON.parse((await folder.run(["evaluators", "pii", "--json"])).out) as object;
    expect(entry).toMatchObject({
      name: "pii",
      engine: "local",
      latency: "code alone",
      needs: ["output or input"],
      card: null,
    });
    expect(JSON.parse((await folder.run(["evaluators", "--json"])).out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "safety" })]),
    );
  });

  test("an evaluator that does not exist exits 4 and names those that do", async () => {
    expect(await folder.run(["evaluators", "nonsense"])).toMatchObject({
      code: 4,
      errors: expect.stringMatching(/^No evaluator "nonsense"\. Known: faithfulness/),
    });
  });

  test("a card that cannot be read is said and left out", async () => {
    mkdirSync(join(folder.path, ".proctor", "cards"), { recursive: true });
    writeFileSync(join(folder.path, ".proctor", "cards", "pii.json"), "{}");
    const { code, errors } = await folder.run(["evaluators"]);
    expect({ code, errors }).toEqual({
      code: 0,
      errors: expect.stringMatching(/^\.proctor\/cards\/pii\.json is no evaluator card/),
    });
  });
});
