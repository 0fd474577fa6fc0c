import { compilePattern } from "./linear-pattern.ts";

/** What is never reported: exact values, and patterns (RE2 syntax) that match a whole value. */
export interface AllowList {
  readonly allow: readonly string[];
  readonly allow_patterns: readonly string[];
}

/** Whether a value that was found may stand. `read` is the value as the detector read it, if that differs. */
export function isAllowed({ allow, allow_patterns }: AllowList, value: string, read = value): boolean {
  if (allow.includes(value) || allow.includes(read)) return true;
  return allow_patterns.some((pattern) => {
    const compiled = compilePattern(pattern);
    return compiled.matches(value) || (read !== value && compiled.matches(read));
  });
}
