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

/** True when an object in the JSON text names a key twice: `JSON.parse` would keep the last and hide the others. */
export function repeatsAKey(json: string): boolean {
  const open: Set<string>[] = [];
  let string: string | undefined;
  for (const { token } of tokensOf(json)) {
    if (token === "{") open.push(new Set());
    if (token === "}") open.pop();
    if (token === ":" && string !== undefined && isRepeated(open.at(-1), string)) return true;
    string = token.startsWith('"') ? token : undefined;
  }
  return false;
}

function isRepeated(keys: Set<string> | undefined, quoted: string): boolean {
  const key = JSON.parse(quoted) as string;
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

function endOfString(text: string, start: number): number | undefined {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text[index];
    if (character === "\\") index += 1;
    else if (character === '"') return index + 1;
  }
  return undefined;
}
