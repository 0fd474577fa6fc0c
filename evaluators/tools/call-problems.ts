import { type Call, claimOf, placeOfName, readArguments } from "./calls.ts";
import type { Claim } from "../evaluation.ts";
import { placeOf } from "./json-places.ts";
import { isObject, type JsonText, readJson } from "./json-text.ts";
import type { SchemaProblem, SchemaValidator } from "./schema-validator.ts";

export const problemNames = {
  unknown_tool: ["unknown tool", "unknown tools"],
  tool_not_allowed: ["tool that is not allowed", "tools that are not allowed"],
  not_json: ["unreadable JSON text", "unreadable JSON texts"],
  repeated_key: ["repeated key", "repeated keys"],
  too_deep: ["text that is nested too deeply", "texts that are nested too deeply"],
  not_an_object: ["text that is no object", "texts that are no objects"],
  missing_argument: ["missing argument", "missing arguments"],
  unknown_argument: ["unknown argument", "unknown arguments"],
  wrong_type: ["wrong type", "wrong types"],
  not_in_enum: ["value outside of the allowed ones", "values outside of the allowed ones"],
  wrong_value: ["value that does not fit", "values that do not fit"],
} as const satisfies Readonly<Record<string, readonly [one: string, many: string]>>;

export type ProblemKind = keyof typeof problemNames;

/** One thing that is wrong with a call. */
export interface CallProblem {
  readonly kind: ProblemKind;
  /** What is demanded, in words that repeat nothing of the call. */
  readonly demand: string;
  readonly claim: Claim;
}

/** What a call names: a tool whose arguments can be checked, one that takes a text of any form, or none that may be called. */
export type CalledTool =
  | { readonly validate: SchemaValidator }
  | { readonly takesText: true }
  | { readonly refused: "unknown_tool" | "tool_not_allowed" };

/** What is wrong with one call. */
export function problemsOf(call: Call, called: CalledTool): readonly CallProblem[] {
  if ("refused" in called) return [problem(called.refused, demands[called.refused], call, placeOfName(call))];
  if ("takesText" in called) return [];
  const read = readArguments(call, readJson);
  if ("problem" in read) return [problem(read.problem, demands[read.problem], call, wholeOf(call))];
  if (!isObject(read.value)) return [problem("not_an_object", "the arguments must be an object", call, wholeOf(call))];
  return called.validate(read.value).map((found) => fromSchema(call, found));
}

const demands = {
  unknown_tool: "the tool must be one that was offered",
  tool_not_allowed: "the tool must be one that is allowed",
  not_json: "the arguments must be JSON",
  repeated_key: "no key may be given twice",
  too_deep: "the arguments must not be nested more than 128 deep",
} as const satisfies Readonly<
  Record<Extract<JsonText, { problem: string }>["problem"] | "unknown_tool" | "tool_not_allowed", string>
>;

const kinds: ReadonlyMap<string, ProblemKind> = new Map([
  ["required", "missing_argument"],
  ["dependentRequired", "missing_argument"],
  ["additionalProperties", "unknown_argument"],
  ["unevaluatedProperties", "unknown_argument"],
  ["type", "wrong_type"],
  ["enum", "not_in_enum"],
  ["const", "not_in_enum"],
]);

function fromSchema(call: Call, { keyword, path, demand }: SchemaProblem): CallProblem {
  const kind = kinds.get(keyword) ?? "wrong_value";
  const place = placeOf(call.arguments, path);
  if (!place) return problem(kind, demand, call, wholeOf(call));
  const start = kind === "unknown_argument" ? place.keyStart : place.start;
  return problem(kind, demand, call, { start, end: place.end });
}

function problem(
  kind: ProblemKind,
  demand: string,
  call: Call,
  place: { readonly start: number; readonly end: number },
): CallProblem {
  return { kind, demand, claim: claimOf(call, place, kind) };
}

function wholeOf(call: Call): { readonly start: number; readonly end: number } {
  return { start: 0, end: call.arguments.length };
}
