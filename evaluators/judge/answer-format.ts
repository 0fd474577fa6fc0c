import type { AnswerSchema } from "../judge.ts";
import { readObject } from "./read-object.ts";

/** What an answer says, or what is wrong with it in words that repeat nothing of it. */
export type ReadAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** The form of an answer besides its nonce: what a provider is told, what the judge is told, and how it is read. */
export interface AnswerFormat<T> {
  readonly schema: AnswerSchema;
  /** The object as the judge is shown it, without the nonce and with placeholders that are no verdicts. */
  readonly shape: Readonly<Record<string, unknown>>;
  read(value: Readonly<Record<string, unknown>>): ReadAnswer<T>;
}

/** Reads a judge's message in the given form. Never throws. */
export function readAnswer<T>(text: string, nonce: string, format: AnswerFormat<T>): ReadAnswer<T> {
  const object = readObject(text, nonce);
  return object.ok ? format.read(object.value) : object;
}

/**
 * JSON Schema of an object with exactly these properties, as strict modes of providers want it: all required, no others. The
 * nonce is any string, never a constant: a schema of its own for every call would defeat the provider's cache of schemas,
 * and a nonce that the provider fills in would prove nothing.
 */
export function strictObject(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
