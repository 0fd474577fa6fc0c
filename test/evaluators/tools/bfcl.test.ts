import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { forbiddenMutations, fullValues, readGoldRows, wrongAnswers } from "../../../bench/evaluators/bfcl-calls.ts";
import { outcomesOf, type Try } from "../../../bench/evaluators/bfcl.ts";

const folder = new URL("../../../../shared/data/bfcl/", import.meta.url);
const isThere = existsSync(folder);
const skipped = isThere ? "" : " (SKIPPED: ../shared/data/bfcl is not here, so nothing was checked)";

/** Long, for a machine that does other things too: there are 14,000 calls. */
const patience = 120_000;

/** The rows whose call did not come to the outcome, as valid and as expected. */
async function others(tries: readonly Try[], outcome: string): Promise<{ valid: string[]; match: string[] }> {
  const seen = await Promise.all(tries.map(outcomesOf));
  const rowsBut = (which: "valid" | "match") =>
    seen.flatMap((one, index) => (one[which] === outcome ? [] : [`${tries[index]?.row.id}: ${one[which]}`]));
  return { valid: rowsBut("valid"), match: rowsBut("match") };
}

describe.skipIf(!isThere)(`the Berkeley Function Calling Leaderboard${skipped}`, () => {
  const rows = isThere ? readGoldRows(folder) : [];
  const gold = rows.map((row) => ({ row, call: { name: row.tool.name, arguments: JSON.stringify(row.values) } }));
  const full = rows.map((row) => ({ row, call: { name: row.tool.name, arguments: JSON.stringify(fullValues(row)) } }));

  test(
    "has its 600 gold calls accepted, as valid and as expected",
    async () => {
      expect(gold).toHaveLength(600);
      expect(await others(gold, "pass")).toEqual({ valid: [], match: [] });
    },
    patience,
  );

  test(
    "has them accepted with every optional argument, but for one that contradicts its own tool",
    async () => {
      expect(await others(full, "pass")).toEqual({ valid: ["simple_python_307: fail"], match: [] });
    },
    patience,
  );

  test(
    "has every call rejected that its tool forbids",
    async () => {
      const mutations = rows.flatMap(forbiddenMutations);
      expect(mutations.length).toBeGreaterThan(10_000);
      expect(await others(mutations, "fail")).toEqual({ valid: [], match: [] });
    },
    patience,
  );

  test(
    "has every call rejected that is allowed and not what was asked for",
    async () => {
      const mutations = rows.flatMap(wrongAnswers);
      expect(mutations.length).toBeGreaterThan(3000);
      expect(await others(mutations, "fail")).toMatchObject({ match: [] });
    },
    patience,
  );
});
