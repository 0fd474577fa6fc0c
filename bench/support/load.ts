import { Client } from "undici";
import { type Load, type Measurement, percentile } from "./measurement.ts";

// A closed loop: every connection asks again as soon as its answer has ended. A process of its own, so that the clock of
// the load does not share an event loop with what it measures. Takes a load as JSON, prints a measurement as JSON.

interface Exchange {
  readonly whole: boolean;
  readonly first: number;
  readonly total: number;
}

const load = JSON.parse(process.argv[2] ?? "{}") as Load;
await run(load, load.warmUpSeconds);
const started = performance.now();
const exchanges = await run(load, load.seconds);
console.log(JSON.stringify(measurementOf(exchanges, (performance.now() - started) / 1000)));

async function run(given: Load, seconds: number): Promise<readonly Exchange[]> {
  const end = performance.now() + seconds * 1000;
  const all: Exchange[] = [];
  const connections = Array.from({ length: given.connections }, async () => {
    const client = new Client(new URL(given.url).origin, { pipelining: 1 });
    while (performance.now() < end) all.push(await exchange(client, given));
    await client.close();
  });
  await Promise.all(connections);
  return all;
}

function exchange(client: Client, { url, body, headers, stream }: Load): Promise<Exchange> {
  return new Promise((resolve) => {
    const sent = performance.now();
    let first = 0;
    let bytes = 0;
    let status = 0;
    let tail = "";
    const finish = (whole: boolean): void => resolve({ whole, first: first - sent, total: performance.now() - sent });
    client.dispatch(
      {
        path: new URL(url).pathname,
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, code) => void (status = code),
        onResponseData(_controller, chunk) {
          if (first === 0) first = performance.now();
          bytes += chunk.length;
          tail = stream ? chunk.subarray(-64).toString() : "";
        },
        onResponseEnd: () =>
          finish(status === 200 && bytes > 500 && (!stream || tail.trimEnd().endsWith("data: [DONE]"))),
        onResponseError: () => finish(false),
      },
    );
  });
}

function measurementOf(all: readonly Exchange[], seconds: number): Measurement {
  const whole = all.filter((one) => one.whole);
  const totals = Float64Array.from(whole, ({ total }) => total).sort();
  const firsts = Float64Array.from(whole, ({ first }) => first).sort();
  return {
    generator: "own",
    requests: whole.length,
    errors: all.length - whole.length,
    requestsPerSecond: whole.length / seconds,
    p50: percentile(totals, 0.5),
    p99: percentile(totals, 0.99),
    firstTokenP50: percentile(firsts, 0.5),
    firstTokenP99: percentile(firsts, 0.99),
  };
}
