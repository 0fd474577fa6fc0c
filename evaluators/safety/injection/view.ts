/** A text as it reads once something has been taken out or undone, with the way back to the text it was made from. */
export interface View {
  readonly text: string;
  /** For every UTF-16 code unit of `text`, where its source begins and ends; counted in the text the view was made from. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** A passage by its offsets, `end` exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Collects a view piece by piece. */
export interface ViewBuilder {
  /** Adds what the source from `start` up to `end` reads as; nothing when it cannot be seen. */
  add(text: string, start: number, end: number): void;
  build(): View;
}

/** Starts an empty view. */
export function startView(): ViewBuilder {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  return {
    add(text, start, end) {
      parts.push(text);
      for (let unit = 0; unit < text.length; unit += 1) {
        starts.push(start);
        ends.push(end);
      }
    },
    build: () => ({ text: parts.join(""), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) }),
  };
}

/** A text as it is. */
export function plainView(text: string): View {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    starts[at] = at;
    ends[at] = at + 1;
  }
  return { text, starts, ends };
}

/** Where a passage of the view stands in the text that the view was made from; a view may run backwards. */
export function placeIn({ starts, ends }: View, { start, end }: Place): Place {
  const first = { start: starts[start] ?? 0, end: ends[start] ?? 0 };
  const last = { start: starts[end - 1] ?? 0, end: ends[end - 1] ?? 0 };
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
