import { readJson } from "../tools/json-text.ts";
import { validatorFor } from "../tools/schema-validator.ts";
import type { Constraint } from "./constraint.ts";
import { withoutFence } from "./documents.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The whole answer is JSON that fits the schema. Throws `EvaluatorError` (`invalid_input`) where the schema cannot be used. */
export function schemaConstraint(schema: Schema): Constraint {
  const problemsOf = validatorFor(schema);
  return {
    id: "format:json_schema",
    question: "Is the whole answer JSON that fits the schema?",
    label: "JSON Schema",
    holds: (output) => {
      const read = readJson(withoutFence(output));
      return "value" in read && problemsOf(read.value).length === 0;
    },
  };
}

const mention =
  /\bjson[ -]?schema\b|\b(?:match|follow|fit|conform|adher|according|compl|valid)\w*\b[^.!?\n]{0,40}\bschema\b/iu;
const longestSchema = 20_000;
/** Keys of which an object must have one to be taken for a schema. */
const telling = ["properties", "items", "$schema", "$ref", "anyOf", "oneOf", "allOf", "enum", "required"];

/** The JSON Schema that an instruction shows and demands the answer to fit; none where it cannot be read. */
export function schemaIn(instruction: string): Schema | null {
  if (!mention.test(instruction)) return null;
  const open = instruction.indexOf("{");
  if (open < 0) return null;
  const end = objectEnd(instruction, open);
  const read = end === null ? null : readJson(instruction.slice(open, end));
  return read && "value" in read && isSchema(read.value) ? read.value : null;
}

function isSchema(value: unknown): value is Schema {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    telling.some((key) => Object.hasOwn(value, key))
  );
}

/** Where the object ends that begins at a brace; null when it does not. */
function objectEnd(text: string, open: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < text.length && at - open < longestSchema; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return null;
}
