import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CaseLoad, CaseMeasurement } from "../support/case-load.ts";
import type { CaseStreams, CaseStreamsMeasurement } from "../support/case-streams.ts";
import type { Contestant } from "../support/contestants.ts";
import { pinTo } from "../support/start-server.ts";

/** What a run was asked to do. */
export interface Setting {
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  /** For each contestant and scenario before the first round: until all hot code is compiled. */
  readonly warmUpSeconds: number;
  /** Before each measurement: what stood idle while the others took their turns begins at half its speed. */
  readonly settleSeconds: number;
  readonly windowMode: "window" | "hold";
  /** Of the streams that are read window by window. */
  readonly tokens: number;
}

/** A server under measurement, and who must have passed its answers. */
export interface Guarded extends Contestant {
  readonly passedBy: readonly string[];
  /** Whether requests bring the passages in the member that only our own gateway reads. */
  readonly withContext: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly stream: boolean;
  readonly connections: number;
  readonly staggerMs?: number;
  readonly pauseMs?: number;
}

/** More than any memory of sentences or verdicts holds. */
const cases = 512;
let nextCase = 0;

/** Puts a load on a server, from a process of its own on the upstream's core. No two loads ask about the same case. */
export async function putLoad(
  { seconds, settleSeconds }: Pick<Setting, "seconds" | "settleSeconds">,
  { server, headers, passedBy, withContext }: Guarded,
  { stream, connections, staggerMs = 0, pauseMs = 0 }: Scenario,
): Promise<CaseMeasurement> {
  const firstCase = nextCase;
  nextCase += cases;
  const asking = { passedBy, pauseMs, withContext, stream, firstCase, cases };
  const load = { url: server.url, headers, connections, staggerMs, seconds, warmUpSeconds: settleSeconds, ...asking };
  return (await runScript("case-load.ts", load satisfies CaseLoad)) as CaseMeasurement;
}

/** Reads long streams side by side, from a process of its own on the upstream's core. */
export async function readStreams(load: Omit<CaseStreams, "firstCase">): Promise<CaseStreamsMeasurement> {
  const firstCase = nextCase;
  nextCase += 1000 * load.streams;
  return (await runScript("case-streams.ts", { ...load, firstCase } satisfies CaseStreams)) as CaseStreamsMeasurement;
}

/** Until all hot code is compiled. */
export async function warmUp(
  { warmUpSeconds }: Pick<Setting, "warmUpSeconds">,
  contestants: readonly Guarded[],
  scenarios: readonly Scenario[],
): Promise<void> {
  for (const contestant of contestants) {
    for (const scenario of scenarios) {
      const { requests, firstError } = await putLoad(
        { seconds: warmUpSeconds, settleSeconds: 0 },
        contestant,
        scenario,
      );
      if (requests === 0) throw new Error(`${contestant.name} does not answer as it should. ${firstError}`);
    }
    console.error(`${contestant.name} is warm.`);
  }
}

async function runScript(name: string, load: object): Promise<unknown> {
  const script = fileURLToPath(new URL(`../support/${name}`, import.meta.url));
  const [command, ...given] = [...pinTo(0), process.execPath, script, JSON.stringify(load)];
  return JSON.parse((await promisify(execFile)(command, given)).stdout);
}
