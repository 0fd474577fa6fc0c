import { tokensOf } from "./json-shape.ts";

/** Where a text value stands in JSON text: code units between its quotation marks. */
export interface ValuePlace {
  readonly start: number;
  readonly end: number;
}

/** Places of all text values in a JSON text by the keys on the way to them, joined with "/". Lists are not looked into. */
export function placesOfValues(json: string): ReadonlyMap<string, ValuePlace> {
  const places = new Map<string, ValuePlace>();
  const keys: string[] = [];
  let string: { readonly quoted: string; readonly end: number } | undefined;
  let depth = 0;
  for (const { token, end } of tokensOf(json)) {
    if (token.startsWith('"')) {
      string = { quoted: token, end };
      continue;
    }
    if (token === "{") depth += 1;
    if (token === ":" && string) keys[depth - 1] = keyOf(string.quoted);
    else if (string) {
      const path = keys.slice(0, depth).join("/");
      places.set(path, { start: string.end - string.quoted.length + 1, end: string.end - 1 });
    }
    if (token === "}") depth -= 1;
    string = undefined;
  }
  return places;
}

function keyOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
