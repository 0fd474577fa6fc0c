import { areaUnderCurve, bootstrapInterval, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { evaluate } from "../../evaluators/evaluate.ts";
import { type LabelledRow, q2Rows, ragTruthRows, wiceRows } from "../fit/faithfulness-rows.ts";
import { forbiddenMutations, fullValues, type GoldRow, type MutatedCall, readGoldRows } from "./bfcl-calls.ts";
import { outcomesOf } from "./bfcl.ts";
import type { Figure, Measure } from "./figure.ts";
import { promptSets } from "./peer-prompts.ts";
import { type Peer, peerScores } from "./peer-scores.ts";

/** What other libraries' evaluators make of the same rows, where they have one that needs neither a model nor a network. */
export const peers: Measure = {
  name: "peers",
  reads: [
    "ragtruth",
    "wice",
    "q2",
    "deepset-prompt-injections",
    "purplellama",
    "injection-benign",
    "certified-llm-safety",
    "bfcl",
  ],
  async run() {
    return [
      ...(await faithfulnessFigures()),
      ...(await injectionFigures()),
      ...(await toolCallFigures()),
      ...(await levenshteinFigures()),
    ];
  },
};

const versions = { autoevals: "autoevals 0.3.0", "ai-evaluation": "ai-evaluation 1.1.0" } as const satisfies Record<
  Peer,
  string
>;

interface Scored {
  readonly group: string;
  readonly bad: boolean;
  readonly score: number;
}

/** The peer's default way, and the others it has for the same question. */
const faithfulnessEvaluators = [
  "faithfulness",
  "claim_support",
  "groundedness",
  "hallucination_score",
  "context_utilization",
];

async function faithfulnessFigures(): Promise<Figure[]> {
  const q2 = q2Rows();
  const all = [...ragTruthRows(), ...wiceRows(), ...q2];
  const figures: Figure[] = [];
  for (const evaluator of faithfulnessEvaluators) figures.push(...(await peerAreas(evaluator, all)));
  return [...figures, await ownArea("Q2 pairs", q2)];
}

const taskNames = {
  qa: "RAGTruth qa",
  summary: "RAGTruth summary",
  data2txt: "RAGTruth data2txt",
  wice: "WiCE claims",
  q2: "Q2 pairs",
} as const;

async function peerAreas(evaluator: string, rows: readonly LabelledRow[]): Promise<Figure[]> {
  const scores = await peerScores(
    "ai-evaluation",
    evaluator,
    rows.map(({ sample }) => sample),
  );
  const base = (set: string) => ({
    measure: "peers",
    set,
    metric: `AUC of ${evaluator}, ${versions["ai-evaluation"]}`,
  });
  if (!scores) return [absent(base("RAGTruth, WiCE and Q2"), "ai-evaluation")];
  const scored = rows.flatMap(({ source, bad, task }, index) => {
    const score = scores[index] ?? null;
    return score === null ? [] : [{ group: source, bad, score, task }];
  });
  const how = "its local engine as installed: word overlap, since its entailment model is not there";
  const ragTruth = scored.filter(({ task }) => task !== "wice" && task !== "q2");
  return [
    { ...base("RAGTruth"), ...area(ragTruth), how },
    ...Object.entries(taskNames).map(([task, set]) => ({
      ...base(set),
      ...area(scored.filter((row) => row.task === task)),
      how,
    })),
  ];
}

async function ownArea(set: string, rows: readonly LabelledRow[]): Promise<Figure> {
  const scored: Scored[] = [];
  for (const { source, bad, sample } of rows) {
    const { score } = await evaluate("faithfulness", sample, { timeoutMs: 600_000 });
    if (score !== null) scored.push({ group: source, bad, score });
  }
  const how = "ours as shipped, never fitted on this set; for the sets it is fitted on see the measure faithfulness";
  return { measure: "peers", set, metric: "AUC of ours", ...area(scored), how };
}

function area(scored: readonly Scored[]): Pick<Figure, "rows" | "value" | "interval"> {
  const statistic = (rows: readonly Scored[]) => 100 * areaUnderCurve(scoresOf(rows, false), scoresOf(rows, true));
  const groups = [...Map.groupBy(scored, ({ group }) => group).values()];
  return { rows: scored.length, value: statistic(scored), interval: bootstrapInterval(groups, statistic) };
}

function scoresOf(rows: readonly Scored[], bad: boolean): number[] {
  return rows.filter((row) => row.bad === bad).map(({ score }) => score);
}

async function injectionFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const evaluator of ["jailbreak_scanner", "default_pipeline", "streaming_jailbreak"]) {
    for (const { set, bad, texts, isFitted } of promptSets()) {
      const base = {
        measure: "peers",
        set,
        metric: `${bad ? "recall" : "false positives"} of ${evaluator}, ${versions["ai-evaluation"]}`,
      };
      const scores = await peerScores(
        "ai-evaluation",
        evaluator,
        texts.map((text) => ({ text })),
      );
      if (!scores) figures.push(absent(base, "ai-evaluation"));
      else
        figures.push({
          ...base,
          ...share(scores, (score) => score !== null && score < 1),
          how: "whatever it reports at all counts",
        });
      if (isFitted || evaluator !== "jailbreak_scanner") continue;
      const outcomes = await Promise.all(
        texts.map((input) => evaluate("prompt_injection", { input }, { timeoutMs: 600_000 })),
      );
      const how =
        "ours as shipped, threshold included, never fitted on this set; for the sets it is fitted on see the measure injection";
      figures.push({
        measure: "peers",
        set,
        metric: "recall of ours",
        ...share(outcomes, ({ outcome }) => outcome === "fail"),
        how,
      });
    }
  }
  return figures;
}

