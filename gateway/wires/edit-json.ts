import { endOfString } from "../../evaluators/index.ts";
import type { JsonObject } from "./json.ts";

interface Member {
  readonly key: string;
  /** Where the white space before the key begins. */
  readonly lead: number;
  /** From the key's first quote to the end of its value. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/**
 * Sets, replaces or (with `undefined`) removes members of the top level of a JSON object and leaves every other byte as it
 * was: numbers keep their digits, unknown fields their order, strings their escapes. `text` must be valid JSON and an
 * object. Where a key stands twice every occurrence is edited, since readers take the last.
 */
export function editTopLevel(text: string, changes: JsonObject): string {
  const members = membersOf(text);
  const kept = members.filter(({ key }) => !Object.hasOwn(changes, key) || changes[key] !== undefined);
  const edited = kept.length === members.length ? withValues(text, kept, changes) : rewritten(text, kept, changes);
  const added = Object.keys(changes).filter(
    (name) => changes[name] !== undefined && !members.some(({ key }) => key === name),
  );
  return added.reduce((result, key) => withMember(result, key, changes[key]), edited);
}

/**
 * Appends to a list at the top level of a JSON object, in place of its last `replaced` elements, and leaves every other byte as it
 * was. A member that is no list, or is not there, becomes one.
 */
export function appendToList(text: string, key: string, items: readonly unknown[], replaced = 0): string {
  const lists = membersOf(text).filter((member) => member.key === key && text[member.valueStart] === "[");
  if (lists.length === 0) return editTopLevel(text, { [key]: items });
  const added = items.map((item) => JSON.stringify(item)).join(",");
  // From the last on, so that the places of the others stay.
  return lists.reduceRight((edited, { valueStart }) => {
    const ends = elementEnds(edited, valueStart);
    const open = valueStart + 1;
    const kept = ends[ends.length - 1 - replaced] ?? open;
    const separator = kept === open || added === "" ? "" : ",";
    return edited.slice(0, kept) + separator + added + edited.slice(ends.at(-1) ?? open);
  }, text);
}

/** Where each element of the list at `from` ends. */
function elementEnds(text: string, from: number): number[] {
  const ends: number[] = [];
  let start = skipSpace(text, from + 1);
  while (start < text.length && text[start] !== "]") {
    const end = skipValue(text, start);
    ends.push(end);
    start = skipSpace(text, end);
    if (text[start] === ",") start = skipSpace(text, start + 1);
  }
  return ends;
}

/** Replaces values where they stand. */
function withValues(text: string, members: readonly Member[], changes: JsonObject): string {
  let edited = "";
  let from = 0;
  for (const { key, valueStart, end } of members) {
    if (!Object.hasOwn(changes, key)) continue;
    edited += text.slice(from, valueStart) + JSON.stringify(changes[key]);
    from = end;
  }
  return edited + text.slice(from);
}

/** Leaves members out, each with the white space and the comma before it. */
function rewritten(text: string, members: readonly Member[], changes: JsonObject): string {
  const open = text.indexOf("{") + 1;
  const body = members.map(({ key, lead, start, valueStart, end }, position) => {
    const value = Object.hasOwn(changes, key) ? JSON.stringify(changes[key]) : text.slice(valueStart, end);
    return `${position === 0 ? "" : ","}${text.slice(lead, start)}${text.slice(start, valueStart)}${value}`;
  });
  return `${text.slice(0, open)}${body.join("")}${text.slice(text.lastIndexOf("}"))}`;
}

function withMember(text: string, key: string, value: unknown): string {
  const close = text.lastIndexOf("}");
  const before = text.slice(0, close).trimEnd();
  const separator = before.endsWith("{") ? "" : ",";
  return `${before}${separator}${JSON.stringify(key)}:${JSON.stringify(value)}${text.slice(close)}`;
}

function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let lead = text.indexOf("{") + 1;
  let start = skipSpace(text, lead);
  while (text[start] === '"') {
    const keyEnd = skipString(text, start);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, valueStart);
    members.push({ key: unquoted(text.slice(start, keyEnd)), lead, start, valueStart, end });
    lead = skipSpace(text, end) + 1;
    start = skipSpace(text, lead);
  }
  return members;
}

function unquoted(string: string): string {
  return string.includes("\\") ? (JSON.parse(string) as string) : string.slice(1, -1);
}

const spaceCode = 0x20;

function skipSpace(text: string, from: number): number {
  let at = from;
  // In JSON nothing else below the first printable character stands between tokens.
  while (text.charCodeAt(at) <= spaceCode) at += 1;
  return at;
}

function skipString(text: string, from: number): number {
  return endOfString(text, from) ?? text.length;
}

function skipValue(text: string, from: number): number {
  const first = text[from] ?? "";
  if (first === '"') return skipString(text, from);
  return first === "{" || first === "[" ? skipNested(text, from) : skipScalar(text, from);
}

function skipScalar(text: string, from: number): number {
  let at = from;
  while (at < text.length && !",}] \n\t\r".includes(text[at] ?? "")) at += 1;
  return at;
}

/** Valid JSON closes what it opens, so only the depth counts. */
function skipNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = skipString(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
