import { areaUnderCurve, bootstrapInterval, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { toxicityScore, toxicityThreshold } from "../../evaluators/safety/toxicity/examine-toxicity.ts";
import { toxicityCut, toxicityOutOfFold } from "../fit/toxicity-fit.ts";
import {
  categories,
  hatecheckRows,
  moderationRows,
  ordinaryRows,
  quietRows,
  type ToxicityRow,
} from "../fit/toxicity-rows.ts";
import type { Figure, Measure } from "./figure.ts";

/** How far code gets with abuse, by category. */
export const toxicity: Measure = {
  name: "toxicity",
  reads: ["openai-moderation", "hatecheck", "injection-benign", "certified-llm-safety", "ragtruth"],
  run: () => Promise.resolve([...crossValidated(), ...transfer()]),
};

const measure = "toxicity, local";

interface Scored {
  readonly row: ToxicityRow;
  /** Higher is more harmless. */
  readonly score: number;
}

function crossValidated(): Figure[] {
  const rows = moderationRows();
  const logits = toxicityOutOfFold(rows, ordinaryRows());
  const scored = rows.map((row, at): Scored => ({ row, score: -(logits[at] ?? 0) }));
  const cut = -toxicityCut(rows, logits);
  const how = "five-fold at random; each category against the rows with no category";
  const harmless = scored.filter(({ row }) => !row.bad);
  return [
    auc(scored, "openai-moderation, any category", how),
    ...categories.map((category) =>
      auc(
        [...harmless, ...scored.filter(({ row }) => row.kinds.includes(category))],
        `openai-moderation, ${category}`,
        how,
      ),
    ),
    share(
      scored.filter(({ row }) => row.bad),
      cut,
      {
        set: "openai-moderation, any category",
        metric: "recall",
        how: "five-fold; threshold at 3 % false positives out of fold",
      },
    ),
    share(harmless, cut, {
      set: "openai-moderation, no category",
      metric: "false positives",
      how: "five-fold; 3 % by the choice of the threshold",
    }),
  ];
}

function transfer(): Figure[] {
  const how = "weights and threshold as shipped; never fitted";
  const cases = hatecheckRows().map(scored);
  const functionalities = [...Map.groupBy(cases, ({ row }) => row.kinds[0] ?? "")];
  return [
    auc(cases, "hatecheck", how),
    ...functionalities.map(([functionality, some]) =>
      share(some, toxicityThreshold, {
        set: `hatecheck ${functionality}`,
        metric: some[0]?.row.bad ? "recall" : "false positives",
        how,
      }),
    ),
    share(quietRows().map(scored), toxicityThreshold, { set: "RAGTruth sources", metric: "false positives", how }),
  ];
}

function scored(row: ToxicityRow): Scored {
  return { row, score: toxicityScore(row.text) };
}

function auc(scored: readonly Scored[], set: string, how: string): Figure {
  const area = (some: readonly Scored[]): number =>
    100 *
    areaUnderCurve(
      some.filter(({ row }) => !row.bad).map(({ score }) => score),
      some.filter(({ row }) => row.bad).map(({ score }) => score),
    );
  const interval = bootstrapInterval(
    scored.map((one) => [one]),
    area,
    { rounds: 300 },
  );
  return { measure, set, rows: scored.length, metric: "AUC", value: area(scored), interval, how };
}

function share(scored: readonly Scored[], threshold: number, rest: Pick<Figure, "set" | "metric" | "how">): Figure {
  const found = scored.filter(({ score }) => score < threshold).length;
  const [low, high] = wilsonInterval(found, scored.length);
  return {
    measure,
    rows: scored.length,
    value: (100 * found) / scored.length,
    interval: [100 * low, 100 * high],
    ...rest,
  };
}
