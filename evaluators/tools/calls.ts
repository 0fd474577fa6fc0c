import { z } from "zod";
import { EvaluatorError } from "../errors.ts";
import type { Claim } from "../evaluation.ts";
import type { Sample } from "../sample.ts";
import { isObject, type JsonText, readExactJson } from "./json-text.ts";

export type Call = NonNullable<Sample["tool_calls"]>[number];

/** A call whose arguments were read; no `values` where they are no JSON object. */
export interface ReadCall {
  readonly call: Call;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** More calls than this on either side are not compared: it takes a comparison of each with each. */
const mostCalls = 500;

const callSchema = z.object({ name: z.string(), arguments: z.string() });
const callsSchema = z.array(callSchema);

/** An answer without `tool_calls` makes none, but a sample without an answer says nothing about its calls. */
export const answerFields = {
  output: z.string().optional(),
  tool_calls: callsSchema.optional(),
};

const toolSchema = z.object({
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  arguments: z.enum(["json", "text"]).optional(),
});

export type Tool = z.output<typeof toolSchema>;

export const toolsField = { tools: z.array(toolSchema).optional() };

export const expectedField = { expected_tool_calls: callsSchema.optional() };

/** Reports every one of the fields that is not there, so that the sample is skipped with all of them named. */
export function reportMissing(context: z.RefinementCtx, fields: Readonly<Record<string, unknown>>): void {
  for (const [field, given] of Object.entries(fields)) {
    if (given === undefined) context.addIssue({ code: "custom", path: [field], message: "is not there" });
  }
}

/** Reads the arguments of a call that an answer makes. Nothing at all counts as no arguments, as some vendors send it. */
export function readCall(call: Call): ReadCall {
  const read = readArguments(call, readExactJson);
  return "value" in read && isObject(read.value) ? { call, values: read.value } : { call };
}

export function readArguments(call: Call, read: (text: string) => JsonText): JsonText {
  return read(call.arguments.trim() === "" ? "{}" : call.arguments);
}

/** Reads the calls that are expected. Throws `EvaluatorError` where one cannot be read: nothing can be compared with it. */
export function readExpected(expected: readonly Call[]): readonly Required<ReadCall>[] {
  return expected.map((call, index) => {
    const { values } = readCall(call);
    if (values) return { call, values };
    throw new EvaluatorError(
      "invalid_input",
      `Number ${index + 1} of expected_tool_calls has arguments that are no JSON object with unique keys. Correct it in the sample.`,
    );
  });
}

export function checkNumberOf(calls: readonly unknown[]): void {
  if (calls.length <= mostCalls) return;
  throw new EvaluatorError("invalid_input", `There are ${calls.length} tool calls; at most ${mostCalls} are compared.`);
}

/**
 * A stretch of a call: offsets count in its arguments, a line break and its name, as for every other evaluator of tool
 * calls.
 */
export function claimOf(call: Call, place: { readonly start: number; readonly end: number }, kind: string): Claim {
  const { start, end } = place;
  const text = `${call.arguments}\n${call.name}`.slice(start, end);
  return { text, start, end, field: "tool_calls", verdict: "violation", kind };
}

export function placeOfName({ name, arguments: text }: Call): { readonly start: number; readonly end: number } {
  return { start: text.length + 1, end: text.length + 1 + name.length };
}
