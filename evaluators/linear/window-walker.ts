import { blockEnd } from "./blocks.ts";

/** A finding in a window, with offsets in the window's text. */
export interface WindowFinding {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Two neighbouring blocks of a text, so that what stands across their border is seen whole. */
export interface Window {
  readonly text: string;
  /** Where the first block ends; what begins after it belongs to the next window. The text's length in the last window. */
  readonly border: number;
  /** True of a last block that the window before it has shown whole. */
  readonly seenBefore: boolean;
}

/** What a window holds: a score, 1 being harmless, and findings in order, none of them overlapping another. */
export interface WindowReport {
  readonly score: number;
  readonly findings: readonly WindowFinding[];
  /** False when there was nothing to judge in it; by default true of all but white space. */
  readonly seen?: boolean;
}

/** What a text holds. */
export interface TextReport extends WindowReport {
  /** False when there was nothing to judge: white space, characters that are drawn as nothing, or what the caller cannot read. */
  readonly seen: boolean;
}

/** A text in a form that may leave characters out, with the source of every code unit. */
export interface MappedText {
  readonly text: string;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** Walks over a text that arrives in pieces. Offsets that it reports are in the text as it was given. */
export interface WindowWalker {
  push(text: string): { readonly settled: number; readonly findings: readonly WindowFinding[] };
  end(): TextReport;
}

/** How the characters of a text are read one by one, and what is done with a window. */
export interface WindowWork {
  readonly map: (text: string) => MappedText;
  readonly examine: (window: Window) => WindowReport;
}

/** Where a window's first block ends and where the window does; `isLast` when the text ends with the first block. */
interface Place {
  readonly border: number;
  readonly end: number;
  readonly isLast: boolean;
}

/** The text that is not yet examined for good, and what is known of the rest. */
interface Walk {
  text: string;
  starts: ArrayLike<number>;
  ends: ArrayLike<number>;
  /** Where the current block starts in `text`, and where it ends once that is known. */
  from: number;
  border: number | undefined;
  /** The first half of a character of which the second has not come. */
  half: string;
  given: number;
  settled: number;
  windows: number;
  score: number;
  seen: boolean;
  readonly findings: WindowFinding[];
  /** What was found in windows of these texts: whoever repeats himself is read once. */
  readonly known: Map<string, WindowReport>;
}

/** How many windows are remembered. */
const mostKnown = 256;
/** What is done with is dropped when there is so much of it and it is most of what is kept, so that each character is moved a few times at most. */
const slack = 1 << 16;

/**
 * Examines a text window by window as it arrives; however it is cut, the windows and so the findings are the same. `map` must
 * treat every character by itself; a window that
 * equals an earlier one may be given the report on that. The text's score is that of its worst window.
 */
export function walkWindows(map: WindowWork["map"], examine: WindowWork["examine"]): WindowWalker {
  const work = { map, examine };
  const walk: Walk = {
    text: "",
    starts: [],
    ends: [],
    from: 0,
    border: undefined,
    half: "",
    given: 0,
    settled: 0,
    windows: 0,
    score: 1,
    seen: false,
    findings: [],
    known: new Map(),
  };
  return {
    push(text) {
      const joined = walk.half + text;
      walk.half = /[\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : "";
      take(walk, work, walk.half === "" ? joined : joined.slice(0, -1));
      const known = walk.findings.length;
      advance(walk, work, false);
      return { settled: walk.settled, findings: walk.findings.slice(known) };
    },
    end() {
      take(walk, work, walk.half);
      walk.half = "";
      advance(walk, work, true);
      return { score: walk.score, findings: walk.findings, seen: walk.seen };
    },
  };
}

function take(walk: Walk, { map }: WindowWork, text: string): void {
  const mapped = map(text);
  walk.text += mapped.text;
  walk.starts = joined(walk.starts, mapped.starts, walk.given);
  walk.ends = joined(walk.ends, mapped.ends, walk.given);
  walk.given += text.length;
}

/** Places with those of the next piece, which begins at `given`; those of a text that comes whole are taken as they are. */
function joined(places: ArrayLike<number>, next: ArrayLike<number>, given: number): ArrayLike<number> {
  if (next.length === 0) return places;
  if (given === 0) return isList(next) ? [...next] : next;
  const all = isList(places) ? places : Array.from(places);
  for (let at = 0; at < next.length; at += 1) all.push(given + (next[at] ?? 0));
  return all;
}

function isList(places: ArrayLike<number>): places is number[] {
  return Array.isArray(places);
}

/** Examines every window whose two blocks are known. */
function advance(walk: Walk, work: WindowWork, complete: boolean): void {
  for (;;) {
    walk.border ??= blockEnd(walk.text, walk.from, complete);
    const { border } = walk;
    if (border === undefined || border === walk.from) return;
    const isLast = complete && border === walk.text.length;
    const end = isLast ? border : blockEnd(walk.text, border, complete);
    if (end === undefined) return;
    examineWindow(walk, work, { border, end, isLast });
    walk.from = border;
    walk.border = isLast ? undefined : end;
    dropSettled(walk);
  }
}

function examineWindow(walk: Walk, work: WindowWork, { border, end, isLast }: Place): void {
  const { from, starts, ends } = walk;
  const text = walk.text.slice(from, end);
  const {
    score,
    findings,
    seen = text.trim() !== "",
  } = reportOn(walk, work, {
    text,
    border: border - from,
    seenBefore: isLast && walk.windows > 0,
  });
  walk.windows += 1;
  walk.score = Math.min(walk.score, score);
  walk.seen ||= seen;
  walk.settled = ends[border - 1] ?? walk.settled;
  for (const finding of findings) {
    const start = starts[from + finding.start] ?? 0;
    if (start < (walk.findings.at(-1)?.end ?? 0)) continue;
    walk.findings.push({ kind: finding.kind, start, end: ends[from + finding.end - 1] ?? 0 });
  }
}

function reportOn({ known }: Walk, { examine }: WindowWork, window: Window): WindowReport {
  if (window.seenBefore) return examine(window);
  const key = `${window.border} ${window.text}`;
  const before = known.get(key);
  if (before) return before;
  if (known.size >= mostKnown) known.clear();
  const report = examine(window);
  known.set(key, report);
  return report;
}

function dropSettled(walk: Walk): void {
  const { from } = walk;
  if (from < slack || from * 2 < walk.text.length) return;
  walk.text = walk.text.slice(from);
  walk.starts = Array.from(walk.starts).slice(from);
  walk.ends = Array.from(walk.ends).slice(from);
  walk.border = walk.border === undefined ? undefined : walk.border - from;
  walk.from = 0;
}
