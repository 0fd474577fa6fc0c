import { isObject } from "./json-text.ts";

/**
 * The comparison of the Berkeley Function Calling Leaderboard (the AST checker of `gorilla`), for JSON values.
 *
 * `possible` maps every argument to the values that are acceptable for it; `""` among them means that the argument may be
 * left out. An argument that is not in the map is not acceptable. An object among the acceptable values is such a map
 * itself. Lists must agree in length and order. Strings are compared by `standardised`; 5 and 5.0 are the same number.
 */
export function areAcceptable(
  given: Readonly<Record<string, unknown>>,
  possible: Readonly<Record<string, readonly unknown[]>>,
): boolean {
  const known = Object.keys(given).every((name) => Object.hasOwn(possible, name));
  return known && Object.entries(possible).every(([name, values]) => isArgumentAcceptable(given, name, values));
}

function isArgumentAcceptable(
  given: Readonly<Record<string, unknown>>,
  name: string,
  values: readonly unknown[],
): boolean {
  if (!Object.hasOwn(given, name)) return values.includes("");
  return values.some((value) => isAcceptable(given[name], value));
}

function isAcceptable(given: unknown, value: unknown): boolean {
  if (typeof given === "string") return typeof value === "string" && standardised(given) === standardised(value);
  if (Array.isArray(given)) {
    return (
      Array.isArray(value) && given.length === value.length && given.every((one, at) => isAcceptable(one, value[at]))
    );
  }
  if (isObject(given)) return isPossible(value) && areAcceptable(given, value);
  return given === value;
}

/** True for a map from names to lists of acceptable values. */
export function isPossible(value: unknown): value is Readonly<Record<string, readonly unknown[]>> {
  return isObject(value) && Object.values(value).every(Array.isArray);
}

/** Lower case, without spaces and `, . / - _ * ^`, single quotes as double ones. */
function standardised(text: string): string {
  return text
    .replaceAll(/[ ,./\-_*^]/g, "")
    .toLowerCase()
    .replaceAll("'", '"');
}
