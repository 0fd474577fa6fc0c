import { type GoldRow, toGoldRow } from "../../../evaluators/calibration/gold.ts";
import { scoreTeller } from "./score-teller.ts";

let next = 0;

/** A gold row whose output tells `scoreTeller` its score. No two are the same sample. */
export function gold(output: string, good: boolean, group?: string): GoldRow {
  next += 1;
  const row = { input: `Question ${next}?`, output, label: good ? "pass" : "fail" };
  return toGoldRow({ ...row, ...(group === undefined ? {} : { group }) }, next);
}

/** The same output for many questions, each in a group of its own. */
export const repeat = (count: number, output: string, good: boolean) =>
  Array.from({ length: count }, () => gold(output, good));

/** `scoreTeller` with options, and what gives it others. */
export const withOptions = (given: object = {}) => {
  const evaluator = scoreTeller.configure(given);
  return { evaluator, configure: (fitted: object) => scoreTeller.configure({ ...evaluator.options, ...fitted }) };
};
