import type { Finding } from "../define-evaluator.ts";
import type { Criterion } from "../evaluation.ts";
import type { Sample } from "../sample.ts";
import type { Constraint } from "./constraint.ts";
import { findConstraints } from "./constraints.ts";
import { givenConstraints } from "./given/given-constraints.ts";
import { loosely } from "./loosely.ts";
import { findPassages } from "./passages.ts";
import { schemaConstraint, schemaIn } from "./schemas.ts";

/** What demands something of the answer. */
export type Instructions = Pick<Sample, "input" | "system" | "constraints" | "schema">;

/** Every demand on the answer that code can check: the given ones, or those that the instruction states; and the schema. */
export function constraintsOf(
  { input = "", system = "", constraints, schema }: Instructions,
  loose: boolean,
): Constraint[] {
  const instruction = [system, input].filter((text) => text.trim() !== "").join("\n\n");
  const stated = constraints ? givenConstraints(constraints) : findConstraints(instruction);
  const demanded = schema ?? (constraints ? null : schemaIn(instruction));
  const all = demanded ? [...stated.filter(({ id }) => !isJson(id)), schemaConstraint(demanded)] : stated;
  return loose ? all.map(loosely) : all;
}

/** A schema says all that "answer in JSON" says. */
function isJson(id: string): boolean {
  return id === "detectable_format:json_format";
}

/** Checks an answer against its constraints. The score is the share that is met of those that could be decided. */
export function examineConstraints(output: string, constraints: readonly Constraint[]): Finding {
  if (constraints.length === 0) return { abstained: "There is no checkable constraint in the instruction." };
  const checked = constraints.map((constraint) => ({ constraint, verdict: verdictOf(constraint, output) }));
  const decided = checked.filter(({ verdict }) => verdict !== "unsure");
  if (decided.length === 0) {
    return { abstained: `The answer does not allow to decide ${counted(constraints.length)}.` };
  }
  const broken = decided.filter(({ verdict }) => verdict === "no").map(({ constraint }) => constraint);
  const unmet = broken.map(({ label }) => label);
  const claims = findPassages(output, broken);
  return {
    score: (decided.length - unmet.length) / decided.length,
    reason: explain(decided.length, checked.length - decided.length, unmet),
    criteria: checked.map(({ constraint: { id, question }, verdict }) => ({ id, question, verdict, weight: 1 })),
    ...(claims.length > 0 ? { claims } : {}),
  };
}

/** An empty answer meets nothing, not even "no commas". */
function verdictOf(constraint: Constraint, output: string): Criterion["verdict"] {
  const holds = output.trim() === "" ? false : constraint.holds(output);
  if (holds === null) return "unsure";
  return holds ? "yes" : "no";
}

function counted(number: number): string {
  return number === 1 ? "the only checkable constraint" : `any of the ${number} checkable constraints`;
}

function explain(total: number, undecided: number, unmet: readonly string[]): string {
  const noun = total === 1 ? "checkable constraint" : "checkable constraints";
  const met = total === 1 ? "The only checkable constraint is met." : `All ${total} ${noun} are met.`;
  const missed = `${unmet.length} of ${total} ${noun} ${unmet.length === 1 ? "is" : "are"} not met: ${[...new Set(unmet)].join(", ")}.`;
  const rest = undecided === 0 ? "" : ` ${undecided} more cannot be decided on this answer.`;
  return `${unmet.length === 0 ? met : missed}${rest}`;
}
