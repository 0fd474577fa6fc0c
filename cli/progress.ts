import type { CommandContext } from "./context.ts";

/** How far a long command is. */
export interface ProgressState {
  readonly done: number;
  /** What judges have cost. */
  readonly usd: number;
  /** Calls to judges. */
  readonly calls: number;
}

export interface Progress {
  show(state: ProgressState): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** Between two lines of a log, and between two changes of the bar, in milliseconds. */
const lineMs = 10_000;
const barMs = 100;

/** A bar on a terminal, a line now and then anywhere else, and nothing when quiet. */
export function createProgress(
  { terminal, columns, err }: CommandContext,
  { total, quiet }: { readonly total: number | null; readonly quiet: boolean },
): Progress {
  const started = performance.now();
  let shownAt = terminal ? -Infinity : started;
  let last: ProgressState | undefined;
  const draw = (state: ProgressState): void => {
    const text = describe(state, total, performance.now() - started);
    if (terminal) terminal.write(`\r\u001b[K${withBar(text, state.done, total).slice(0, columns - 1)}`);
    else err(text);
  };
  return {
    show(state) {
      last = state;
      const now = performance.now();
      if (quiet || now - shownAt < (terminal ? barMs : lineMs)) return;
      shownAt = now;
      draw(state);
    },
    end() {
      if (quiet || !last || !terminal) return;
      draw(last);
      terminal.write("\n");
    },
  };
}

function describe({ done, usd, calls }: ProgressState, total: number | null, ms: number): string {
  const rate = ms > 0 ? (done * 1000) / ms : 0;
  const of = total === null ? "" : `/${count(total)}`;
  const left = total === null || rate === 0 || done >= total ? "" : `, ${duration((total - done) / rate)} left`;
  const cost = calls === 0 ? "" : `, ${count(calls)} judge calls, ${usd.toFixed(4)} USD`;
  return `${count(done)}${of} rows, ${count(Math.round(rate))} rows/s${left}${cost}`;
}

const barWidth = 20;

function withBar(text: string, done: number, total: number | null): string {
  if (total === null || total === 0) return text;
  const full = Math.min(barWidth, Math.floor((barWidth * done) / total));
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ${text}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
