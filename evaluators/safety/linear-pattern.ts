import { LRUCache } from "lru-cache";
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { z } from "zod";

/** A stretch of a text, in UTF-16 code units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A pattern of the user's that is matched in time linear in the text, whatever the pattern. */
export interface LinearPattern {
  /** Whether it matches the whole text. */
  matches(text: string): boolean;
  /** Where it matches; empty matches are left out. */
  find(text: string): readonly Stretch[];
}

const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Compiles a pattern in RE2 syntax with any of the flags `i`, `m` and `s`. Throws a `SyntaxError` that says what is wrong. */
export function compilePattern(source: string, flags = ""): LinearPattern {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const pattern = toLinearPattern(source, flags);
  compiled.set(key, pattern);
  return pattern;
}

const compiled = new LRUCache<string, LinearPattern>({ max: 500 });

function toLinearPattern(source: string, flags: string): LinearPattern {
  const expression = compile(source, flags);
  return {
    matches: (text) => expression.matches(text),
    find(text) {
      const matcher = expression.matcher(text);
      const found: Stretch[] = [];
      while (matcher.find())
        if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end() });
      return found;
    },
  };
}

function compile(source: string, flags: string): RE2JS {
  try {
    return RE2JS.compile(
      source,
      [...flags].reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0),
    );
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new SyntaxError(
      `The pattern ${JSON.stringify(source)} cannot be used: ${error.message}. Patterns are RE2 syntax, which has no look-around and no back-references.`,
      { cause: error },
    );
  }
}

/** A pattern in RE2 syntax, refused at start-up when it cannot be compiled. */
export const patternSource = z
  .string()
  .min(1)
  .superRefine((source, context) => {
    const problem = problemWith(source);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

function problemWith(source: string): string | null {
  try {
    compilePattern(source);
    return null;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}
