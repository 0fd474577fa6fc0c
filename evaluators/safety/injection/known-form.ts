import type { Anchors } from "./anchors.ts";

/** A way to make a model leave its instructions. */
export interface KnownForm {
  /** Matches in texts in lower case, unless it ignores case. */
  readonly pattern: RegExp;
  /** Words without which it cannot match; looked for first, because most texts have none of them. */
  readonly needs: Anchors;
}

/** A form whose spaces match any white space, and whose `space?` none of it as well. For texts in lower case: ignoring case, and Unicode where it is not needed, costs more than all the rest. */
export function form(needs: Anchors, source: string): KnownForm {
  const spaced = source.replaceAll(" ?", "[\\s,]{0,4}").replaceAll(" ", "[\\s,]{1,4}");
  return { needs, pattern: new RegExp(spaced, source.includes("\\p{") ? "gu" : "g") };
}
