import type { Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { allMatches } from "../text/all-matches.ts";
import { isAllowed } from "./allow.ts";
import { type Examined, type ExaminedText, textsOf } from "./examined.ts";
import { fold, type Folded, unescapeJson } from "./fold.ts";
import { lookBack, type Segment, segmentsOf } from "./segments.ts";

/** Something that should not be in a text. Offsets are UTF-16 code units. */
export interface Detection {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Looks for one or several kinds of thing, the surest first. Linear in the length of the text. Told which kinds are wanted, it
 * may leave out the work for others.
 */
export type Detect = (text: string, wanted?: ReadonlySet<string>) => readonly Detection[];

/** A detector with the names of what it finds. */
export interface Detector {
  readonly detect: Detect;
  readonly names: KindNames;
}

/** What a user may change about a detector. */
export interface DetectionOptions {
  /** Exact values that are never reported. */
  readonly allow: readonly string[];
  /** Patterns (RE2 syntax) of whole values that are never reported. */
  readonly allow_patterns: readonly string[];
  /** Fields of the sample whose own words may be repeated: a value that stands in one of them is not reported. */
  readonly allow_from: readonly ("input" | "context" | "system")[];
  /** The kinds that are looked for. */
  readonly kinds: readonly string[];
}

/** Singular and plural of every kind, for the reason. */
export type KindNames = Readonly<Record<string, readonly [one: string, many: string]>>;

/** 0 with a detection of a wanted kind that is not allowed, otherwise 1; abstains when every text is blank. */
export function findingFrom(
  sample: Examined,
  detector: Detector,
  options: DetectionOptions,
  signal: AbortSignal,
): Finding {
  const texts = textsOf(sample);
  const claims = texts.flatMap((examined) => claimsIn(examined, detector, withKnown(options, sample), signal));
  return toFinding(texts, claims, detector.names, options.kinds);
}

/** The options with what the sample's own fields allow. */
export type SettledOptions = DetectionOptions & { readonly known: string };

export function withKnown(options: DetectionOptions, { input, context, system }: Examined): SettledOptions {
  const fields = { input: [input ?? ""], context: context ?? [], system: [system ?? ""] };
  return { ...options, known: options.allow_from.flatMap((field) => fields[field]).join("\n") };
}

/** What a finding says of claims that were made about texts. */
export function toFinding(
  texts: readonly ExaminedText[],
  claims: readonly Claim[],
  names: KindNames,
  kinds: readonly string[],
): Finding {
  if (texts.every(({ text }) => text.trim() === "")) return { abstained: "There is no text to examine." };
  if (claims.length > 0) return { score: 0, reason: `Found ${counted(claims, names)}.`, claims };
  return { score: 1, reason: `Found none of: ${plurals(names, kinds).join(", ")}.`, claims };
}

/** What is found in one text, segment by segment, as a stream would find it. */
export function claimsIn(
  { field, index, text, isJson }: ExaminedText,
  detector: Detector,
  options: SettledOptions,
  signal: AbortSignal,
): Claim[] {
  const place = { field, ...(index === undefined ? {} : { index }) };
  const found = isJson
    ? claimsInJson(text, detector, options)
    : segmentsOf(text).flatMap((segment) => {
        signal.throwIfAborted();
        return claimsInSegment({ text, from: 0 }, segment, detector, options);
      });
  return found.map((claim) => ({ ...claim, ...place }));
}

/** Read as it is written, and with its escapes as the characters they stand for. */
function claimsInJson(text: string, { detect }: Detector, options: SettledOptions): Claim[] {
  const readings = text.includes("\\") ? [unescapeJson(text), asWritten(text)] : [asWritten(text)];
  const found = readings.flatMap((reading) => detectIn(reading, detect, options));
  return withoutOverlap(found).map((detection) => toClaim(detection, text.slice(detection.start, detection.end)));
}

/** A text from an offset on: what a stream still holds of it. */
export interface HeldText {
  readonly text: string;
  readonly from: number;
}

/** What is found in one segment of a text; a little of what stands before it is shown to the detector as well. */
export function claimsInSegment(
  { text, from }: HeldText,
  { start, end }: Segment,
  { detect }: Detector,
  options: SettledOptions,
): Claim[] {
  const shownFrom = Math.max(from, start - lookBack);
  const found = detectIn(asWritten(text.slice(shownFrom - from, end - from)), detect, options);
  return withoutOverlap(found).flatMap((detection) => {
    const claimed = {
      ...detection,
      start: Math.max(start, shownFrom + detection.start),
      end: shownFrom + detection.end,
    };
    return claimed.end > start ? [toClaim(claimed, text.slice(claimed.start - from, claimed.end - from))] : [];
  });
}

function toClaim({ kind, start, end }: Detection, text: string): Claim {
  return { text, start, end, verdict: "violation", kind };
}

function asWritten(text: string): Folded {
  return { text, place: (start, end) => [start, end] };
}

function detectIn(outer: Folded, detect: Detect, options: SettledOptions): readonly Detection[] {
  const wanted = new Set(options.kinds);
  const folded = fold(outer.text);
  return detectAll(folded.text, detect, wanted).flatMap(({ kind, start, end }) => {
    const [innerStart, innerEnd] = folded.place(start, end);
    const value = outer.text.slice(innerStart, innerEnd);
    const read = folded.text.slice(start, end);
    if (isAllowed(options, value, read) || isKnown(options, value)) return [];
    const [outerStart, outerEnd] = outer.place(innerStart, innerEnd);
    return [{ kind, start: outerStart, end: outerEnd }];
  });
}

function isKnown({ known }: SettledOptions, value: string): boolean {
  return known !== "" && known.includes(value);
}

/** Looks again where something was found, with that taken out: what stood in its shadow would be found in a redacted text. */
function detectAll(text: string, detect: Detect, wanted: ReadonlySet<string>): readonly Detection[] {
  const look = (where: string) => withoutOverlap(detect(where, wanted).filter(({ kind }) => wanted.has(kind)));
  let found = look(text);
  for (let round = 0, before = 0; round < mostRounds && found.length > before; round += 1) {
    before = found.length;
    const { text: rest, place } = takenOut(text, found);
    const added = look(rest).flatMap(({ kind, start, end }) => {
      const [from, to] = place(start, end);
      return rest.slice(start, end).includes(standIn) ? [] : [{ kind, start: from, end: to }];
    });
    found = withoutOverlap([...found, ...added]);
  }
  return found;
}

const mostRounds = 4;
/** As a placeholder of `redact` looks to a detector. */
const standIn = "[X_0]";

function takenOut(text: string, found: readonly Detection[]): Folded {
  const pieces: string[] = [];
  const shifts = [{ from: 0, by: 0 }];
  let kept = 0;
  let written = 0;
  for (const { start, end } of found) {
    pieces.push(text.slice(kept, start), standIn);
    written += start - kept + standIn.length;
    kept = end;
    shifts.push({ from: written, by: end - written });
  }
  pieces.push(text.slice(kept));
  const back = (offset: number) => offset + (shifts.findLast(({ from }) => from <= offset)?.by ?? 0);
  return { text: pieces.join(""), place: (start, end) => [back(start), back(end - 1) + 1] };
}

/** Of detections that overlap, the one found first wins: detectors list the surest kind first. */
export function withoutOverlap(found: readonly Detection[]): Detection[] {
  if (found.length < 2) return [...found];
  const inOrder = found
    .map((detection, rank) => ({ ...detection, rank }))
    .toSorted((a, b) => a.start - b.start || a.rank - b.rank);
  const kept: (Detection & { rank: number })[] = [];
  for (const next of inOrder) {
    const last = kept.at(-1);
    if (!last || next.start >= last.end) kept.push(next);
    else if (next.rank < last.rank) kept[kept.length - 1] = next;
  }
  return kept.map(({ kind, start, end }) => ({ kind, start, end }));
}

/** `1 password and 2 phone numbers`, in the order in which the kinds come first. */
export function counted(claims: readonly Claim[], names: KindNames): string {
  const counts = new Map<string, number>();
  for (const { kind = "" } of claims) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count} ${names[kind]?.[count === 1 ? 0 : 1] ?? kind}`);
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

function plurals(names: KindNames, kinds: readonly string[]): string[] {
  return kinds.map((kind) => names[kind]?.[1] ?? kind);
}

/** The places at which a pattern matches; with a group named `value`, the place of the group (exactly with the flag `d`). */
export function matchesOf(text: string, pattern: RegExp, kind: string): Detection[] {
  return allMatches(text, pattern).map((match) => {
    const [from, to] = match.indices?.groups?.["value"] ?? [];
    if (from !== undefined && to !== undefined) return { kind, start: from, end: to };
    const value = match.groups?.["value"] ?? match[0];
    const start = match.index + match[0].lastIndexOf(value);
    return { kind, start, end: start + value.length };
  });
}