function share<T>(items: readonly T[], isCounted: (item: T) => boolean): Pick<Figure, "rows" | "value" | "interval"> {
  const counted = items.filter(isCounted).length;
  const [low, high] = wilsonInterval(counted, items.length);
  return { rows: items.length, value: (100 * counted) / items.length, interval: [100 * low, 100 * high] };
}

/** Types as both peers know them: they are not asked to know those of the set. */
const plainTypes: Readonly<Record<string, string>> = { dict: "object", float: "number", tuple: "array" };

async function toolCallFigures(): Promise<Figure[]> {
  const rows = readGoldRows(new URL("../../../shared/data/bfcl/", import.meta.url));
  const full = rows.map((row): MutatedCall => {
    const call = { name: row.tool.name, arguments: JSON.stringify(fullValues(row)) };
    return { id: row.id, mutation: "none", row, call };
  });
  const mutated = rows
    .flatMap(forbiddenMutations)
    .filter(({ mutation }) =>
      ["required argument dropped", "wrong type", "value outside of enum", "unknown argument"].includes(mutation),
    );
  return [...(await callFigures(full, true)), ...(await callFigures(mutated, false))];
}

async function callFigures(calls: readonly MutatedCall[], isGold: boolean): Promise<Figure[]> {
  const metric = isGold ? "gold calls accepted" : "arguments of a wrong form rejected";
  const set = "BFCL v4 simple_python and multiple";
  const figure = (name: string, passed: readonly boolean[], how: string): Figure => ({
    measure: "peers",
    set,
    metric: `${metric} by ${name}`,
    ...share(passed, (one) => one === isGold),
    how,
  });
  const own = await Promise.all(calls.map(outcomesOf));
  const figures = [
    figure(
      "ours (tool_call_valid)",
      own.map(({ valid }) => valid === "pass"),
      "the same calls as in the measure bfcl",
    ),
  ];
  const validated = await peerScores("ai-evaluation", "parameter_validation", calls.map(validationRow));
  if (validated)
    figures.push(
      figure(
        `parameter_validation, ${versions["ai-evaluation"]}`,
        validated.map((one) => one === 1),
        plainHow,
      ),
    );
  const json = await peerScores("autoevals", "valid_json", calls.map(schemaRow));
  if (json)
    figures.push(
      figure(
        `ValidJSON, ${versions.autoevals}`,
        json.map((one) => one === 1),
        plainHow,
      ),
    );
  return figures;
}

const plainHow =
  "arguments only, with the types of the set written as the peer knows them; passes at its highest score";

function validationRow({ row, call }: MutatedCall): object {
  const { properties, required = [] } = row.tool.parameters;
  const parameters = Object.entries(properties).map(([name, { type, enum: allowed }]) => ({
    name,
    type: plainTypes[type] ?? type,
    required: required.includes(name),
    enum: allowed,
  }));
  return {
    call: { name: call.name, arguments: JSON.parse(call.arguments) as unknown },
    functions: [{ name: row.tool.name, parameters }],
    strict: true,
  };
}

function schemaRow({ row, call }: MutatedCall): object {
  return { output: call.arguments, schema: { ...inPlainTypes(row.tool.parameters), additionalProperties: false } };
}

function inPlainTypes(schema: GoldRow["tool"]["parameters"]): object {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "type" && typeof value === "string" ? (plainTypes[value] ?? value) : value,
  ) as object;
}

/** The two answers of every Q2 row, one against the other: the same distance by two libraries. */
async function levenshteinFigures(): Promise<Figure[]> {
  const answers = q2Rows().map(({ sample }) => sample.output);
  const rows = answers.flatMap((output, index) =>
    index % 2 === 0 ? [{ output, expected: answers[index + 1] ?? "" }] : [],
  );
  const theirs = await peerScores("autoevals", "levenshtein", rows);
  const base = { measure: "peers", set: "Q2 answers, one against the other" };
  if (!theirs) return [absent({ ...base, metric: "same score as Levenshtein" }, "autoevals")];
  const ours = await Promise.all(
    rows.map(({ output, expected }) => evaluate("levenshtein", { output, expected_output: expected })),
  );
  const isSame = ours.map(({ score }, index) => score !== null && Math.abs(score - (theirs[index] ?? -1)) < 1e-9);
  const metric = `levenshtein scores as Levenshtein of ${versions.autoevals} does`;
  return [
    {
      ...base,
      metric,
      ...share(isSame, (same) => same),
      how: "equal to nine digits; ours counts characters and theirs UTF-16 units",
    },
  ];
}

function absent(base: Pick<Figure, "measure" | "set" | "metric">, peer: Peer): Figure {
  return { ...base, rows: 0, value: Number.NaN, how: `${versions[peer]} is not installed, see bench/peers/README.md` };
}
