import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Evaluator, Finding } from "./define-evaluator.ts";
import { EvaluatorError } from "./errors.ts";
import type { Sample } from "./sample.ts";

/** An examination under way, of an answer that is still arriving. Neither method throws before `end`. */
export interface BegunExamination {
  /** More of the answer's `output`. */
  push(text: string): void;
  /** What the evaluator finds in everything that was pushed: the same as in the whole sample at once. */
  end(): Promise<Finding>;
}

/** Every piece costs the evaluator a little whatever its length, and answers come a few letters at a time. */
const shortestPiece = 256;

/**
 * Begins to examine an answer of which nothing has arrived yet: `sample` is the request. Undefined for an evaluator that asks
 * a judge or can only examine a whole answer. The answer must turn out to be its output alone, without reasoning and tool calls.
 */
export function beginExamination(
  evaluator: Evaluator,
  sample: Sample,
  signal: AbortSignal = new AbortController().signal,
): BegunExamination | undefined {
  if (evaluator.options.engine !== "local") return undefined;
  let held = "";
  let failure: { readonly thrown: unknown } | undefined;
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return failure ? undefined : work();
    } catch (thrown) {
      failure = { thrown };
      return undefined;
    }
  };
  const stream = attempt(() => evaluator.stream({ ...sample, output: "" }, withoutJudge(signal)));
  if (!stream) return undefined;
  const flush = () => {
    const piece = held;
    held = "";
    attempt(() => stream.push(piece));
  };
  return {
    push(text) {
      held += text;
      if (held.length >= shortestPiece) flush();
    },
    async end() {
      flush();
      if (failure) throw failure.thrown;
      return stream.end();
    },
  };
}

function withoutJudge(signal: AbortSignal) {
  return {
    get judge(): never {
      throw new EvaluatorError("judge_failed", "An evaluator that is code asks no judge.");
    },
    signal,
    parent: ROOT_CONTEXT,
  };
}
