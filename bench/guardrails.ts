import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { layOut, type Report, rowsOf } from "./guardrails/figure.ts";
import { measureJudge } from "./guardrails/judge.ts";
import type { Setting } from "./guardrails/loads.ts";
import { measureLocal } from "./guardrails/local.ts";
import { measureThroughput } from "./guardrails/throughput.ts";
import { measureWindow } from "./guardrails/window.ts";
import { describeMachine } from "./support/machine.ts";

// What guardrails cost: latency with code and with a judge, the delay of tokens, requests per second. Load, upstream, judge and
// collector share one core, gateways have another and send their spans over OTLP; the contestants take turns in every round.

const measures = { local: measureLocal, judge: measureJudge, window: measureWindow, throughput: measureThroughput };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    "warm-up": { type: "string", default: "15" },
    settle: { type: "string", default: "2" },
    tokens: { type: "string", default: "2000" },
    /** Names of measurements, with commas between. */
    only: { type: "string", default: Object.keys(measures).join(",") },
    /** hold: the same streams, held back whole. */
    "window-mode": { type: "string", default: "window" },
    out: { type: "string" },
  },
});

/** A load average above which others had a core in use. */
const busy = 0.7;

const chosen = values.only.split(",").map(measureNamed);
const folder = mkdtempSync(join(tmpdir(), "proctor-bench-"));
const setting: Setting = {
  folder,
  rounds: positive("rounds"),
  seconds: positive("seconds"),
  warmUpSeconds: positive("warm-up"),
  settleSeconds: positive("settle"),
  tokens: positive("tokens"),
  windowMode: windowMode(values["window-mode"]),
};
const environment = { ...(describeMachine() as object), generator: "our own" };
const [loadBefore = 0] = loadavg();
try {
  const reports: Report[] = [];
  for (const measure of chosen) reports.push(await measure(setting));
  for (const report of reports) console.log(`\n${report.title}\n${layOut(report.table)}\n${report.notes.join("\n")}`);
  console.log(`\n${layOut(rowsOf(reports.flatMap(({ figures }) => figures)))}`);
  console.log(`\nMedians of ${setting.rounds} rounds of ${setting.seconds} s, warm. ${JSON.stringify(environment)}`);
  if (loadBefore > busy)
    console.error(
      `The machine was busy before the first measurement (load ${loadBefore.toFixed(1)}): these figures say little.`,
    );
  if (values.out) {
    const { folder: _, ...settings } = setting;
    writeFileSync(values.out, `${JSON.stringify({ environment, settings, reports }, null, 2)}\n`);
  }
  if (reports.some(({ errors }) => errors > 0)) {
    console.error("Some exchanges failed, so these figures measure something else.");
    process.exitCode = 3;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measureNamed(name: string): (setting: Setting) => Promise<Report> {
  const known: Readonly<Record<string, (setting: Setting) => Promise<Report>>> = measures;
  const measure = Object.hasOwn(known, name) ? known[name] : undefined;
  if (measure) return measure;
  throw new Error(`--only ${name}: no such measurement. Known: ${Object.keys(measures).join(", ")}.`);
}

function windowMode(given: string): "window" | "hold" {
  if (given === "window" || given === "hold") return given;
  throw new Error(`--window-mode ${given}: give window or hold.`);
}

function positive(name: "rounds" | "seconds" | "warm-up" | "settle" | "tokens"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${values[name]}: give a whole number above 0.`);
}
