import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Load, Measurement } from "./measurement.ts";

const printed = z.object({
  requests: z.number(),
  errors: z.number(),
  microseconds: z.number(),
  p50: z.number(),
  p99: z.number(),
});

// wrk counts in microseconds and reports nothing of a body; what a reply holds is checked before the measurement.
const script = `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
HEADERS
wrk.body = [==[BODY]==]
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests":%d,"errors":%d,"microseconds":%d,"p50":%f,"p99":%f}\\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
`;

/** Whether `wrk` can be used here. */
export function hasWrk(): boolean {
  return spawnSync("wrk", ["--version"]).error === undefined;
}

/** Puts a load on a server with `wrk`, after a warm-up that is not counted. */
export async function loadWithWrk(load: Load, folder: string, pin: readonly string[]): Promise<Measurement> {
  const file = join(folder, "load.lua");
  writeFileSync(
    file,
    script.replace("HEADERS", () => headerLines(load)).replace("BODY", () => load.body),
  );
  if (load.warmUpSeconds > 0) await wrk(load, Math.ceil(load.warmUpSeconds), file, pin);
  const text = await wrk(load, load.seconds, file, pin);
  const result = printed.parse(JSON.parse(text.slice(text.lastIndexOf('{"requests"'))));
  return {
    generator: "wrk",
    requests: result.requests - result.errors,
    errors: result.errors,
    requestsPerSecond: (result.requests - result.errors) / (result.microseconds / 1e6),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    firstTokenP50: null,
    firstTokenP99: null,
  };
}

function headerLines({ headers }: Load): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = [==[${value}]==]`);
  return lines.join("\n");
}

async function wrk(load: Load, seconds: number, file: string, pin: readonly string[]): Promise<string> {
  const given = ["-t1", `-c${load.connections}`, `-d${seconds}s`, "--latency", "-s", file, load.url];
  const [command = "wrk", ...rest] = [...pin, "wrk", ...given];
  return (await promisify(execFile)(command, rest)).stdout;
}
