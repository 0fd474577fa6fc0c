import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import { placeOf } from "../tools/json-places.ts";
import { readJson } from "../tools/json-text.ts";
import { type SchemaProblem, validatorFor } from "../tools/schema-validator.ts";
import { codeOptions } from "./options.ts";

const schema = z.record(z.string(), z.unknown());

const needs = z.object({ output: z.string(), schema: schema.optional() });

const usable = schema.superRefine((given, context) => {
  try {
    validatorFor(given);
  } catch (error) {
    if (!(error instanceof EvaluatorError)) throw error;
    context.addIssue({ code: "custom", message: error.message, input: given });
  }
});

/** The output is JSON that fits a schema. */
export const jsonSchema = defineEvaluator({
  name: "json_schema",
  description: "The output is JSON that fits the given JSON Schema.",
  covers:
    "Syntax, keys given twice, and every keyword of drafts 7, 2019-09 and 2020-12 that the schema uses, with the formats of ajv-formats. Not examined: keywords and formats that these do not know, and whether the values are right.",
  needs,
  options: codeOptions(1, {
    /** Comes before the sample's own `schema`. */
    schema: usable.optional(),
    /** Also reads JSON that stands alone in a Markdown code fence. */
    fenced: z.boolean().default(false),
  }),
  revision: 1,
  evaluate({ output, schema: own }, { schema: configured, fenced }, { signal }) {
    signal.throwIfAborted();
    const chosen = configured ?? own;
    if (chosen === undefined) return { abstained: "There is no schema: set the option schema or the sample's schema." };
    const validate = validatorFor(chosen);
    const body = fenced ? inFence(output) : { text: output, start: 0 };
    const read = readJson(body.text);
    if ("problem" in read) return unreadable(read.problem, body);
    return toFinding(validate(read.value), body);
  },
});

/** A part of the output. */
interface Body {
  readonly text: string;
  readonly start: number;
}

const opening = /^\s*```(?:json)?[ \t]*\r?\n/i;

/** What stands in the fence, when the output is one fence and nothing else. */
function inFence(output: string): Body {
  const start = opening.exec(output)?.[0].length ?? 0;
  const trimmed = output.trimEnd();
  const end = trimmed.lastIndexOf("```");
  if (start === 0 || end < start || end + 3 !== trimmed.length) return { text: output, start: 0 };
  return { text: output.slice(start, end), start };
}

const complaints = {
  not_json: "The output is not JSON.",
  repeated_key: "The output names a key of an object twice.",
  too_deep: "The output is nested more than 128 deep.",
} as const;

function unreadable(problem: keyof typeof complaints, { text, start }: Body): Finding {
  const claim = {
    text,
    start,
    end: start + text.length,
    field: "output",
    verdict: "violation",
    kind: problem,
  } as const;
  return { score: 0, reason: complaints[problem], claims: [claim] };
}

function toFinding(problems: readonly SchemaProblem[], body: Body): Finding {
  if (problems.length === 0) return { score: 1, reason: "The output fits the schema." };
  const keywords = [...new Set(problems.map(({ keyword }) => keyword))].join(", ");
  return {
    score: 0,
    reason: `The output does not fit the schema: ${problems.length} ${problems.length === 1 ? "problem" : "problems"} (${keywords}).`,
    claims: problems.map((problem) => toClaim(problem, body)),
    criteria: problems.map(({ keyword, demand }, index) => ({
      id: `${keyword}_${index + 1}`,
      question: `The output ${demand}`,
      verdict: "no",
      weight: 1,
    })),
  };
}

function toClaim({ keyword, path }: SchemaProblem, { text, start }: Body) {
  const place = placeOf(text, path) ?? { start: 0, end: text.length };
  return {
    text: text.slice(place.start, place.end),
    start: start + place.start,
    end: start + place.end,
    field: "output",
    verdict: "violation",
    kind: keyword,
  } as const;
}
