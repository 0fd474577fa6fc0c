import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import { EvaluatorError } from "../errors.ts";
import { isObject } from "./json-text.ts";
import { mapSchemas, type Schema } from "./schema-walk.ts";

/** One way in which a value does not fit a schema. */
export interface SchemaProblem {
  /** The keyword of JSON Schema that was not satisfied. */
  readonly keyword: string;
  /** Keys and indices from the outside in; of the unknown member itself where there is one too many. */
  readonly path: readonly string[];
  /** What the schema demands, in words that repeat nothing of the value. */
  readonly demand: string;
}

/** Finds what does not fit, at most `mostProblems` of it; nothing when all fits. Throws `EvaluatorError` where it cannot tell. */
export type SchemaValidator = (value: unknown) => readonly SchemaProblem[];

export const mostProblems = 20;

/** Characters of the schema as JSON. */
const largestSchema = 200_000;
/** References that are followed for one value: a schema can be written so that they double at every step. */
const mostSteps = 1_000_000;
/** Parts of a value times parts of the schema: above this only the first problem is looked for. */
const mostForAll = 1_000_000;
/** Above this a schema with alternatives is refused: every alternative that does not fit is kept in memory. */
const mostForAlternatives = 20_000_000;

/**
 * Compiles a JSON Schema (draft 7, 2019-09, or 2020-12 where it says so or uses its keywords), once for each schema. Nothing
 * is loaded from anywhere, patterns run in linear time, formats are those of ajv-formats. Throws `EvaluatorError`
 * (`invalid_input`) on a schema that is too large or cannot be compiled, with the reason.
 */
export function validatorFor(schema: Schema): SchemaValidator {
  const key = JSON.stringify(schema);
  const { validators } = shared();
  const known = validators.get(key);
  if (known) return known;
  if (key.length > largestSchema) {
    throw refusal(`it has ${key.length} characters, more than ${largestSchema}`);
  }
  const made = toValidator(schema, key);
  validators.set(key, made);
  return made;
}

type Compiler = Ajv2019 | Ajv2020;

/** Stops at the first problem, or collects all. */
type Mode = "first" | "all";

interface Shared {
  readonly draft2019: Readonly<Record<Mode, Compiler>>;
  readonly draft2020: Readonly<Record<Mode, Compiler>>;
  readonly validators: LRUCache<string, SchemaValidator>;
  steps: number;
}

let made: Shared | undefined;

/** Made at the first use, and not at import. */
function shared(): Shared {
  made ??= {
    draft2019: inBothModes((options) => new Ajv2019(options)),
    draft2020: inBothModes((options) => new Ajv2020(options)),
    validators: new LRUCache({ maxSize: 5_000_000, sizeCalculation: (_validator, key) => key.length }),
    steps: 0,
  };
  return made;
}

function inBothModes(create: (options: Options) => Compiler): Readonly<Record<Mode, Compiler>> {
  return { first: prepared(create(settings)), all: prepared(create({ ...settings, allErrors: true })) };
}

function compile(schema: Schema, key: string, mode: Mode): ValidateFunction {
  const drafts = /2020-12|"prefixItems"|"\$dynamicRef"/.test(key) ? shared().draft2020 : shared().draft2019;
  const compiler = drafts[mode];
  let counted: Schema | undefined;
  try {
    const { $schema: _dialect, ...rest } = mapSchemas(schema, withStepCount);
    counted = rest;
    return compiler.compile(rest);
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : "it cannot be read", error);
  } finally {
    // The compiler would keep every schema it ever saw, and refuse a second one of the same $id.
    if (counted) compiler.removeSchema(counted);
  }
}

function toValidator(schema: Schema, key: string): SchemaValidator {
  const forAll = compile(schema, key, "all");
  let forFirst: ValidateFunction | undefined;
  const schemaParts = partsOf(schema);
  const hasAlternatives = /"(?:anyOf|oneOf|contains|if|not)"/.test(key);
  return (value) => {
    const work = schemaParts * partsOf(value);
    if (hasAlternatives && work > mostForAlternatives) throw refusal("it is too large for a value of this size");
    if (work > mostForAll) forFirst ??= compile(schema, key, "first");
    const validate = work > mostForAll && forFirst ? forFirst : forAll;
    shared().steps = 0;
    try {
      if (validate(value)) return [];
    } catch (error) {
      if (error instanceof EvaluatorError) throw error;
      throw refusal("it refers to itself without an end", error);
    }
    return (validate.errors ?? []).slice(0, mostProblems).map(toProblem);
  };
}

/** Number of values in a value, itself included. */
function partsOf(value: unknown): number {
  const parts = [value];
  for (const one of parts) {
    if (Array.isArray(one)) for (const inner of one) parts.push(inner);
    else if (isObject(one)) for (const inner of Object.values(one)) parts.push(inner);
  }
  return parts.length;
}

function toProblem({ keyword, instancePath, params, message = "must fit the schema" }: ErrorObject): SchemaProblem {
  const path = instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const extra: unknown = params["additionalProperty"] ?? params["unevaluatedProperty"];
  return { keyword, path: typeof extra === "string" ? [...path, extra] : path, demand: message };
}

function refusal(why: string, cause?: unknown): EvaluatorError {
  const short = why.length > 300 ? `${why.slice(0, 300)}…` : why;
  return new EvaluatorError("invalid_input", `The JSON Schema cannot be used: ${short}. Correct it or leave it out.`, {
    cause,
  });
}

const stepKeyword = "x-proctor-step";

function withStepCount(schema: Schema): Schema {
  return "$ref" in schema || "$recursiveRef" in schema || "$dynamicRef" in schema
    ? { ...schema, [stepKeyword]: true }
    : schema;
}

const settings: Options = {
  strict: false,
  strictNumbers: true,
  ownProperties: true,
  inlineRefs: false,
  logger: false,
  code: { regExp: Object.assign(linearPattern, { code: "linearPattern" }) },
};

function prepared(compiler: Compiler): Compiler {
  ajvFormats.default(compiler);
  compiler.removeKeyword("uniqueItems");
  compiler.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    validate: (demanded: boolean, items: readonly unknown[]) => !demanded || areUnique(items),
    error: { message: "must not have the same item twice" },
  });
  compiler.addKeyword({ keyword: stepKeyword, validate: countStep, errors: false });
  return compiler;
}

function countStep(): boolean {
  shared().steps += 1;
  if (shared().steps <= mostSteps) return true;
  throw refusal(`checking one value against it takes more than ${mostSteps} steps`);
}

/** A pattern of a schema, run by an engine that cannot be made to backtrack. */
function linearPattern(pattern: string, flags: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.matcher(text).find(), toString: () => `/${pattern}/${flags}` };
}

function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item, inOrder))).size === items.length;
}

/** Objects with the same members are the same in whatever order they were written. */
function inOrder(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
