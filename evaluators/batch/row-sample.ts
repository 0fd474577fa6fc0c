import { EvaluatorUsageError } from "../errors.ts";
import { fromChatRow } from "./chat-row.ts";
import { type Sample, sampleSchema, toSample } from "../sample.ts";

/**
 * The sample that a row holds, be it written as chat APIs write theirs; columns that no sample has are left out. Throws `EvaluatorUsageError` for a row that holds none, or
 * one that is not right.
 */
export function sampleIn(row: unknown): Sample {
  if (!isObject(row)) return toSample(row);
  const fields = Object.entries(fromChatRow(row)).filter(([name]) => isSampleField(name));
  const sample = toSample(Object.fromEntries(fields));
  if (Object.keys(sample).length > 0) return sample;
  throw new EvaluatorUsageError(
    `The row has none of the fields that can be examined: ${Object.keys(sampleSchema.shape).join(", ")}.`,
  );
}

/** The columns of a row that nobody examines and that travel along: its `id`, its `metadata`, and all that a sample does not have. */
export function carriedIn(row: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(row)) return {};
  return Object.fromEntries(Object.entries(row).filter(([name]) => onlyCarried.has(name) || !isSampleField(name)));
}

const onlyCarried = new Set(["id", "metadata"]);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const learned = new Map<string, boolean>();

/** Whether `toSample` knows the name, its other spellings included; those all stand for fields that take a text. */
function isSampleField(name: string): boolean {
  const known = learned.get(name) ?? (Object.hasOwn(sampleSchema.shape, name) || takesText(name));
  // Rows with a column name of their own each must not fill the memory.
  if (learned.size < 1000) learned.set(name, known);
  return known;
}

function takesText(name: string): boolean {
  try {
    toSample({ [name]: "" });
    return true;
  } catch {
    return false;
  }
}
