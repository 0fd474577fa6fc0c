import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { YamlSource } from "./yaml-source.ts";

type Issue = z.core.$ZodIssue;

/** Says each of zod's issues as `file:line: sentence`, with the nearest known key for one that is unknown. */
export function describeIssues(issues: readonly Issue[], source: YamlSource, schema: z.ZodType): string[] {
  const misnamed = new Set(issues.filter(isMisnamedEvaluator).map(({ path }) => path[1]));
  return issues.flatMap((issue) => {
    if (issue.path[0] === "evaluators" && misnamed.has(issue.path[1])) {
      return isMisnamedEvaluator(issue)
        ? [`${source.locate(issue.path)}: ${misnamedEvaluator(String(issue.path[1]), schema)}`]
        : [];
    }
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, issue.path, kindOf(issue.input));
      return issue.keys.map((key) => `${source.locate(issue.path, key)}: ${unknownKey(key, issue.path, known)}`);
    }
    return [`${source.locate(issue.path)}: ${sentence(issue, schema)}`];
  });
}

/** An entry of `evaluators:` that is neither a built-in name nor says its kind: mostly a built-in name with a slip in it. */
function isMisnamedEvaluator({ path, input }: Issue): boolean {
  return path.length === 3 && path[0] === "evaluators" && path[2] === "kind" && kindOf(input) === undefined;
}

function kindOf(input: unknown): unknown {
  return typeof input === "object" && input !== null && "kind" in input ? input.kind : undefined;
}

function misnamedEvaluator(name: string, schema: z.ZodType): string {
  const known = knownKeys(schema, ["evaluators"]);
  return `No built-in evaluator "${name}".${hintFor(name, known)} Known: ${known.join(", ")}. An evaluator of your own says its kind, such as "kind: rubric".`;
}

function hintFor(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[]): string {
  const where = path.length === 0 ? "" : ` in ${path.map(String).join(".")}`;
  return `The key "${key}" is not known${where}.${hintFor(key, known)}${known.length === 0 ? "" : ` Known: ${known.join(", ")}.`}`;
}

function sentence(issue: Issue, schema: z.ZodType): string {
  const where = issue.path.map(String).join(".");
  const message = issue.message.replace(/\.$/, "");
  if (issue.code === "custom") return `${where}: ${message}.`;
  if (issue.code === "invalid_type" && issue.input === undefined) return missing(where, issue.path);
  const given = isShown(issue) ? ` (${JSON.stringify(issue.input)})` : "";
  if (issue.code === "invalid_union" && issue.path.at(-1) === "kind") {
    const kinds = kindsAt(schema, issue.path.slice(0, -1));
    return `"${where}" must be one of ${kinds.join(", ")}.`;
  }
  return `"${where}"${given} is not right: ${message}.`;
}

/** A value helps to find a slip. Where keys and passwords stand, or may have slipped to, it would be told to a log. */
function isShown({ input, path }: Issue): boolean {
  if (typeof input === "number" || typeof input === "boolean") return true;
  const isSecret = path[0] === "keys" || path[0] === "redis" || path.at(-1) === "api_key";
  return typeof input === "string" && !isSecret;
}

/** A file replaces the embedded defaults whole, which a file of one section does not know. */
function missing(where: string, path: readonly PropertyKey[]): string {
  return path.length === 1
    ? `"${where}" is missing. A file replaces the embedded defaults, so it names at least providers and models; "proctor init" writes an example.`
    : `"${where}" is missing.`;
}

/** The closest known name, if it is close enough to have been meant. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(name, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

type JsonSchema = { readonly [key: string]: unknown };

/** The JSON Schema nodes that describe `path`: several where a union leaves it open. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): JsonSchema[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  let nodes = alternatives(root);
  for (const step of path) {
    nodes = nodes.flatMap((node) => {
      const properties = (node["properties"] ?? {}) as Record<string, JsonSchema>;
      const next =
        typeof step === "number" ? node["items"] : (properties[String(step)] ?? node["additionalProperties"]);
      return typeof next === "object" && next !== null ? alternatives(next as JsonSchema) : [];
    });
  }
  return nodes;
}

function alternatives(node: JsonSchema): JsonSchema[] {
  const options = (node["anyOf"] ?? node["oneOf"] ?? node["allOf"]) as JsonSchema[] | undefined;
  return options ? options.flatMap(alternatives) : [node];
}

/** Where the objects at `path` are told apart by their `kind`, those of the given one count. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], kind?: unknown): string[] {
  const nodes = schemasAt(schema, path);
  const ofKind = nodes.filter((node) => kindIn(node) === kind);
  return [...new Set((ofKind.length > 0 ? ofKind : nodes).flatMap((node) => Object.keys(node["properties"] ?? {})))];
}

function kindIn(node: JsonSchema): unknown {
  return (node["properties"] as { kind?: { const?: unknown } } | undefined)?.kind?.const;
}

function kindsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, path)
    .map(kindIn)
    .filter((kind) => typeof kind === "string");
}
