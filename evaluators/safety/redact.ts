import { EvaluatorUsageError } from "../errors.ts";
import type { Claim } from "../evaluation.ts";

export interface RedactOptions {
  /** The field of the sample that the text is: claims about others are passed over. All claims count when absent. */
  readonly field?: Claim["field"];
  /** Which of the tool calls the text is. */
  readonly index?: number;
  /** What stands for which value, by kind and value: hand the same map to several calls so that they agree. */
  readonly placeholders?: Map<string, string>;
}

/** What stands in place of a stretch of a text. Offsets are UTF-16 code units. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

/**
 * Replaces the violations that `claims` mark in a text by placeholders such as `[EMAIL_1]`: the same value by the same one. A
 * text that was redacted stays as it is. Throws `EvaluatorUsageError` for a claim that is not about this text.
 */
export function redact(text: string, claims: readonly Claim[], options: RedactOptions = {}): string {
  const pieces: string[] = [];
  let kept = 0;
  for (const { start, end, placeholder } of redactions(text, claims, options)) {
    pieces.push(text.slice(kept, start), placeholder);
    kept = end;
  }
  return [...pieces, text.slice(kept)].join("");
}

/**
 * What `redact` replaces in a text and by what, in the order of the text and without overlap: for a caller that has the
 * text in pieces. Throws as `redact` does.
 */
export function redactions(
  text: string,
  claims: readonly Claim[],
  options: RedactOptions = {},
): readonly Replacement[] {
  const name = naming(text, options);
  return marked(text, claims, options).map((mark) => ({ start: mark.start, end: mark.end, placeholder: name(mark) }));
}

/**
 * Redacts a JSON text, such as the arguments of a tool call, so that it stays JSON: inside a string only what is marked is replaced, a
 * number is replaced whole by a string. A text that is not JSON is redacted as any other.
 */
export function redactJson(json: string, claims: readonly Claim[], options: RedactOptions = {}): string {
  if (!isJson(json)) return redact(json, claims, options);
  const name = naming(json, options);
  const marks = marked(json, claims, options);
  const redacted = replaced(json, inTokens(json, marks), (mark) =>
    mark.isNumber ? JSON.stringify(name(mark)) : name(mark),
  );
  return isJson(redacted) ? redacted : JSON.stringify(name({ start: 0, end: json.length, kind: "text", value: json }));
}

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly value: string;
  /** Stands outside of a string, so that its placeholder needs quotation marks. */
  readonly isNumber?: boolean;
}

/** Strings, and what stands between brackets, commas and colons without quotation marks. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"[\]{},:]+/gs;

function inTokens(json: string, marks: readonly Mark[]): Mark[] {
  const pieces: Mark[] = [];
  let left = marks;
  for (const { 0: token, index } of json.matchAll(tokens)) {
    const past = left.findIndex(({ end }) => end > index);
    if (past !== 0) left = past === -1 ? [] : left.slice(past);
    const beyond = left.findIndex(({ start }) => start >= index + token.length);
    const here = beyond === -1 ? left : left.slice(0, beyond);
    pieces.push(...here.flatMap((mark) => inToken(mark, token, index)));
    if (left.length === 0) break;
  }
  return pieces;
}

/** The part of a mark that lies in a token; never a half of an escape. */
function inToken(mark: Mark, token: string, index: number): Mark[] {
  if (!token.startsWith('"')) return [{ ...mark, start: index, end: index + token.length, isNumber: true }];
  const start = Math.max(mark.start, index + 1);
  const end = Math.min(mark.end, index + token.length - 1);
  if (end <= start) return [];
  const [from, to] = wholeEscapes(token, start - index, end - index);
  return [{ ...mark, start: index + from, end: index + to }];
}

function wholeEscapes(token: string, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  for (const { 0: escape, index } of token.matchAll(/\\(?:u[0-9a-fA-F]{4}|.)/gs)) {
    const after = index + escape.length;
    if (index < from && after > from) from = index;
    if (index < to && after > to) to = after;
  }
  return [from, to];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The violations in the order of the text, what overlaps taken together. */
function marked(text: string, claims: readonly Claim[], { field, index }: RedactOptions): Mark[] {
  const marks: Mark[] = [];
  const mine = claims.filter((claim) => isAbout(claim, field, index)).toSorted((a, b) => a.start - b.start);
  for (const claim of mine) {
    const { start, end, kind = "text", text: value } = claim;
    checkPlace(text, claim);
    const last = marks.at(-1);
    if (start >= Math.min(end, text.length)) continue;
    if (!last || start >= last.end) marks.push({ start, end: Math.min(end, text.length), kind, value });
    else if (end > last.end) marks[marks.length - 1] = { ...last, end, value: text.slice(last.start, end) };
  }
  return marks;
}

function isAbout(claim: Claim, field: Claim["field"], index: number | undefined): boolean {
  if (claim.verdict !== "violation") return false;
  if (field !== undefined && (claim.field ?? "output") !== field) return false;
  return index === undefined || claim.index === index;
}

/** A tool call's name follows its arguments in the examined text, so that a claim about it starts behind them. */
function checkPlace(text: string, { start, end, text: value }: Claim): void {
  if (text.slice(start, end) === value.slice(0, Math.max(0, text.length - start))) return;
  throw new EvaluatorUsageError(
    `A claim about the characters ${start} to ${end} is not about this text. Redact the text that was evaluated, and name its "field" when the claims are about several.`,
  );
}

function replaced<M extends Mark>(text: string, marks: readonly M[], stand: (mark: M) => string): string {
  const pieces: string[] = [];
  let kept = 0;
  for (const mark of marks) {
    if (mark.start < kept) continue;
    pieces.push(text.slice(kept, mark.start), stand(mark));
    kept = mark.end;
  }
  return [...pieces, text.slice(kept)].join("");
}

/** Numbers the values of each kind in the order in which they come, past the placeholders that are there already. */
function naming(text: string, { placeholders = new Map<string, string>() }: RedactOptions): (mark: Mark) => string {
  const highest = new Map<string, number>();
  const count = (placeholder: string) => {
    const [, kind = "", number = "0"] = /^\[([A-Z0-9_]+)_(\d{1,9})\]$/.exec(placeholder) ?? [];
    highest.set(kind, Math.max(highest.get(kind) ?? 0, Number(number)));
  };
  for (const [placeholder] of text.matchAll(/\[[A-Z0-9_]+_\d{1,9}\]/g)) count(placeholder);
  for (const placeholder of placeholders.values()) count(placeholder);
  return ({ kind, value }) => {
    const key = `${kind}\n${value}`;
    const known = placeholders.get(key);
    if (known !== undefined) return known;
    const label = kind.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
    const number = (highest.get(label) ?? 0) + 1;
    const placeholder = `[${label}_${number}]`;
    highest.set(label, number);
    placeholders.set(key, placeholder);
    return placeholder;
  };
}
