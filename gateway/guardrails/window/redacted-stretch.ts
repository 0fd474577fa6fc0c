import type { Window } from "./sentence-windows.ts";

/** What is taken out of a text, and what stands there instead. UTF-16 code units, the end exclusive. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

/**
 * The marks of a passage with those of its next window, which are relative to the window's text. What has left stays as it
 * is: a mark that begins before the window is cut to what has not. Of marks that overlap, the one that begins first keeps its
 * placeholder.
 */
export function withMarks(known: readonly Mark[], window: Window, found: readonly Mark[]): readonly Mark[] {
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

/** What a stretch of a passage says with the marks of the passage: a placeholder stands where its mark begins. */
export function redactedStretch(
  { from, to, text }: { readonly from: number; readonly to: number; readonly text: string },
  marks: readonly Mark[],
): string {
  let said = "";
  let at = from;
  for (const { start, end, placeholder } of marks) {
    if (end <= from || start >= to) continue;
    said += text.slice(at - from, Math.max(at, start) - from) + (start >= from ? placeholder : "");
    at = Math.min(end, to);
  }
  return said + text.slice(at - from);
}
