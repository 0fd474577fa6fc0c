import { repeatsAKey } from "../judge/json-shape.ts";
import { isNestedDeeper } from "../nesting.ts";

/** A JSON text that was read, or why it says nothing that can be relied on. */
export type JsonText = { readonly value: unknown } | { readonly problem: "not_json" | "repeated_key" | "too_deep" };

/** Deeper than any answer that is meant, and shallow enough for code that follows the nesting. */
const deepest = 128;

/** Reads a JSON text strictly. An object that names a key twice is refused, because readers differ on which one counts. */
export function readJson(text: string, reviver?: Reviver): JsonText {
  let value: unknown;
  try {
    value = JSON.parse(text, reviver);
  } catch {
    return { problem: "not_json" };
  }
  if (isNestedDeeper(value, deepest)) return { problem: "too_deep" };
  return repeatsAKey(text) ? { problem: "repeated_key" } : { value };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `readJson` for comparing: a whole number that a double cannot hold becomes a bigint, so that two long ones never look the same. */
export function readExactJson(text: string): JsonText {
  return readJson(text, exactly);
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context?.source ?? "") ? BigInt(context?.source ?? "") : value;
}
