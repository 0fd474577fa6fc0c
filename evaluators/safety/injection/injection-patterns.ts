import { delimiterForms } from "./delimiter-forms.ts";
import { extractionForms } from "./extraction-forms.ts";
import type { KnownForm } from "./known-form.ts";
import { overrideForms } from "./override-forms.ts";
import { takeoverForms } from "./takeover-forms.ts";

export const injectionKinds = [
  "instruction_override",
  "role_takeover",
  "prompt_extraction",
  "delimiter_forgery",
] as const;

export interface InjectionPattern extends KnownForm {
  readonly kind: (typeof injectionKinds)[number];
}

const forms = {
  instruction_override: overrideForms,
  role_takeover: takeoverForms,
  prompt_extraction: extractionForms,
  delimiter_forgery: delimiterForms,
} as const satisfies Readonly<Record<InjectionPattern["kind"], readonly KnownForm[]>>;

/** Ways to make a model leave its instructions, written by hand; the first of two that overlap wins. */
export const injectionPatterns: readonly InjectionPattern[] = injectionKinds.flatMap((kind) =>
  forms[kind].map((form) => ({ kind, ...form })),
);
