import type { Replacement } from "../../../evaluators/index.ts";
import type { Window } from "./sentence-windows.ts";

/**
 * The marks of a passage with those of its next window, which are relative to the window's text. What has left stays as it
 * is: a mark that begins before the window is cut to what has not. Of marks that overlap, the one that begins first keeps its
 * placeholder.
 */
export function withMarks(
  known: readonly Replacement[],
  window: Window,
  found: readonly Replacement[],
): readonly Replacement[] {
  const marks = [...known];
  for (const { start, end, placeholder } of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = marks.at(-1)?.end ?? 0;
    const wished = window.from + start;
    const from = Math.max(wished, window.start, before);
    const to = Math.min(window.from + end, window.end);
    if (to <= from) continue;
    const goesOn = wished < before && from === before;
    marks.push({ start: from, end: to, placeholder: goesOn ? "" : placeholder });
  }
  return marks;
}
