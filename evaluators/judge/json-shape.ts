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
  const open: (Set<string> | undefined)[] = [];
  let string = "";
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const between = quote === -1 ? json.length : quote;
    for (; at < between; at += 1) {
      const character = json[at];
      if (character === ":" && isRepeated(open.at(-1), string)) return { repeated: string };
      level(open, character);
      if (open.length > deepest) return { deeperThan: deepest };
    }
    if (quote === -1) return undefined;
    at = endOfString(json, quote) ?? json.length;
    string = json.slice(quote, at);
  }
  return undefined;
}

function level(open: (Set<string> | undefined)[], character: string | undefined): void {
  if (character === "{") open.push(new Set());
  else if (character === "[") open.push(undefined);
  else if (character === "}" || character === "]") open.pop();
}

/** True when an object in the JSON text names a key twice: `JSON.parse` would keep the last and hide the others. */
export function repeatsAKey(json: string): boolean {
  return jsonFault(json) !== undefined;
}

function isRepeated(keys: Set<string> | undefined, quoted: string): boolean {
  const key = quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key)) return true;
  keys?.add(key);
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
    while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
}
