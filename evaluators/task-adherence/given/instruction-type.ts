import type { z } from "zod";
import { EvaluatorError } from "../../errors.ts";
import type { Constraint } from "../constraint.ts";

/** A kind of demand with a name of its own and arguments, as IFEval writes them. */
export interface InstructionType {
  readonly id: string;
  /** Makes the constraint; throws `EvaluatorError` (`invalid_input`) on arguments that make no sense. */
  toConstraint(kwargs: Readonly<Record<string, unknown>>): Constraint;
}

/** Declares an instruction type: its id, the shape of its arguments, and what they demand. */
export function instructionType<Schema extends z.ZodType>(
  id: string,
  schema: Schema,
  demand: (kwargs: z.output<Schema>) => Omit<Constraint, "id">,
): InstructionType {
  return {
    id,
    toConstraint(kwargs) {
      const parsed = schema.safeParse(withoutNulls(kwargs));
      if (parsed.success) return { id, ...demand(parsed.data) };
      const problems = parsed.error.issues.map(({ path, message }) =>
        path.length > 0 ? `"${path.join(".")}": ${message}` : message,
      );
      throw new EvaluatorError(
        "invalid_input",
        `The constraint "${id}" cannot be checked with kwargs ${shown(kwargs)}. ${problems.join("; ")}.`,
      );
    },
  };
}

/** Rows of IFEval name the arguments of all types, null where they do not apply. */
function withoutNulls(kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).filter(([, value]) => value !== null && value !== undefined));
}

const longestShown = 200;

function shown(kwargs: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(kwargs);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
