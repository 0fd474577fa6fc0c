import type { JsonObject } from "./json.ts";

interface Member {
  readonly key: string;
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
  const present = new Set(members.map(({ key }) => key));
  let result = text;
  for (const [position, member] of [...members.entries()].reverse()) {
    if (!Object.hasOwn(changes, member.key)) continue;
    const value = changes[member.key];
    result =
      value === undefined
        ? withoutMember(result, members, position)
        : result.slice(0, member.valueStart) + JSON.stringify(value) + result.slice(member.end);
  }
  const added = Object.entries(changes).filter(([key, value]) => value !== undefined && !present.has(key));
  return added.reduce((edited, [key, value]) => withMember(edited, key, value), result);
}

function withMember(text: string, key: string, value: unknown): string {
  const close = text.lastIndexOf("}");
  const before = text.slice(0, close).trimEnd();
  const separator = before.endsWith("{") ? "" : ",";
  return `${before}${separator}${JSON.stringify(key)}:${JSON.stringify(value)}${text.slice(close)}`;
}

/** Removes a member with one of the commas beside it. Members after it have been edited already, so only its own offsets are used. */
function withoutMember(text: string, members: readonly Member[], position: number): string {
  const member = members[position];
  if (!member) return text;
  const comma = skipSpace(text, member.end);
  if (text[comma] === ",") return text.slice(0, member.start) + text.slice(skipSpace(text, comma + 1));
  const previous = members[position - 1];
  return text.slice(0, previous ? previous.end : member.start) + text.slice(member.end);
}

function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text[at] === '"') {
    const start = at;
    const keyEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(start, keyEnd)) as string, start, valueStart, end });
    const next = skipSpace(text, end);
    at = text[next] === "," ? skipSpace(text, next + 1) : next;
  }
  return members;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r") at += 1;
  return at;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
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
    const character = text[at] ?? "";
    if (character === '"') at = skipString(text, at) - 1;
    else if ("{[".includes(character)) depth += 1;
    else if ("}]".includes(character)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
