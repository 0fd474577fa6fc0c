import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { evaluateBatch } from "../../evaluators/batch/evaluate-batch.ts";
import type { Figure, Measure } from "./figure.ts";

/** Rows of the long run, and rows after which the heap is looked at for the first time. */
const rows = 1_000_000;
const warm = 100_000;
const lookEvery = 100_000;

/** The cheapest built-in evaluator, so that what is measured is the batch. */
const evaluators = ["equals"];

/** Rows a second of `evaluateBatch`, and whether its memory stays flat over a million rows. */
export const batch: Measure = {
  name: "batch",
  reads: [],
  async run() {
    const collect = garbageCollector();
    const heaps: number[] = [];
    let seen = 0;
    let decided = 0;
    const started = performance.now();
    let paused = 0;
    for await (const { row, decision } of evaluateBatch(evaluators, made(rows))) {
      seen += 1;
      if (row !== seen) throw new Error(`Row ${row} came where row ${seen} should.`);
      if (decision === "kept" || decision === "dropped") decided += 1;
      if (seen < warm || seen % lookEvery !== 0) continue;
      const pause = performance.now();
      collect();
      heaps.push(process.memoryUsage().heapUsed);
      paused += performance.now() - pause;
    }
    const seconds = (performance.now() - started - paused) / 1000;
    return figuresOf({ heaps, seconds, decided });
  },
};

interface Run {
  /** Bytes after a garbage collection, every 100,000 rows from the first 100,000 on. */
  readonly heaps: readonly number[];
  readonly seconds: number;
  readonly decided: number;
}

function figuresOf({ heaps, seconds, decided }: Run): readonly Figure[] {
  const about = { measure: "batch", set: "generated rows", rows };
  const [first = Number.NaN] = heaps;
  const grown = (Math.max(...heaps) - first) / 2 ** 20;
  const list = heaps.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(", ");
  return [
    {
      ...about,
      metric: "rows a second",
      value: rows / seconds,
      how: `one process, the evaluator \`equals\`, 8 rows at a time, in order; ${decided} rows decided; a single run`,
    },
    {
      ...about,
      metric: "MiB of heap more after 1,000,000 rows than after 100,000",
      value: grown,
      how: `heap in use after a full collection every 100,000 rows: ${list} MiB; a single run`,
    },
  ];
}

function* made(count: number): Generator<object> {
  for (let row = 0; row < count; row += 1) yield { id: row, output: `answer ${row % 7}`, expected_output: "answer 3" };
}

/** A full collection on demand, without a flag on the command line. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose_gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("This Node does not give its garbage collector away.");
  return () => void Reflect.apply(collect, undefined, []);
}
