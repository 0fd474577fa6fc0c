/**
 * True when the text is one `{…}` from its first to its last character. Brackets are counted outside of double-quoted
 * strings, so an object that was cut off, a second object and prose around it are all seen, whatever repair would make of them.
 */
export function isOneWholeObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  let depth = 0;
  for (const { token, end } of tokensOf(text)) {
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth === 0) return end === text.length;
  }
  return false;
}

/** What is wrong with a JSON text although it can be parsed: a key (with its quotes) that an object names twice, or its depth. */
export type JsonFault = { readonly repeated: string } | { readonly deeperThan: number };

/**
 * The first fault of a JSON text: an object names a key twice, where `JSON.parse` takes the last and others the first, or there are
 * more levels than `deepest`. Every request, reply and event goes through here, so strings are skipped, not walked.
 */
export function jsonFault(json: string, deepest = Number.POSITIVE_INFINITY): JsonFault | undefined {
  /** The keys of every object so far; undefined for an array. */
  const open: (Keys | undefined)[] = [];
  let stringStart = 0;
  let stringEnd = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quoteCode) {
      stringStart = at;
      stringEnd = endOfString(json, at) ?? json.length;
      at = stringEnd - 1;
    } else if (code === colonCode) {
      const key = json.slice(stringStart, stringEnd);
      if (isRepeated(open.at(-1), key)) return { repeated: key };
    } else if (code >= leastBracketCode) {
      level(open, code);
      if (open.length > deepest) return { deeperThan: deepest };
    }
  }
  return undefined;
}

const backslashCode = 0x5c;
const quoteCode = 0x22;
const colonCode = 0x3a;
/** All four brackets are from here on, and white space, digits and signs are below. */
const leastBracketCode = 0x5b;

function level(open: (Keys | undefined)[], code: number): void {
  if (code === 0x7b) open.push({ few: [], many: undefined });
  else if (code === 0x5b) open.push(undefined);
  else if (code === 0x7d || code === 0x5d) open.pop();
}

/** True when an object in the JSON text names a key twice: `JSON.parse` would keep the last and hide the others. */
export function repeatsAKey(json: string): boolean {
  return jsonFault(json) !== undefined;
}

/** The keys of an object so far. A few are compared one by one, which costs less than a set. */
interface Keys {
  readonly few: string[];
  many: Set<string> | undefined;
}

const mostCompared = 16;

function isRepeated(keys: Keys | undefined, quoted: string): boolean {
  if (!keys) return false;
  const key = quoted.includes("\\") ? JSON.stringify(JSON.parse(quoted)) : quoted;
  if (keys.many ? keys.many.has(key) : keys.few.includes(key)) return true;
  if (keys.many) keys.many.add(key);
  else if (keys.few.push(key) > mostCompared) keys.many = new Set(keys.few);
  return false;
}

/** A double-quoted string, a bracket, a colon or a comma, and the place behind it. */
export interface Token {
  readonly token: string;
  readonly end: number;
}

/** Strings, brackets, colons and commas of a JSON text, in one pass; ends at a string that does not. */
export function* tokensOf(text: string): Generator<Token> {
  let index = 0;
  while (index < text.length) {
    const character = text.charAt(index);
    const end = character === '"' ? endOfString(text, index) : index + 1;
    if (end === undefined) return;
    if ('"{}[]:,'.includes(character)) yield { token: text.slice(index, end), end };
    index = end;
  }
}

/** The place behind the string that begins at `start`; undefined when it does not end. */
export function endOfString(text: string, start: number): number | undefined {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === backslashCode) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
}
