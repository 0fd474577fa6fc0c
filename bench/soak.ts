import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startContestants } from "./support/contestants.ts";
import { describeMachine } from "./support/machine.ts";
import { slopeOf } from "./support/slope.ts";

// Whether the gateway's memory grows under streams, clients that leave and vendors that break: resident memory is sampled
// every few seconds and a line is laid through the samples. Run with --minutes 30 for a figure; shorter to try it.

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    streams: { type: "string", default: "100" },
    out: { type: "string" },
  },
});

/** What share of exchanges ends how. */
const endings = [
  { name: "whole", until: 0.6, seed: 0, leaves: false },
  { name: "left by the client", until: 0.8, seed: 0, leaves: true },
  { name: "broken off by the vendor", until: 0.95, seed: 1, leaves: false },
  { name: "refused by the vendor", until: 1, seed: 2, leaves: false },
] as const;

const folder = mkdtempSync(join(tmpdir(), "proctor-soak-"));
const counts = new Map<string, number>();
const agent = new Agent({ keepAlive: true });
const totalMs = Number(values.minutes) * 60_000;
const warmUpMs = Math.min(180_000, totalMs / 4);
try {
  await using stack = new AsyncDisposableStack();
  const contestants = await startContestants(folder, stack, { upstream: "paced-upstream.ts", peers: false });
  const gateway = contestants.find(({ name }) => name === "proctor, span store")?.server;
  if (!gateway) throw new Error("The gateway is not among the contestants.");
  const over = new AbortController();
  const streams = Array.from({ length: Number(values.streams) }, () => keepAsking(gateway.url, over.signal));
  const samples: { readonly minutes: number; readonly megabytes: number }[] = [];
  const started = performance.now();
  await sleep(warmUpMs);
  while (performance.now() - started < totalMs) {
    samples.push({ minutes: (performance.now() - started) / 60_000, megabytes: gateway.residentBytes() / 2 ** 20 });
    gateway.assertRunning();
    await sleep(Math.min(5000, totalMs / 40));
  }
  over.abort();
  await Promise.all(streams);
  report(samples);
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function keepAsking(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const chance = Math.random();
    const ending = endings.find(({ until }) => chance < until) ?? endings[0];
    await exchange(url, ending, signal);
    counts.set(ending.name, (counts.get(ending.name) ?? 0) + 1);
  }
}

function exchange(url: string, { seed, leaves }: (typeof endings)[number], signal: AbortSignal): Promise<void> {
  const messages = [{ role: "user", content: "Where is the parcel that I ordered on Monday? ".repeat(40) }];
  const body = JSON.stringify({ model: "student", stream: true, max_tokens: 40, seed, messages });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((done) => {
    const outgoing = request(`${url}/v1/chat/completions`, { agent, method: "POST", headers, signal }, (reply) => {
      reply.resume();
      reply.on("error", () => {});
      reply.on("close", done);
      if (leaves) setTimeout(() => outgoing.destroy(), Math.random() * 1500);
    });
    outgoing.on("error", () => done());
    outgoing.end(body);
  });
}

function report(samples: readonly { readonly minutes: number; readonly megabytes: number }[]): void {
  const { slope, standardError } = slopeOf(samples.map(({ minutes, megabytes }) => [minutes, megabytes]));
  const first = samples.at(0)?.megabytes ?? Number.NaN;
  const most = Math.max(...samples.map(({ megabytes }) => megabytes));
  const exchanges = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  console.log(`exchanges: ${exchanges}`);
  console.log(`RSS: ${first.toFixed(0)} MB after ${(warmUpMs / 60_000).toFixed(1)} min, at most ${most.toFixed(0)} MB`);
  console.log(`slope: ${(60 * slope).toFixed(1)} MB an hour, standard error ${(60 * standardError).toFixed(1)}`);
  if (values.out)
    writeFileSync(
      values.out,
      `${JSON.stringify({ environment: describeMachine(), samples, slope, standardError }, null, 2)}\n`,
    );
}
