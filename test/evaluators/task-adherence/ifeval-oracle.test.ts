import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { givenConstraints } from "../../../evaluators/task-adherence/given/given-constraints.ts";
import { loosely } from "../../../evaluators/task-adherence/loosely.ts";

/** Responses of GPT-4 with the verdicts of the reference implementation: rows of others, read from ../shared/data. */
const folder = new URL("../../../../shared/data/ifeval/", import.meta.url);
const isThere = existsSync(folder);
// oxlint-disable-next-line no-console -- a comparison that was left out must be seen
if (!isThere) console.warn("SKIPPED: ../shared/data/ifeval is not here, so IFEval's verdicts were not compared.");

interface Prompt {
  readonly prompt: string;
  readonly instruction_id_list: readonly string[];
  readonly kwargs: readonly Record<string, unknown>[];
}

function rows<Row>(name: string): Row[] {
  const lines = readFileSync(new URL(name, folder), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

describe.skipIf(!isThere)("IFEval's 832 recorded verdicts", () => {
  test.each(["strict", "loose"] as const)("are ours, %s, on at least 824", (mode) => {
    const prompts = new Map(rows<Prompt>("input_data.jsonl").map((row) => [row.prompt, row]));
    const responses = new Map(
      rows<{ prompt: string; response: string }>("input_response_data_gpt4_20231107_145030.jsonl").map((row) => [
        row.prompt,
        row.response,
      ]),
    );
    const recorded = rows<{ prompt: string; strict: boolean[]; loose: boolean[] }>("reference_verdicts_gpt4.jsonl");
    const equal = recorded.flatMap((row) => {
      const { instruction_id_list: ids = [], kwargs = [] } = prompts.get(row.prompt) ?? {};
      const output = responses.get(row.prompt) ?? "";
      const constraints = givenConstraints(ids.map((id, at) => ({ id, kwargs: kwargs[at] ?? {} })));
      return constraints.map((constraint, at) => {
        const checked = mode === "loose" ? loosely(constraint) : constraint;
        return (output.trim() !== "" && checked.holds(output) === true) === row[mode][at];
      });
    });
    expect(equal).toHaveLength(832);
    expect(equal.filter(Boolean).length).toBeGreaterThanOrEqual(824);
  });
});
