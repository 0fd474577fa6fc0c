import { type GoldRow, toGoldRow } from "../../../evaluators/calibration/gold.ts";
import { scoreTeller } from "./score-teller.ts";

let next = 0;

/** A gold row whose output tells `scoreTeller` its score. */
export function gold(output: string, good: boolean, group?: string): GoldRow {
  return toGoldRow({ output, label: good ? "pass" : "fail", ...(group === undefined ? {} : { group }) }, (next += 1));
}
/** The same output many times, each in a group of its own. */
export const repeat = (count: number, output: string, good: boolean) =>
  Array.from({ length: count }, () => gold(output, good));

/** `scoreTeller` with options, and what gives it others. */
export const withOptions = (given: object = {}) => {
  const evaluator = scoreTeller.configure(given);
  return { evaluator, configure: (fitted: object) => scoreTeller.configure({ ...evaluator.options, ...fitted }) };
};
