import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type Contestant, startContestants } from "./support/contestants.ts";
import { describeMachine } from "./support/machine.ts";
import { median } from "./support/measurement.ts";
import { pinTo } from "./support/start-server.ts";
import type { StreamLoad, StreamMeasurement } from "./support/stream-load.ts";

// How late tokens are when many streams of 20 tokens a second go through at once, and what that costs in memory. Load and
// upstream share one core, what stands between has another; the contestants take turns in every round.

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "500,1000" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "15" },
    out: { type: "string" },
  },
});

interface Round {
  readonly contestant: string;
  readonly streams: number;
  readonly measurement: StreamMeasurement;
  readonly mostResidentBytes: number;
}

const folder = mkdtempSync(join(tmpdir(), "proctor-bench-"));
const counts = values.streams.split(",").map(Number);
const seconds = Number(values.seconds);
const warmUpSeconds = 10;
try {
  await using stack = new AsyncDisposableStack();
  const contestants = await startContestants(folder, stack, { upstream: "paced-upstream.ts", peers: false });
  // Until all hot code is compiled.
  for (const contestant of contestants) await measure(contestant, counts[0] ?? 1, warmUpSeconds);
  const rounds: Round[] = [];
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const [streams, contestant] of pairsOf(counts, contestants)) {
      rounds.push(await measure(contestant, streams, seconds));
    }
  }
  console.log(
    `\n${tableOf(rounds)}\n\nMedians of ${values.rounds} rounds of ${seconds} s, warm; memory: the most of all rounds.`,
  );
  if (values.out) writeFileSync(values.out, `${JSON.stringify({ environment: describeMachine(), rounds }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pairsOf<A, B>(first: readonly A[], second: readonly B[]): [A, B][] {
  return first.flatMap((a) => second.map((b): [A, B] => [a, b]));
}

async function measure({ name, server, headers }: Contestant, streams: number, seconds: number): Promise<Round> {
  const load: StreamLoad = { url: server.url, headers, streams, seconds, warmUpSeconds: 5, tokens: 100 };
  const generator = fileURLToPath(new URL("support/stream-load.ts", import.meta.url));
  const [command, ...given] = [...pinTo(0), process.execPath, generator, JSON.stringify(load)];
  let mostResidentBytes = 0;
  const sampling = setInterval(() => (mostResidentBytes = Math.max(mostResidentBytes, server.residentBytes())), 500);
  const { stdout } = await promisify(execFile)(command, given);
  clearInterval(sampling);
  server.assertRunning();
  const measurement = JSON.parse(stdout) as StreamMeasurement;
  console.error(`${streams} streams, ${name}: p99 ${measurement.delayP99.toFixed(1)} ms, ${measurement.errors} errors`);
  return { contestant: name, streams, measurement, mostResidentBytes };
}

function tableOf(rounds: readonly Round[]): string {
  const lines = [["streams", "", "tokens/s", "p50 ms", "p99 ms", "added p99 ms", "RSS MB", "errors"]];
  for (const [streams, group] of Map.groupBy(rounds, (round) => round.streams)) {
    const contestants = [...Map.groupBy(group, ({ contestant }) => contestant)];
    const p99Of = (all: readonly Round[]) => median(all.map(({ measurement }) => measurement.delayP99));
    const direct = p99Of(contestants[0]?.[1] ?? []);
    for (const [name, all] of contestants) {
      lines.push([
        String(streams),
        name,
        (median(all.map(({ measurement }) => measurement.tokens)) / seconds).toFixed(0),
        median(all.map(({ measurement }) => measurement.delayP50)).toFixed(1),
        p99Of(all).toFixed(1),
        (p99Of(all) - direct).toFixed(1),
        (Math.max(...all.map(({ mostResidentBytes }) => mostResidentBytes)) / 2 ** 20).toFixed(0),
        String(all.reduce((sum, { measurement }) => sum + measurement.errors, 0)),
      ]);
    }
  }
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return lines.map((cells) => cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ")).join("\n");
}
