import { EvaluatorError } from "../../errors.ts";
import type { Constraint } from "../constraint.ts";
import { formatTypes } from "./format-types.ts";
import type { InstructionType } from "./instruction-type.ts";
import { lengthTypes } from "./length-types.ts";
import { wholeAnswerTypes } from "./whole-answer-types.ts";
import { wordTypes } from "./word-types.ts";

const types: ReadonlyMap<string, InstructionType> = new Map(
  [...lengthTypes, ...formatTypes, ...wordTypes, ...wholeAnswerTypes].map((type) => [type.id, type]),
);

/** The ids that a sample's `constraints` may name: the 25 instruction types of IFEval. */
export const instructionIds: readonly string[] = [...types.keys()].toSorted();

/** A demand as a sample gives it. */
export interface GivenConstraint {
  readonly id: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/**
 * Turns given constraints into checks with the verdicts of IFEval's reference implementation. Throws `EvaluatorError`
 * (`invalid_input`) on an unknown id and on arguments that make no sense.
 */
export function givenConstraints(given: readonly GivenConstraint[]): Constraint[] {
  return given.map(({ id, kwargs }) => {
    const type = types.get(id);
    if (type) return type.toConstraint(kwargs);
    throw new EvaluatorError(
      "invalid_input",
      `No constraint "${id.slice(0, 100)}". Known: ${instructionIds.join(", ")}. Correct the id, or leave constraints out to have them read from the instruction.`,
    );
  });
}
