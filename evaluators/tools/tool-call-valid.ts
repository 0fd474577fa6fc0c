import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import type { Criterion } from "../evaluation.ts";
import { codeOptions } from "../small/options.ts";
import { type CalledTool, type CallProblem, problemNames, type ProblemKind, problemsOf } from "./call-problems.ts";
import { answerFields, type Call, reportMissing, type Tool, toolsField } from "./calls.ts";
import { argumentsSchema } from "./parameters.ts";
import { type SchemaValidator, validatorFor } from "./schema-validator.ts";

const needs = z
  .object({ ...answerFields, ...toolsField })
  .superRefine(({ tools, output, tool_calls }, context) =>
    reportMissing(context, { tools, "output or tool_calls": output ?? tool_calls }),
  );

/** Every call names a tool that was offered and fits its parameters. */
export const toolCallValid = defineEvaluator({
  name: "tool_call_valid",
  description: "Every tool call names a tool that was offered and has arguments that its parameters allow.",
  covers:
    "Names, JSON, required and unknown arguments, types, allowed values and the rest of each tool's JSON Schema. Not examined: whether the right tool was called, with the right values, or whether a call was needed.",
  needs,
  options: codeOptions(1, {
    /** Fail an answer that makes no call, instead of abstaining. */
    required: z.boolean().default(false),
    /** What becomes of arguments that the tool does not declare. */
    unknown_arguments: z.enum(["refuse", "allow"]).default("refuse"),
    /** Tools that may be called; every tool that was offered when absent. */
    allowed: z.array(z.string().min(1)).optional(),
  }),
  revision: 2,
  evaluate({ tools = [], tool_calls = [] }, options, { signal }) {
    signal.throwIfAborted();
    if (tool_calls.length === 0) return withoutCalls(options.required);
    const toolOf = findTools(tools, options);
    return toFinding(tool_calls.map((call) => problemsOf(call, toolOf(call))));
  },
});

function withoutCalls(required: boolean): Finding {
  return required
    ? { score: 0, reason: "The answer makes no tool call, and at least one is required." }
    : { abstained: "The answer makes no tool call, so there is none to check." };
}

interface Rules {
  readonly unknown_arguments: "refuse" | "allow";
  readonly allowed?: readonly string[] | undefined;
}

/** Finds a call's tool; compiles only the tools that are called. */
function findTools(tools: readonly Tool[], { unknown_arguments, allowed }: Rules): (call: Call) => CalledTool {
  const byName = new Map(tools.map((one) => [one.name, one]));
  if (byName.size < tools.length) {
    throw new EvaluatorError("invalid_input", "Two of the sample's tools have the same name. Keep one of them.");
  }
  const made = new Map<string, SchemaValidator>();
  return ({ name }) => {
    const found = byName.get(name);
    if (!found) return { refused: "unknown_tool" };
    if (allowed && !allowed.includes(name)) return { refused: "tool_not_allowed" };
    if (found.arguments === "text") return { takesText: true };
    const schema = () => argumentsSchema(found.parameters, unknown_arguments === "refuse");
    const validate = made.get(name) ?? validatorFor(schema());
    made.set(name, validate);
    return { validate };
  };
}

/** More than this is not told one by one. */
const mostCriteria = 200;

function toFinding(problems: readonly (readonly CallProblem[])[]): Finding {
  const bad = problems.filter((one) => one.length > 0).length;
  const all = problems.flat();
  return {
    score: 1 - bad / problems.length,
    reason: bad === 0 ? allFit(problems.length) : `${someFit(bad, problems.length)}: ${counted(all)}.`,
    claims: all.slice(0, mostCriteria).map(({ claim }) => claim),
    criteria: problems.flatMap(toCriteria).slice(0, mostCriteria),
  };
}

function allFit(count: number): string {
  return count === 1 ? "The tool call fits its tool." : `All ${count} tool calls fit their tools.`;
}

function someFit(bad: number, count: number): string {
  if (count === 1) return "The tool call does not fit the tools";
  return `${bad} of ${count} tool calls ${bad === 1 ? "does" : "do"} not fit the tools`;
}

function counted(problems: readonly CallProblem[]): string {
  const counts = new Map<ProblemKind, number>();
  for (const { kind } of problems) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${problemNames[kind][count === 1 ? 0 : 1]}`).join(", ");
}

function toCriteria(problems: readonly CallProblem[], index: number): Criterion[] {
  const call = index + 1;
  if (problems.length === 0) {
    return [{ id: `call_${call}`, question: `Does call ${call} fit its tool?`, verdict: "yes", weight: 1 }];
  }
  return problems.map(({ kind, demand, claim }, at) => ({
    id: `call_${call}_${kind}_${at + 1}`,
    question: `Call ${call}: ${demand}`,
    verdict: "no",
    weight: 1,
    evidence: claim.text.slice(0, 200),
  }));
}
