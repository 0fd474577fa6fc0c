/** Deeper than any schema or conversation, and far from where recursion over it would end. */
const deepest = 500;

/**
 * What is wrong with JSON although it can be parsed, in words: an object that names a key twice (`JSON.parse` takes the last, others
 * the first, and the text goes on as it came), or more levels than anything could be meant by. Undefined when nothing is. Strings are
 * skipped, so that it takes little of a request's time.
 */
export function faultInJson(json: string): string | undefined {
  const open: Level[] = [];
  let string = "";
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const between = quote === -1 ? json.length : quote;
    for (; at < between; at += 1) {
      const fault = take(json[at], open, string);
      if (fault !== undefined) return fault;
    }
    if (quote === -1) return undefined;
    at = endOfString(json, quote);
    string = json.slice(quote, at);
  }
  return undefined;
}

/** The keys of an object so far; undefined for an array. */
type Level = Set<string> | undefined;

/** Takes a character between two strings, of which `before` is the first. */
function take(character: string | undefined, open: Level[], before: string): string | undefined {
  if (character === "}" || character === "]") open.pop();
  if (character === "{") open.push(new Set());
  if (character === "[") open.push(undefined);
  if (open.length > deepest) return `it is nested deeper than ${deepest} levels`;
  if (character !== ":" || !isRepeated(open.at(-1), before)) return undefined;
  return `an object names ${before.slice(0, 80)} twice, so that two readers may read two requests`;
}

function isRepeated(keys: Set<string> | undefined, quoted: string): boolean {
  const key = quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key)) return true;
  keys?.add(key);
  return false;
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
