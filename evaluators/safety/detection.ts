import type { Claim } from "../evaluation.ts";
import type { Finding } from "../define-evaluator.ts";
import { type Examined, type ExaminedText, textsOf } from "./examined.ts";

/** Something that should not be in a text. Offsets are UTF-16 code units. */
export interface Detection {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Looks for one or several kinds of thing. Linear in the length of the text. */
export type Detect = (text: string) => readonly Detection[];

/** A detector with the names of what it finds. */
export interface Detector {
  readonly detect: Detect;
  readonly names: KindNames;
}

/** What a user may change about a detector. */
export interface DetectionOptions {
  /** Exact values that are never reported. */
  readonly allow: readonly string[];
  /** The kinds that are looked for. */
  readonly kinds: readonly string[];
}

/** Singular and plural of every kind, for the reason. */
export type KindNames = Readonly<Record<string, readonly [one: string, many: string]>>;

/** 0 with a detection of a wanted kind that is not allowed, otherwise 1; abstains when every text is blank. */
export function findingFrom(
  sample: Examined,
  { detect, names }: Detector,
  options: DetectionOptions,
  signal: AbortSignal,
): Finding {
  signal.throwIfAborted();
  const texts = textsOf(sample);
  if (texts.every(({ text }) => text.trim() === "")) return { abstained: "There is no text to examine." };
  const claims = texts.flatMap(({ field, text }) => locate(field, text, detect(text), options));
  if (claims.length === 0)
    return { score: 1, reason: `Found none of: ${plurals(names, options.kinds).join(", ")}.`, claims };
  return { score: 0, reason: `Found ${counted(claims, names)}.`, claims };
}

function locate(
  field: ExaminedText["field"],
  text: string,
  found: readonly Detection[],
  options: DetectionOptions,
): Claim[] {
  const wanted = found.filter(
    ({ kind, start, end }) => options.kinds.includes(kind) && !options.allow.includes(text.slice(start, end)),
  );
  return withoutOverlap(wanted).map(({ kind, start, end }) => ({
    text: text.slice(start, end),
    start,
    end,
    verdict: "violation",
    kind,
    field,
  }));
}

/** Of detections that overlap, the one found first wins: detectors list the surest kind first. */
export function withoutOverlap(found: readonly Detection[]): Detection[] {
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

function counted(claims: readonly Claim[], names: KindNames): string {
  const counts = new Map<string, number>();
  for (const { kind = "" } of claims) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count} ${names[kind]?.[count === 1 ? 0 : 1] ?? kind}`);
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

function plurals(names: KindNames, kinds: readonly string[]): string[] {
  return kinds.map((kind) => names[kind]?.[1] ?? kind);
}

/** The places at which a pattern matches; with a group named `value`, the place of the group. */
export function matchesOf(text: string, pattern: RegExp, kind: string): Detection[] {
  return [...text.matchAll(pattern)].map((match) => {
    const value = match.groups?.["value"] ?? match[0];
    const start = match.index + match[0].lastIndexOf(value);
    return { kind, start, end: start + value.length };
  });
}
