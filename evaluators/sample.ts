import { z } from "zod";
import { EvaluatorUsageError } from "./errors.ts";

/** A tool call that an answer makes. `arguments` is the JSON text that the model wrote; an object is accepted and encoded. */
const toolCall = z.object({
  name: z.string(),
  arguments: z.union([z.string(), z.record(z.string(), z.unknown()).transform((object) => JSON.stringify(object))]),
});

/** A tool that a model may call. `parameters` is a JSON Schema of its arguments, unless these are a text of any form. */
const tool = z.object({
  name: z.string(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  arguments: z.enum(["json", "text"]).optional(),
});

/** One step of a conversation with its tool calls and results. */
const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.string().default(""),
  tool_calls: z.array(toolCall).optional(),
  /** Name of the tool whose result this is. */
  name: z.string().optional(),
});

/** A demand on an answer that code can check: an instruction type of IFEval with its arguments. */
const constraint = z.object({ id: z.string(), kwargs: z.record(z.string(), z.unknown()).default({}) });

/** What can be examined. Every field may be absent; what an evaluator cannot do without is in its `needs`. */
export const sampleSchema = z.object({
  /** What was asked: the user's words. */
  input: z.string().optional(),
  /** The system prompt. */
  system: z.string().optional(),
  /** The answer under examination. */
  output: z.string().optional(),
  /** Passages that the answer may rely on. */
  context: z.array(z.string()).optional(),
  expected_output: z.string().optional(),
  /** Thinking that is shown to the client beside the answer. */
  reasoning: z.string().optional(),
  tool_calls: z.array(toolCall).optional(),
  /** The tools that the model was offered. */
  tools: z.array(tool).optional(),
  /** The calls that a right answer makes. */
  expected_tool_calls: z.array(toolCall).optional(),
  /** The whole conversation, where an answer is judged by the way to it. */
  messages: z.array(message).optional(),
  /** Demands on the answer, given instead of being read from the instruction. */
  constraints: z.array(constraint).optional(),
  /** JSON Schema that the output must fit. */
  schema: z.record(z.string(), z.unknown()).optional(),
});

/** One thing to examine, after `toSample`. */
export type Sample = z.output<typeof sampleSchema>;

/** Other names for the same fields, as other evaluation libraries spell them. */
const aliases: Readonly<Record<string, keyof Sample>> = {
  response: "output",
  answer: "output",
  contexts: "context",
  query: "input",
  question: "input",
  prompt: "input",
  expected: "expected_output",
  reference: "expected_output",
  expected_response: "expected_output",
  system_prompt: "system",
};

/** Fields of a row that are not examined and travel with it. */
const carried = new Set(["id", "metadata"]);

/**
 * Reads a sample from what a caller wrote: accepts the aliases (`response`, `contexts`, `query`, `expected`, …) and a
 * single string for `context`. Throws `EvaluatorUsageError` with the field and the way out.
 */
export function toSample(value: unknown): Sample {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EvaluatorUsageError(
      `A sample is an object such as {"input": "…", "output": "…", "context": ["…"]}, not ${describe(value)}.`,
    );
  }
  const parsed = sampleSchema.safeParse(withOwnNames(value));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new EvaluatorUsageError(`The sample's field "${field}" is not right: ${issue?.message ?? "unreadable"}.`);
}

/** The fields under our own names for them; what is null or only travels along is left out. */
function withOwnNames(value: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined || given === null || carried.has(key)) continue;
    const field = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
    if (!Object.hasOwn(sampleSchema.shape, field)) {
      throw new EvaluatorUsageError(`A sample has no field "${key}". Known: ${knownFields()}.`);
    }
    if (Object.hasOwn(fields, field)) {
      throw new EvaluatorUsageError(`A sample names "${field}" twice (once as "${key}"). Keep one.`);
    }
    fields[field] = field === "context" && typeof given === "string" ? [given] : given;
  }
  return fields;
}

function knownFields(): string {
  return [...Object.keys(sampleSchema.shape), ...Object.keys(aliases)].join(", ");
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
