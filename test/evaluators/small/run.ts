import { evaluateOne } from "../../../evaluators/evaluate.ts";
import type { EvaluatorFactory } from "../../../evaluators/define-evaluator.ts";
import type { Evaluation } from "../../../evaluators/evaluation.ts";
import { toSample } from "../../../evaluators/sample.ts";

/** Examines a sample as a caller writes it, with options as a configuration writes them. */
export function run(factory: EvaluatorFactory, sample: unknown, options: object = {}): Promise<Evaluation> {
  return evaluateOne(factory.configure(options), toSample(sample), {});
}

/** Checks that every claim about one text says where it stands. */
export function placesOf({ claims = [] }: Evaluation, text: string): readonly string[] {
  return claims.map(({ text: passage, start, end }) => {
    if (text.slice(start, end) !== passage) throw new Error(`A claim is not at ${start} to ${end}.`);
    return passage;
  });
}
