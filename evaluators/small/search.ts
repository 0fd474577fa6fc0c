/** One place where a value stands in a text, in UTF-16 code units of the whole text. */
export interface Occurrence {
  /** Index of the value. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Looks for values in a text that arrives in pieces; finds the same however it was cut. */
export interface Search {
  /** The occurrences that are complete with this piece and were not before, in the order of their ends. */
  push(piece: string): readonly Occurrence[];
  /** So many code units can take part in no occurrence that is still to come. */
  settled(): number;
}

/** Occurrences of one value do not overlap and are taken from the left. Values are not empty. */
export function createSearch(values: readonly string[], ignoreCase: boolean): Search {
  const fold = ignoreCase ? folded : (text: string) => text;
  const wanted = values.map(fold);
  const longest = Math.max(...wanted.map((value) => value.length));
  const next = wanted.map(() => 0);
  let dropped = 0;
  let kept = "";
  let length = 0;

  function find(index: number, value: string, searched: string): Occurrence[] {
    const found: Occurrence[] = [];
    let from = Math.max(0, (next[index] ?? 0) - dropped);
    for (let at = searched.indexOf(value, from); at >= 0; at = searched.indexOf(value, from)) {
      from = at + value.length;
      found.push({ value: index, start: dropped + at, end: dropped + from, text: kept.slice(at, from) });
    }
    next[index] = dropped + from;
    return found;
  }

  return {
    push(piece) {
      kept += piece;
      length += piece.length;
      const searched = fold(kept);
      const found = wanted.flatMap((value, index) => find(index, value, searched));
      const keep = Math.min(kept.length, longest - 1);
      dropped += kept.length - keep;
      kept = kept.slice(kept.length - keep);
      return found.toSorted((a, b) => a.end - b.end || a.start - b.start);
    },
    settled: () => Math.max(0, length - longest + 1),
  };
}

/**
 * Without the difference between capitals and small letters, code unit by code unit, so that every offset stays: letters
 * whose other form has another length (ß) or is written with two code units keep their case.
 */
function folded(text: string): string {
  return text.replaceAll(/[A-Z\u0080-\uffff]/g, (unit) => inOneUnit(inOneUnit(unit, "toUpperCase"), "toLowerCase"));
}

function inOneUnit(unit: string, change: "toUpperCase" | "toLowerCase"): string {
  const changed = unit[change]();
  return changed.length === 1 ? changed : unit;
}
