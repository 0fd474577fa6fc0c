import { foldsOf } from "./folds.ts";
import { worstWindow } from "./hashed-logistic.ts";
import { fitInjection } from "./injection-fit.ts";
import type { InjectionRow } from "./injection-rows.ts";

/** A written row with its logit by a model that has seen no row by the same template. */
export interface LeftOutRow {
  readonly row: InjectionRow;
  readonly logit: number;
}

/** Every written row judged by a model that was fitted without its template, and without four others of every twenty-five. */
export function leftOutTemplates(always: readonly InjectionRow[], written: readonly InjectionRow[]): LeftOutRow[] {
  const templates = [...new Set(written.map(({ template = "" }) => template))];
  const folds = foldsOf(templates.length, 5, 17);
  const foldOf = new Map(templates.map((template, at) => [template, folds[at]]));
  return [0, 1, 2, 3, 4].flatMap((left) => {
    const isLeft = ({ template = "" }: InjectionRow): boolean => foldOf.get(template) === left;
    const model = fitInjection([...always, ...written.filter((row) => !isLeft(row))]);
    return written.filter(isLeft).map((row) => ({ row, logit: worstWindow(row.windows, model).logit }));
  });
}
