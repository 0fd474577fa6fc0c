import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { type Asking, requestAbout } from "./case-request.ts";
import { percentile } from "./measurement.ts";

// A closed loop of requests of which hardly two are alike: every connection asks about the next case as soon as its answer has
// ended. A process of its own. Takes a load as JSON, prints a measurement as JSON.

/** One load on one server. */
export interface CaseLoad extends Asking {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Between the starts of two connections: streams that begin together end together, and wait for each other. */
  readonly staggerMs: number;
  /** After every answer, before the next request. */
  readonly pauseMs: number;
  readonly seconds: number;
  /** Load before the measurement, not counted. */
  readonly warmUpSeconds: number;
  readonly firstCase: number;
  /** After so many cases the first comes again. */
  readonly cases: number;
  /** Evaluators that must have passed the answer, or it counts as an error. */
  readonly passedBy: readonly string[];
}

/** What came of a load. Times are milliseconds. */
export interface CaseMeasurement {
  readonly requests: number;
  /** Exchanges in all, those of the warm-up included. */
  readonly asked: number;
  /** Answers that were not 200, not whole or not examined, and requests that broke. */
  readonly errors: number;
  readonly firstError: string | null;
  readonly requestsPerSecond: number;
  /** Whole replies: from the request to the end of the answer. Streams: from the upstream's last frame to the client's end. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** From the request to the end of the answer. */
  readonly totalP50: number;
  readonly totalP99: number;
}

interface Exchange {
  readonly fault: string | undefined;
  readonly total: number;
  readonly sinceUpstream: number;
}

/** Behind the last frame comes a comment with what the evaluators said. */
const longestEnd = 8192;

const load = JSON.parse(process.argv[2] ?? "{}") as CaseLoad;
const origin = new URL(load.url).origin;
const bodies = Array.from({ length: load.cases }, (_, index) => requestAbout(load.firstCase + index, load));
let next = 0;
await run(load.warmUpSeconds);
const warmedUp = next;
const started = performance.now();
const exchanges = await run(load.seconds);
console.log(JSON.stringify(measurementOf(exchanges, (performance.now() - started) / 1000)));

async function run(seconds: number): Promise<readonly Exchange[]> {
  const end = performance.now() + seconds * 1000;
  const all: Exchange[] = [];
  const connections = Array.from({ length: load.connections }, async (_, index) => {
    await sleep(index * load.staggerMs);
    const client = new Client(origin, { pipelining: 1 });
    while (performance.now() < end) {
      all.push(await exchange(client));
      if (load.pauseMs > 0) await sleep(load.pauseMs);
    }
    await client.close();
  });
  await Promise.all(connections);
  return all;
}

function exchange(client: Client): Promise<Exchange> {
  const body = bodies[next % bodies.length] ?? Buffer.alloc(0);
  next += 1;
  return new Promise((resolve) => {
    const sent = performance.now();
    let status = 0;
    let evaluations = "";
    let bytes = 0;
    let last: readonly Buffer[] = [];
    const finish = (broken?: string): void => {
      const total = performance.now() - sent;
      const ended = process.hrtime.bigint();
      const end = Buffer.concat(last).subarray(-longestEnd).toString("latin1");
      const fault = broken ?? faultIn({ status, evaluations, bytes, end });
      resolve({ fault, total, sinceUpstream: load.stream ? since(end, ended) : total });
    };
    client.dispatch(
      {
        path: "/v1/chat/completions",
        method: "POST",
        headers: { "content-type": "application/json", ...load.headers },
        body,
      },
      {
        onRequestStart: () => {},
        onResponseStart(_controller, code, headers) {
          status = code;
          evaluations = String(headers["x-proctor-evaluations"] ?? "");
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length;
          last = chunk.length >= longestEnd ? [chunk] : [...last.slice(-8), chunk];
        },
        onResponseEnd: () => finish(),
        onResponseError: (_controller, error) => finish(error.message),
      },
    );
  });
}

function faultIn(reply: { status: number; evaluations: string; bytes: number; end: string }): string | undefined {
  const { status, evaluations, bytes, end } = reply;
  if (status !== 200) return `Status ${status}: ${end}`;
  if (bytes < 1000) return `Only ${bytes} bytes: ${end}`;
  if (load.stream && !end.trimEnd().endsWith("data: [DONE]")) return `No end: ${end}`;
  const missing = load.passedBy.filter((name) => !evaluations.includes(`${name}:pass`));
  return missing.length > 0 ? `Not passed by ${missing.join(", ")}: "${evaluations}"` : undefined;
}

/** Milliseconds since the last frame that says when it left. */
function since(end: string, now: bigint): number {
  const left = end.slice(end.lastIndexOf('"t=') + 3).split(" ", 1)[0] ?? "";
  return /^\d+$/.test(left) ? Number(now - BigInt(left)) / 1e6 : Number.NaN;
}

function measurementOf(all: readonly Exchange[], seconds: number): CaseMeasurement {
  const good = all.filter(({ fault }) => fault === undefined);
  const waits = Float64Array.from(good, ({ sinceUpstream }) => sinceUpstream).sort();
  const totals = Float64Array.from(good, ({ total }) => total).sort();
  return {
    requests: good.length,
    asked: warmedUp + all.length,
    errors: all.length - good.length,
    firstError: all.find(({ fault }) => fault !== undefined)?.fault?.slice(0, 500) ?? null,
    requestsPerSecond: good.length / seconds,
    p50: percentile(waits, 0.5),
    p95: percentile(waits, 0.95),
    p99: percentile(waits, 0.99),
    totalP50: percentile(totals, 0.5),
    totalP99: percentile(totals, 0.99),
  };
}
