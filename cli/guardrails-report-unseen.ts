import type { Gateway } from "../gateway/index.ts";
import type { GuardrailSection } from "./guardrails-report.ts";

/** Guardrails that are configured alike for some models and have evaluated nothing there. */
export interface Unseen {
  readonly evaluator: string;
  readonly stage: string;
  readonly mode: string;
  readonly models: readonly string[];
}

/** Finds the guardrails of which no evaluation was found: nothing is not the same as nothing blocked. */
export function unseenIn(
  aliases: Gateway["aliases"],
  sections: readonly GuardrailSection[],
  { model: onlyModel, evaluator: onlyEvaluator }: { readonly model?: string; readonly evaluator?: string },
): readonly Unseen[] {
  const seen = new Set(
    sections.flatMap(({ evaluator, stage, rows }) =>
      rows.map(({ model }) => JSON.stringify([evaluator, stage, model])),
    ),
  );
  const all = [...aliases.values()]
    .filter(({ name }) => onlyModel === undefined || name === onlyModel)
    .flatMap(({ name, guardrails: configured }) =>
      configured.map(({ evaluator, stage, mode }) => ({ evaluator: evaluator.name, stage, mode, model: name })),
    )
    .filter(({ evaluator }) => onlyEvaluator === undefined || evaluator === onlyEvaluator)
    .filter(({ evaluator, stage, model }) => !seen.has(JSON.stringify([evaluator, stage, model])));
  const alike = Map.groupBy(all, ({ evaluator, stage, mode }) => JSON.stringify([evaluator, stage, mode]));
  return [...alike.keys()].toSorted().flatMap((key) => {
    const group = alike.get(key) ?? [];
    const [first] = group;
    if (!first) return [];
    const { evaluator, stage, mode } = first;
    return [{ evaluator, stage, mode, models: [...new Set(group.map(({ model }) => model))] }];
  });
}
