/** A stretch of a text, in UTF-16 code units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where a value stands in a JSON text; a member of an object stands from its key on. */
export interface ValuePlace extends Place {
  readonly keyStart: number;
}

/**
 * Where the value at `path` (keys and indices, from the outside in) stands in a text that is JSON; undefined when there is
 * no such value. Linear in the length of the text for each step of the path.
 */
export function placeOf(json: string, path: readonly string[]): ValuePlace | undefined {
  let start = afterSpace(json, 0);
  let keyStart = start;
  for (const step of path) {
    const found = childAt(json, start, step);
    if (!found) return undefined;
    ({ start, keyStart } = found);
  }
  return { keyStart, start, end: endOfValue(json, start) };
}

interface Child {
  readonly start: number;
  readonly keyStart: number;
}

function childAt(json: string, start: number, step: string): Child | undefined {
  const children = json[start] === "{" ? membersOf(json, start) : elementsOf(json, start);
  for (const { name, ...child } of children) if (name === step) return child;
  return undefined;
}

type NamedChild = Child & { readonly name: string };

function* membersOf(json: string, start: number): Generator<NamedChild> {
  let at = afterSpace(json, start + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const value = afterSpace(json, afterSpace(json, keyEnd) + 1);
    yield { name: String(JSON.parse(json.slice(at, keyEnd))), keyStart: at, start: value };
    at = afterComma(json, value);
  }
}

function* elementsOf(json: string, start: number): Generator<NamedChild> {
  if (json[start] !== "[") return;
  let at = afterSpace(json, start + 1);
  for (let index = 0; at < json.length && json[at] !== "]"; index += 1) {
    yield { name: String(index), keyStart: at, start: at };
    at = afterComma(json, at);
  }
}

/** Where the next member or element begins, or where the object or list ends. */
function afterComma(json: string, value: number): number {
  const at = afterSpace(json, endOfValue(json, value));
  return json[at] === "," ? afterSpace(json, at + 1) : at;
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (character === '"') at = endOfString(json, at) - 1;
    else if ("[{".includes(character)) depth += 1;
    else if ("]}".includes(character)) depth -= 1;
    else if (!"-+.".includes(character) && !/[\w]/.test(character)) continue;
    else if (depth === 0) return endOfLiteral(json, at);
    if (depth === 0) return at + 1;
  }
  return json.length;
}

function endOfLiteral(json: string, start: number): number {
  let at = start;
  while (at < json.length && /[\w+.-]/.test(json.charAt(at))) at += 1;
  return at;
}

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === "\\") at += 1;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

function afterSpace(json: string, start: number): number {
  let at = start;
  while (at < json.length && " \t\n\r".includes(json.charAt(at))) at += 1;
  return at;
}
