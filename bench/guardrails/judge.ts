import { request } from "undici";
import type { CaseMeasurement } from "../support/case-load.ts";
import { startGuardedServers } from "../support/guarded-servers.ts";
import { percentile } from "../support/measurement.ts";
import type { RunningServer } from "../support/start-server.ts";
import type { Report } from "./figure.ts";
import { assertTraced, guardedByJudge, unguarded } from "./guarding.ts";
import { putLoad, type Setting, warmUp } from "./loads.ts";
import { comparedIn, errorsIn, middleOf, takeTurns } from "./turns.ts";

const judgeMs = 200;
const scenarios = [
  { name: "whole replies", stream: false, connections: 4, staggerMs: 60 },
  { name: "streams", stream: true, connections: 4, staggerMs: 60 },
] as const;

interface Judged extends CaseMeasurement {
  /** What the judge itself took, from the request to its answer. Not a number where it was not asked. */
  readonly judgeP50: number;
}

/** What holding an answer for a judge adds beyond the judge's own time. */
export async function measureJudge(setting: Setting): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const servers = await startGuardedServers({ folder: setting.folder, stack, pauseMs: 1, judgeMs });
  const contestants = [await unguarded(servers), await guardedByJudge(servers)] as const;
  const [plain, guarded] = contestants;
  await warmUp(setting, contestants, scenarios);
  await takeSpent(servers.judge);
  const turns = await takeTurns(
    setting.rounds,
    contestants,
    scenarios,
    async (contestant, scenario): Promise<Judged> => {
      // As rarely as the other, which waits for the judge: a server without a pause answers in another time.
      const pauseMs = contestant === guarded ? 0 : judgeMs;
      const measurement = await putLoad(setting, contestant, { ...scenario, pauseMs });
      const spent = await takeSpent(servers.judge);
      const expected = contestant === guarded ? measurement.asked : 0;
      // A verdict that was kept costs nothing, and a second question costs twice.
      if (spent.length !== expected)
        throw new Error(`${contestant.name}: the judge was asked ${spent.length} times for ${expected} answers.`);
      return { ...measurement, judgeP50: percentile(Float64Array.from(spent).sort(), 0.5) };
    },
  );
  await assertTraced(servers);
  const beyond = (scenario: string): readonly number[] =>
    comparedIn(turns, scenario, [guarded.name, plain.name], (held, free) => held.p50 - held.judgeP50 - free.p50);
  return {
    title: `A judge of ${judgeMs} ms in hold, 1 KB reply, 4 KB context`,
    figures: scenarios.map(({ name }) => ({
      name: `${name}, judge: added beyond it, p50`,
      values: beyond(name),
      unit: "ms",
      better: "lower",
      floor: 5,
      aim: 2,
    })),
    table: [
      ["", "p50 ms", "p95 ms", "p99 ms", "judge p50"],
      ...scenarios.flatMap(({ name }) =>
        contestants.map((contestant) => [
          `${name}, ${contestant.name}`,
          ...(["p50", "p95", "p99", "judgeP50"] as const).map((quantile) =>
            middleOf(turns, name, contestant.name, (measurement) => measurement[quantile]).toFixed(2),
          ),
        ]),
      ),
    ],
    notes: [
      "4 connections; no case is asked about twice, and the judge was asked once for every answer. Streams: from the upstream's last frame to the client's end. Beyond: without the judge's own time and what the same gateway takes with nothing on, asked as rarely.",
    ],
    raw: turns,
    errors: errorsIn(turns),
  };
}

/** What the judge took each time since it was last asked so. */
async function takeSpent(judge: RunningServer): Promise<readonly number[]> {
  const { body } = await request(judge.url);
  return (await body.json()) as readonly number[];
}
