import { wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import type { Evaluator } from "../../evaluators/define-evaluator.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";
import type { Outcome } from "../../evaluators/evaluation.ts";
import { toSample } from "../../evaluators/sample.ts";
import { toolCallMatch } from "../../evaluators/tools/tool-call-match.ts";
import { toolCallValid } from "../../evaluators/tools/tool-call-valid.ts";
import { forbiddenMutations, fullValues, type GoldRow, readGoldRows, wrongAnswers } from "./bfcl-calls.ts";
import type { Figure, Measure } from "./figure.ts";

/** Gold calls accepted and generated wrong ones rejected, on the Berkeley Function Calling Leaderboard. */
export const bfcl: Measure = {
  name: "bfcl",
  reads: ["bfcl"],
  async run() {
    const rows = readGoldRows(new URL("../../../shared/data/bfcl/", import.meta.url));
    return [...(await goldFigures(rows)), ...(await mutationFigures(rows))];
  },
};

/** A call and whether it should pass. */
export interface Try {
  readonly row: GoldRow;
  readonly call: { readonly name: string; readonly arguments: string };
}

/** What became of a call under `tool_call_valid` and `tool_call_match` in the mode `possible`. */
export async function outcomesOf({ row, call }: Try): Promise<{ readonly valid: Outcome; readonly match: Outcome }> {
  const sample = toSample({
    tools: row.tools,
    tool_calls: [call],
    expected_tool_calls: [{ name: row.tool.name, arguments: row.possible }],
  });
  const run = async (evaluator: Evaluator) => (await evaluateOne(evaluator, sample, {})).outcome;
  return { valid: await run(valid), match: await run(match) };
}

const valid = toolCallValid.configure();
const match = toolCallMatch.configure({ mode: "possible" });

const set = "BFCL v4 simple_python and multiple";

async function goldFigures(rows: readonly GoldRow[]): Promise<Figure[]> {
  const gold = await allOutcomes(rows.map((row) => ({ row, call: callOf(row, row.values) })));
  const full = await allOutcomes(rows.map((row) => ({ row, call: callOf(row, fullValues(row)) })));
  const how =
    "nothing is fitted; every argument takes its first acceptable value, and is left out when that is the first one";
  const filled = `${how}; all that can be given is given (the set accepts true for an argument that its tool declares as a string, in one row)`;
  return [
    share("tool_call_valid", gold, { isGood: ({ valid: one }) => one === "pass", metric: "gold calls accepted", how }),
    share("tool_call_match", gold, { isGood: ({ match: one }) => one === "pass", metric: "gold calls accepted", how }),
    {
      ...share("tool_call_valid", full, {
        isGood: ({ valid: one }) => one === "pass",
        metric: "gold calls with all optional arguments accepted",
        how: filled,
      }),
      floor: 99,
    },
    share("tool_call_match", full, {
      isGood: ({ match: one }) => one === "pass",
      metric: "gold calls with all optional arguments accepted",
      how: filled,
    }),
  ];
}

async function mutationFigures(rows: readonly GoldRow[]): Promise<Figure[]> {
  const forbidden = Map.groupBy(rows.flatMap(forbiddenMutations), ({ mutation }) => mutation);
  const wrong = Map.groupBy(rows.flatMap(wrongAnswers), ({ mutation }) => mutation);
  const how = "each gold call with one thing changed, generated; counted as rejected only when the outcome is fail";
  const figures: Figure[] = [];
  for (const [mutation, tries] of forbidden) {
    const seen = await allOutcomes(tries);
    const metric = `rejected: ${mutation}`;
    figures.push(share("tool_call_valid", seen, { isGood: ({ valid: one }) => one === "fail", metric, how }));
    figures.push(share("tool_call_match", seen, { isGood: ({ match: one }) => one === "fail", metric, how }));
  }
  for (const [mutation, tries] of wrong) {
    const seen = await allOutcomes(tries);
    figures.push(
      share("tool_call_match", seen, {
        isGood: ({ match: one }) => one === "fail",
        metric: `rejected: ${mutation}`,
        how,
      }),
    );
  }
  return figures;
}

type Outcomes = Awaited<ReturnType<typeof outcomesOf>>;

function allOutcomes(tries: readonly Try[]): Promise<Outcomes[]> {
  return Promise.all(tries.map(outcomesOf));
}

function callOf({ tool }: GoldRow, values: object): Try["call"] {
  return { name: tool.name, arguments: JSON.stringify(values) };
}

interface Counted {
  readonly isGood: (outcomes: Outcomes) => boolean;
  readonly metric: string;
  readonly how: string;
}

function share(measure: string, seen: readonly Outcomes[], { isGood, metric, how }: Counted): Figure {
  const good = seen.filter(isGood).length;
  const [low, high] = wilsonInterval(good, seen.length);
  return {
    measure,
    set,
    rows: seen.length,
    metric,
    value: (100 * good) / seen.length,
    interval: [100 * low, 100 * high],
    floor: 100,
    how,
  };
}
