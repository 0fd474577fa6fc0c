import { isOneWholeObject, repeatsAKey } from "./json-shape.ts";
import { repairJson } from "./repair-json.ts";

/** An object that a judge wrote, or what is wrong with its message in words that repeat nothing of it. */
export type ReadObject =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string };

/** Longest answer that is read, in UTF-16 code units. */
const longestAnswer = 50_000;

const wrongNonce = "Its nonce is not the one of this call.";

/**
 * Reads a judge's message strictly: one JSON object, at most inside one code fence, with the nonce of the call as its own
 * key. Bad syntax is repaired once, but never into the nonce and never by leaving words out; JSON inside prose is not looked for; an answer that was cut off
 * stays unreadable, because what it lacks cannot be repaired. Never throws. The nonce is not in `value`.
 */
export function readObject(text: string, nonce: string): ReadObject {
  if (text.length > longestAnswer) return unreadable(`It is longer than ${longestAnswer} characters.`);
  const body = withoutFence(text.replace(/^\uFEFF/, "").trim());
  if (body === "") return unreadable("It is empty.");
  if (!isOneWholeObject(body)) return unreadable("It is not exactly one complete JSON object and nothing else.");
  if (!body.includes(nonce)) return unreadable(wrongNonce);
  const json = parseJson(body) ?? parseJson(repairJson(body));
  if (json === undefined) return unreadable("Its JSON cannot be read, or names a key twice.");
  if (typeof json.value !== "object" || json.value === null || Array.isArray(json.value))
    return unreadable("It is no JSON object.");
  const { nonce: given, ...value } = json.value as Record<string, unknown>;
  return given === nonce ? { ok: true, value } : unreadable(wrongNonce);
}

/** What stands in a code fence around the whole message, on lines of its own or not; the message itself where there is none. */
function withoutFence(text: string): string {
  const fence = text.slice(0, 3);
  if ((fence !== "```" && fence !== "~~~") || text.length < 6 || !text.endsWith(fence)) return text;
  return text
    .slice(3, -3)
    .replace(/^[a-z0-9]{0,12}(?=\s)/i, "")
    .trim();
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return repeatsAKey(text) ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function unreadable(problem: string): ReadObject {
  return { ok: false, problem };
}
