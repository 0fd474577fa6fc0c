import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { fetch } from "undici";
import { type Contestant, missingPeers, startContestants } from "./support/contestants.ts";
import { describeMachine } from "./support/machine.ts";
import type { Load, Measurement } from "./support/measurement.ts";
import { pinTo } from "./support/start-server.ts";
import { resultsOf, type Round, tableOf } from "./support/table.ts";
import { hasWrk, loadWithWrk } from "./support/wrk.ts";

// What Proctor costs: requests per second and latency, against the upstream itself and the least possible proxy. Load and
// upstream share one core, what stands between has another; the contestants take turns in every round.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "5" },
    /** For each contestant and scenario before the first round: it takes about half a minute until all hot code is compiled. */
    "warm-up": { type: "string", default: "30" },
    /** Only scenarios whose names begin so. */
    only: { type: "string", default: "" },
    out: { type: "string" },
  },
});

const allScenarios = [
  { name: "whole replies, 16 connections", stream: false, connections: 16 },
  { name: "streams of 20 tokens, 16 connections", stream: true, connections: 16 },
  { name: "whole replies, 1 connection (latency)", stream: false, connections: 1 },
  { name: "streams of 20 tokens, 1 connection (latency)", stream: true, connections: 1 },
] as const;

const scenarios = allScenarios.filter(({ name }) => name.startsWith(values.only));

/** Before each measurement: what stood idle while the others took their turns begins at half its speed. */
const settleSeconds = 4;

const folder = mkdtempSync(join(tmpdir(), "proctor-bench-"));
const environment = describeMachine();
const usesWrk = hasWrk();
try {
  await using stack = new AsyncDisposableStack();
  const contestants = await startContestants(folder, stack);
  const missing = missingPeers();
  if (missing.length > 0) console.error(`Without ${missing.join(", ")}: see bench/peers/README.md.`);
  for (const contestant of contestants) await checkAnswers(contestant);
  for (const contestant of contestants) await warmUp(contestant, positive("warm-up"));
  const rounds = await measure(contestants, positive("rounds"), positive("seconds"));
  const results = resultsOf(rounds);
  console.log(
    `\n${tableOf(results)}\n\nMedians of ${values.rounds} rounds of ${values.seconds} s, warm; "added" is to the upstream, direct.`,
  );
  if (values.out) writeFileSync(values.out, `${JSON.stringify({ environment, results, rounds }, null, 2)}\n`);
  if (results.some(({ errors }) => errors > 0)) {
    console.error("Some requests failed, so these figures measure something else.");
    process.exitCode = 3;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function warmUp({ name, server, headers }: Contestant, seconds: number): Promise<void> {
  for (const { stream, connections } of scenarios.filter((scenario) => scenario.connections > 1)) {
    await generate({ ...requestTo(server.url, stream), headers, stream, connections, seconds, warmUpSeconds: 0 });
  }
  console.error(`${name} is warm.`);
}

async function measure(contestants: readonly Contestant[], count: number, seconds: number): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let round = 1; round <= count; round += 1) {
    for (const { name: scenario, stream, connections } of scenarios) {
      for (const { name: contestant, server, headers } of contestants) {
        const load = {
          ...requestTo(server.url, stream),
          headers,
          stream,
          connections,
          seconds,
          warmUpSeconds: settleSeconds,
        };
        const measurement = await generate(load);
        server.assertRunning();
        rounds.push({ round, scenario, contestant, measurement });
        console.error(`${round}/${count} ${scenario}: ${contestant} ${measurement.requestsPerSecond.toFixed(0)} req/s`);
      }
    }
  }
  return rounds;
}

/** `wrk` where it is installed; it cannot tell when a stream's first token came, so streams are for our own. */
async function generate(load: Load): Promise<Measurement> {
  if (usesWrk && !load.stream) return loadWithWrk(load, folder, pinTo(0));
  const generator = fileURLToPath(new URL("support/load.ts", import.meta.url));
  const [command, ...given] = [...pinTo(0), process.execPath, generator, JSON.stringify(load)];
  return JSON.parse((await promisify(execFile)(command, given)).stdout) as Measurement;
}

function requestTo(url: string, stream: boolean): { url: string; body: string } {
  const messages = [
    { role: "system", content: "You answer questions about orders." },
    { role: "user", content: "Where is the parcel that I ordered on Monday? ".repeat(10) },
  ];
  return { url: `${url}/v1/chat/completions`, body: JSON.stringify({ model: "student", stream, messages }) };
}

/** A fast server that answers something else would win, so the text is compared before anything is measured. */
async function checkAnswers({ name, server, headers }: Contestant): Promise<void> {
  for (const stream of [false, true]) {
    const { url, body } = requestTo(server.url, stream);
    const headersOfRequest = { "content-type": "application/json", ...headers };
    const reply = await fetch(url, { method: "POST", headers: headersOfRequest, body }).catch((cause: unknown) => {
      server.assertRunning();
      throw new Error(`${name} does not answer.`, { cause });
    });
    const text = await reply.text();
    const counted = text.match(/Token number \d+/g)?.length;
    if (reply.status === 200 && counted === 20 && (!stream || text.trimEnd().endsWith("[DONE]"))) continue;
    throw new Error(`${name} does not pass the reply on: status ${reply.status}, ${text.slice(0, 300)}`);
  }
}

function positive(name: "rounds" | "seconds" | "warm-up"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${values[name]}: give a whole number above 0.`);
}
