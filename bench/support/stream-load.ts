import { Agent, request } from "node:http";
import { percentile } from "./measurement.ts";

// Many streams at once, each beginning anew when it has ended. A process of its own. Takes a load as JSON, prints what came
// of it as JSON: how late tokens were, from the vendor's hand to the client's, in milliseconds.

/** So many streams for so long; the first `warmUpSeconds` are not counted. */
export interface StreamLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly streams: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly tokens: number;
}

/** Milliseconds from the vendor's hand to the client's. */
export interface StreamMeasurement {
  readonly tokens: number;
  readonly finished: number;
  /** Streams that ended without `[DONE]`, or did not begin. */
  readonly errors: number;
  readonly delayP50: number;
  readonly delayP99: number;
}

const load = JSON.parse(process.argv[2] ?? "{}") as StreamLoad;
const target = new URL(`${load.url}/v1/chat/completions`);
const agent = new Agent({ keepAlive: true, maxSockets: load.streams });
const body = JSON.stringify({
  model: "student",
  stream: true,
  max_tokens: load.tokens,
  messages: [{ role: "user", content: "Where is the parcel that I ordered on Monday? ".repeat(10) }],
});
const delays: number[] = [];
let finished = 0;
let errors = 0;
let isCounting = false;
let isOver = false;

for (let index = 0; index < load.streams; index += 1) setTimeout(stream, (index / load.streams) * 2000);
setTimeout(() => (isCounting = true), load.warmUpSeconds * 1000);
setTimeout(end, (load.warmUpSeconds + load.seconds) * 1000);

function stream(): void {
  if (isOver) return;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...load.headers };
  const outgoing = request(target, { agent, method: "POST", headers }, (reply) => {
    let isDone = false;
    reply.setEncoding("latin1");
    reply.on("data", (text: string) => {
      isDone ||= text.includes("[DONE]");
      if (isCounting) note(text);
    });
    reply.on("close", () => {
      if (isDone && reply.statusCode === 200) finished += 1;
      else if (!isOver) errors += 1;
      stream();
    });
  });
  outgoing.on("error", () => {
    if (isOver) return;
    errors += 1;
    setTimeout(stream, 100);
  });
  outgoing.end(body);
}

function note(text: string): void {
  const now = process.hrtime.bigint();
  for (let at = text.indexOf("t="); at !== -1; at = text.indexOf("t=", at + 2)) {
    const sent = text.slice(at + 2, text.indexOf(" ", at));
    if (/^\d+$/.test(sent)) delays.push(Number(now - BigInt(sent)) / 1e6);
  }
}

function end(): void {
  isOver = true;
  const sorted = Float64Array.from(delays).sort();
  const measurement: StreamMeasurement = {
    tokens: sorted.length,
    finished,
    errors,
    delayP50: percentile(sorted, 0.5),
    delayP99: percentile(sorted, 0.99),
  };
  console.log(JSON.stringify(measurement));
  process.exit();
}
