import { jsonrepair } from "jsonrepair";
import { z } from "zod";
import { isOneWholeObject, repeatsAKey } from "./json-shape.ts";
import { type JudgedCriterion, verdicts } from "./protocol.ts";

/** What an answer must contain to be one. */
export interface ExpectedAnswer {
  readonly nonce: string;
  /** The rubric's criterion ids. */
  readonly ids: readonly string[];
}

/** A readable answer, or what is wrong with it in words that repeat nothing of it. */
export type ParsedAnswer =
  | { readonly ok: true; readonly criteria: readonly JudgedCriterion[] }
  | { readonly ok: false; readonly problem: string };

/** Longest answer that is read, in UTF-16 code units. */
const longestAnswer = 50_000;

const wrongNonce = "Its nonce is not the one of this call.";

const answerSchema = z.strictObject({
  nonce: z.string(),
  criteria: z.array(z.strictObject({ id: z.string(), evidence: z.string(), verdict: z.enum(verdicts) })),
});

/**
 * Reads a judge's message strictly: one JSON object, at most inside one code fence, with the nonce and every criterion once.
 * Bad syntax is repaired once, but never into the nonce; JSON inside prose is not looked for; an answer that was cut off stays unreadable, because the
 * verdict it lacks cannot be repaired. Never throws. Criteria come back in the order of `ids`.
 */
export function parseAnswer(text: string, expected: ExpectedAnswer): ParsedAnswer {
  if (text.length > longestAnswer) return invalid(`It is longer than ${longestAnswer} characters.`);
  const body = withoutFence(text.trim());
  if (body === "") return invalid("It is empty.");
  if (!isOneWholeObject(body)) return invalid("It is not exactly one complete JSON object and nothing else.");
  if (!body.includes(expected.nonce)) return invalid(wrongNonce);
  const json = readJson(body);
  if (json === undefined) return invalid("Its JSON cannot be read, or names a key twice.");
  const answer = answerSchema.safeParse(json.value);
  if (!answer.success) return invalid(describeIssue(answer.error));
  if (answer.data.nonce !== expected.nonce) return invalid(wrongNonce);
  return inOrder(answer.data.criteria, expected.ids);
}

function withoutFence(text: string): string {
  return /^```[a-z]*[ \t]*\r?\n([\s\S]*)\r?\n[ \t]*```$/i.exec(text)?.[1]?.trim() ?? text;
}

function readJson(body: string): { readonly value: unknown } | undefined {
  return parseJson(body) ?? parseJson(repaired(body));
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return repeatsAKey(text) ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function repaired(text: string): string {
  try {
    return jsonrepair(text);
  } catch {
    return "";
  }
}

function inOrder(criteria: readonly JudgedCriterion[], ids: readonly string[]): ParsedAnswer {
  const byId = new Map(criteria.map((criterion) => [criterion.id, criterion]));
  const ordered = ids.flatMap((id) => byId.get(id) ?? []);
  if (ordered.length === ids.length && criteria.length === ids.length) return { ok: true, criteria: ordered };
  return invalid(`It must name exactly the criteria ${ids.join(", ")}, each once.`);
}

/** Says where the schema was broken; keys and values of the answer itself are not repeated. */
function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const place =
    issue?.path.map((part) => (typeof part === "number" ? `[${part}]` : String(part))).join(".") || "the object";
  switch (issue?.code) {
    case "unrecognized_keys":
      return `In it, ${place} has a key that the protocol does not know.`;
    case "invalid_value":
      return `In it, ${place} is not one of ${verdicts.join(", ")}.`;
    default:
      return `In it, ${place} is missing or of the wrong type.`;
  }
}

function invalid(problem: string): ParsedAnswer {
  return { ok: false, problem };
}
