import type { EvaluatorStream, Finding } from "../define-evaluator.ts";

/** The stream form of an evaluator that can say nothing before it has everything: it collects the text and examines it at the end. */
export function streamWhole(examine: (output: string) => Finding | Promise<Finding>): EvaluatorStream {
  const pieces: string[] = [];
  return {
    push(text) {
      pieces.push(text);
      return { settled: 0, claims: [] };
    },
    end: () => examine(pieces.join("")),
  };
}
