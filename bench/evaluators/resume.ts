import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Figure, Measure } from "./figure.ts";

const rows = 100_000;
/** Every so many rows hold an e-mail address, so that what is dropped is known beforehand. */
const badEvery = 7;

/** `proctor evaluate` over 100,000 rows in a process of its own, killed half-way with SIGKILL and started again. */
export const resume: Measure = {
  name: "resume",
  reads: [],
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "proctor-resume-"));
    try {
      await writeRows(join(folder, "rows.jsonl"));
      const whole = await timed(() => ended(start(folder, "whole.jsonl")));
      const size = statSync(join(folder, "whole.jsonl")).size;
      const killed = start(folder, "scored.jsonl");
      const end = ended(killed);
      await untilLarger(join(folder, "scored.jsonl"), size / 2);
      killed.kill("SIGKILL");
      await end;
      const before = await inspect(join(folder, "scored.jsonl"));
      const rest = await timed(() => ended(start(folder, "scored.jsonl")));
      const after = await inspect(join(folder, "scored.jsonl"));
      return figuresOf({ before, after, wholeSeconds: whole, restSeconds: rest });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What a result file holds. */
interface Inspected {
  readonly lines: number;
  readonly distinct: number;
  /** Lines whose row is not the one with its number, or whose decision is not the known one. */
  readonly wrong: number;
}

interface Run {
  readonly before: Inspected;
  readonly after: Inspected;
  readonly wholeSeconds: number;
  readonly restSeconds: number;
}

function figuresOf({ before, after, wholeSeconds, restSeconds }: Run): readonly Figure[] {
  const about = { measure: "resume", set: "generated rows", rows };
  const how = `proctor evaluate --evaluators pii, killed with SIGKILL after ${before.lines} finished rows, the same command again`;
  return [
    { ...about, metric: "rows lost", value: rows - after.distinct, floor: 0, lowerIsBetter: true, how },
    { ...about, metric: "rows doubled", value: after.lines - after.distinct, floor: 0, lowerIsBetter: true, how },
    {
      ...about,
      metric: "rows with another row's number or a wrong decision",
      value: after.wrong,
      floor: 0,
      lowerIsBetter: true,
      how,
    },
    {
      ...about,
      metric: "rows a second, file to file",
      value: rows / wholeSeconds,
      how: `a whole run in a process of its own took ${wholeSeconds.toFixed(1)} s, the rest after the kill ${restSeconds.toFixed(1)} s; a single run`,
    },
  ];
}

async function writeRows(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (let row = 1; row <= rows; row += 1) {
    const output = row % badEvery === 0 ? `Write to person${row}@example.com.` : `Parcel ${row} is on its way.`;
    if (!file.write(`${JSON.stringify({ id: `row-${row}`, output })}\n`)) {
      await new Promise((drained) => file.once("drain", drained));
    }
  }
  await new Promise<void>((done) => file.end(done));
}

const command = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));

function start(folder: string, out: string): ChildProcess {
  const argv = ["evaluate", "rows.jsonl", "--evaluators", "pii", "--out", out, "--quiet"];
  return spawn(process.execPath, [command, ...argv], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done, reject) => {
    child.once("error", reject);
    child.once("close", () => done());
  });
}

async function untilLarger(path: string, bytes: number): Promise<void> {
  while (!existsSync(path) || statSync(path).size < bytes) await sleep(5);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function inspect(path: string): Promise<Inspected> {
  const seen = new Set<number>();
  let [lines, wrong] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const parsed = parse(line);
    if (parsed?.row === undefined) continue;
    lines += 1;
    seen.add(parsed.row);
    const expected = parsed.row % badEvery === 0 ? "dropped" : "kept";
    if (parsed.decision !== expected || parsed.source?.id !== `row-${parsed.row}`) wrong += 1;
  }
  return { lines, distinct: seen.size, wrong };
}

interface Line {
  readonly row?: number;
  readonly decision?: string;
  readonly source?: { readonly id?: string };
}

/** A line that was cut off by the kill is none. */
function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
