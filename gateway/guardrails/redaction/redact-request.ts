import {
  type Claim,
  EvaluatorUsageError,
  redactions,
  redactJson,
  type Replacement,
} from "../../../evaluators/index.ts";
import { parseExactly } from "../../wires/parse-exactly.ts";
import { editTopLevel } from "../../wires/edit-json.ts";
import type { JsonObject } from "../../wires/json.ts";
import type { InputKind, InputText, Wire } from "../../wires/wire.ts";

/** What of a request is examined as the `input` of a sample, and where in it each of its texts stands. */
export interface InputSampleText {
  readonly text: string;
  /** Offsets are UTF-16 code units of `text`. */
  readonly places: readonly { readonly text: InputText; readonly start: number; readonly end: number }[];
}

/** The texts of those kinds, one below the other. Attachments are left out: what is known of them is no part of the request. */
export function inputSampleText(texts: readonly InputText[], kinds: readonly InputKind[]): InputSampleText {
  const covered = texts.filter(({ kind }) => kind !== "attachments" && kinds.includes(kind));
  let next = 0;
  const places = covered.map((text) => {
    const start = next;
    next += text.text.length + separator.length;
    return { text, start, end: start + text.text.length };
  });
  return { text: covered.map(({ text }) => text).join(separator), places };
}

const separator = "\n\n";

/**
 * The text of a request with placeholders where the violations of `claims` stand, which are about `inputSampleText` of the
 * request's `json` and the same kinds. Members at the top that hold none keep their bytes. Undefined when there is nothing to
 * replace, when a text cannot be replaced, and when what comes out, read again, does not say what was meant.
 */
export function redactRequest(
  wire: Pick<Wire, "inputTexts">,
  body: { readonly text: string; readonly json: JsonObject },
  kinds: readonly InputKind[],
  { claims, placeholders }: { readonly claims: readonly Claim[]; readonly placeholders: Map<string, string> },
): string | undefined {
  const exact = parseExactly(body.text);
  const violations = claims.filter(({ verdict }) => verdict === "violation");
  if (!exact || violations.some(({ field = "input" }) => field !== "input")) return undefined;
  const sample = inputSampleText(wire.inputTexts(body.json), kinds);
  const meant = meantTexts(sample, violations, placeholders);
  if (!meant) return undefined;
  const before = new Map(Object.entries(exact).map(([key, value]) => [key, JSON.stringify(value)]));
  const wanted = setTexts(inputSampleText(wire.inputTexts(exact), kinds), sample, meant);
  if (!wanted) return undefined;
  const changed = Object.entries(exact).filter(([key, value]) => JSON.stringify(value) !== before.get(key));
  const redacted = editTopLevel(body.text, Object.fromEntries(changed));
  return says(inputSampleText(wire.inputTexts(parseExactly(redacted) ?? {}), kinds), wanted) ? redacted : undefined;
}

/** What each text of the sample becomes; undefined when the claims are not about it, or mark nothing. */
function meantTexts(
  { text, places }: InputSampleText,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
): readonly string[] | undefined {
  const replacements = replacementsIn(text, claims, placeholders);
  if (replacements.length === 0) return undefined;
  return places.map((place) => {
    const here = replacements.flatMap((replacement) => within(replacement, place));
    if (here.length === 0) return place.text.text;
    if (!isJson(place.text.text)) return replaced(place.text.text, here);
    const mine = claims.flatMap((claim) => within(claim, place));
    return redactJson(
      place.text.text,
      mine.map((claim) => ({ ...claim, text: place.text.text.slice(claim.start, claim.end) })),
      { placeholders },
    );
  });
}

function replacementsIn(
  text: string,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
): readonly Replacement[] {
  try {
    return redactions(text, claims, { placeholders });
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return [];
    throw error;
  }
}

/** The part of a stretch that lies in a place, counted from its start. */
function within<T extends { readonly start: number; readonly end: number }>(
  stretch: T,
  place: { readonly start: number; readonly end: number },
): T[] {
  const start = Math.max(stretch.start, place.start) - place.start;
  const end = Math.min(stretch.end, place.end) - place.start;
  return start < end ? [{ ...stretch, start, end }] : [];
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduceRight(
    (left, { start, end, placeholder }) => left.slice(0, start) + placeholder + left.slice(end),
    text,
  );
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What each text must then say; undefined when one cannot be replaced, or was examined with fewer digits than it has. */
function setTexts(
  { places }: InputSampleText,
  examined: InputSampleText,
  meant: readonly string[],
): readonly string[] | undefined {
  if (places.length !== meant.length) return undefined;
  const wanted: string[] = [];
  for (const [index, { text }] of places.entries()) {
    const read = examined.places[index]?.text.text;
    const said = meant[index];
    if (said === undefined || said === read) wanted.push(text.text);
    else if (!text.set || read !== text.text) return undefined;
    else {
      text.set(said);
      wanted.push(said);
    }
  }
  return wanted;
}

function says({ places }: InputSampleText, wanted: readonly string[]): boolean {
  return places.length === wanted.length && places.every(({ text }, index) => text.text === wanted[index]);
}
