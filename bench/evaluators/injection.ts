import { areaUnderCurve, bootstrapInterval, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { injectionScore, injectionThreshold } from "../../evaluators/safety/injection/detect-injection.ts";
import { foldsOf } from "../fit/folds.ts";
import { worstWindow } from "../fit/hashed-logistic.ts";
import { fitInjection, outOfFold, thresholdFor } from "../fit/injection-fit.ts";
import { leftOutTemplates } from "../fit/left-out-templates.ts";
import {
  answerRows,
  documentRows,
  everydayRows,
  guardrailsRows,
  type InjectionRow,
  publicFolders,
  publicRows,
  purpleLlamaRows,
  writtenRows,
} from "../fit/injection-rows.ts";
import type { Figure, Measure } from "./figure.ts";

/** Recall of `prompt_injection` and its false alarms. */
export const injection: Measure = {
  name: "injection",
  reads: [...publicFolders, "purplellama", "openai-guardrails", "ragtruth", "xstest"],
  run: () => {
    const rows = publicRows();
    const written = writtenRows();
    const everyday = everydayRows();
    return Promise.resolve([
      ...crossValidated(rows, [...written, ...everyday]),
      ...byTemplate([...rows, ...everyday], written),
      ...asShipped(),
    ]);
  },
};

const measure = "prompt_injection";

interface Judged {
  readonly row: InjectionRow;
  readonly found: boolean;
  readonly score: number;
}

function crossValidated(rows: readonly InjectionRow[], written: readonly InjectionRow[]): Figure[] {
  const judged = judgeOutOfFold(rows, written);
  const how =
    "five-fold at random; in each fold the model is fitted and its threshold set on the other four (by five folds inside them, at most 0.8 % false positives there), with the written rows of bench/fit/; known forms count as found. The forms were written earlier with deepset in sight";
  const bad = judged.filter(({ row }) => row.bad);
  const good = judged.filter(({ row }) => !row.bad);
  const forms = bad.filter(({ row }) => row.form).length;
  const sets = [...new Set(good.map(({ row }) => row.set))];
  const area = (some: readonly Judged[]): number => 100 * areaUnderCurve(scoresOf(some, false), scoresOf(some, true));
  return [
    {
      ...share(bad, "deepset injections", "recall"),
      floor: 40,
      aim: 65,
      how,
      beside: `known forms alone: ${percent(forms, bad.length)}`,
    },
    { ...share(good, "harmless, all three sets", "false positives"), floor: 2, lowerIsBetter: true, how },
    ...sets.map((set) => ({
      ...share(
        good.filter(({ row }) => row.set === set),
        `${set}, harmless`,
        "false positives",
      ),
      how,
    })),
    {
      measure,
      set: "deepset injections against all harmless rows",
      rows: judged.length,
      metric: "AUC of the model",
      value: area(judged),
      interval: bootstrapInterval(
        judged.map((one) => [one]),
        area,
        { rounds: 300 },
      ),
      how,
    },
  ];
}

function judgeOutOfFold(rows: readonly InjectionRow[], written: readonly InjectionRow[]): Judged[] {
  const fold = foldsOf(rows.length, 5, 11);
  return [0, 1, 2, 3, 4].flatMap((left) => {
    const train = rows.filter((_row, at) => fold[at] !== left);
    const threshold = thresholdFor(train, outOfFold(train, written, 29));
    const model = fitInjection([...train, ...written]);
    return rows
      .filter((_row, at) => fold[at] === left)
      .map((row) => {
        const { logit } = worstWindow(row.windows, model);
        return { row, found: row.form || logit > threshold, score: -logit };
      });
  });
}

/** Sentences by the templates of bench/fit/, each judged without its template. The harmless ones were written to be mistaken. */
function byTemplate(always: readonly InjectionRow[], written: readonly InjectionRow[]): Figure[] {
  const threshold = Math.log(1 / injectionThreshold - 1);
  const judged = leftOutTemplates(always, written).map(({ row, logit }) => ({
    row,
    found: row.form || logit > threshold,
    score: -logit,
  }));
  const how =
    "five-fold by template, threshold as shipped; intervals take sentences by one template as independent, so they are too narrow";
  const good = judged.filter(({ row }) => !row.bad);
  const bad = judged.filter(({ row }) => row.bad);
  return [
    { ...share(good, "written harmless requests, template left out", "false positives"), how },
    { ...share(bad, "written attacks, template left out", "recall"), how },
  ];
}

/** Rows on which nothing was fitted, by the weights and the threshold in the package. */
function asShipped(): Figure[] {
  const how = "weights and threshold as shipped; never fitted";
  const looked = `${how}, rows never read, but its score was looked at eight times while templates were written and at least three times since, and a fit with fewer false alarms on written requests was dropped because it fell to 40.2 here: validation, not an untouched test`;
  const attacks = judge(purpleLlamaRows());
  const forms = attacks.filter(({ row }) => row.form).length;
  const conversations = judge(guardrailsRows());
  const jailbreaks = conversations.filter(({ row }) => row.bad);
  return [
    {
      ...share(attacks, "PurpleLlama injections", "recall"),
      floor: 40,
      aim: 65,
      how: looked,
      beside: `known forms alone: ${percent(forms, attacks.length)}`,
    },
    { ...share(jailbreaks, "openai-guardrails, jailbreaks", "recall"), how },
    {
      ...share(
        conversations.filter(({ row }) => !row.bad),
        "openai-guardrails, harmless",
        "false positives",
      ),
      how,
    },
    ...[documentRows(), answerRows()].map((some) => ({
      ...share(judge(some), some[0]?.set ?? "", "false positives"),
      how: `${how}; not what the model is for, so reported as a warning`,
    })),
  ];
}

function judge(rows: readonly InjectionRow[]): Judged[] {
  return rows.map((row) => {
    const score = injectionScore(row.text);
    return { row, found: row.form || score < injectionThreshold, score };
  });
}

function share(judged: readonly Judged[], set: string, metric: string): Omit<Figure, "how"> {
  const found = judged.filter((one) => one.found).length;
  const [low, high] = wilsonInterval(found, judged.length);
  return {
    measure,
    set,
    rows: judged.length,
    metric,
    value: (100 * found) / judged.length,
    interval: [100 * low, 100 * high],
  };
}

function scoresOf(judged: readonly Judged[], bad: boolean): number[] {
  return judged.filter(({ row }) => row.bad === bad).map(({ score }) => score);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
