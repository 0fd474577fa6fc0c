import { startGuardedServers } from "../support/guarded-servers.ts";
import type { Figure, Report } from "./figure.ts";
import { assertTraced, guardedByThree, unguarded } from "./guarding.ts";
import { putLoad, type Setting, warmUp } from "./loads.ts";
import { comparedIn, errorsIn, middleOf, takeTurns } from "./turns.ts";

const scenarios = [
  { name: "whole replies", stream: false, connections: 1 },
  { name: "streams", stream: true, connections: 4, staggerMs: 60 },
] as const;

/** What three evaluators that are code add to an answer that is held for them. */
export async function measureLocal(setting: Setting): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const servers = await startGuardedServers({ folder: setting.folder, stack, pauseMs: 1, judgeMs: 200 });
  const contestants = [await unguarded(servers), await guardedByThree(servers)] as const;
  const [plain, guarded] = contestants;
  await warmUp(setting, contestants, scenarios);
  const turns = await takeTurns(setting.rounds, contestants, scenarios, (contestant, scenario) =>
    putLoad(setting, contestant, scenario),
  );
  await assertTraced(servers);
  const added = (scenario: string, quantile: "p50" | "p99"): readonly number[] =>
    comparedIn(turns, scenario, [guarded.name, plain.name], (held, free) => held[quantile] - free[quantile]);
  return {
    title: "Three local evaluators in hold, 1 KB reply, 4 KB context",
    figures: scenarios.flatMap(({ name }): Figure[] => [
      { name: `${name}, three local: added p50`, values: added(name, "p50"), ...wanted(3, 1) },
      { name: `${name}, three local: added p99`, values: added(name, "p99"), ...wanted(12, 4) },
    ]),
    table: [
      ["", "p50 ms", "p95 ms", "p99 ms"],
      ...scenarios.flatMap(({ name }) =>
        contestants.map((contestant) => [
          `${name}, ${contestant.name}`,
          ...(["p50", "p95", "p99"] as const).map((quantile) =>
            middleOf(turns, name, contestant.name, (measurement) => measurement[quantile]).toFixed(2),
          ),
        ]),
      ),
    ],
    notes: [
      "Whole replies, 1 connection: from the request to the end of the answer. Streams, 4 connections, 1 ms between tokens: from the upstream's last frame to the client's end. Added: the difference within each round. The question makes three demands that code can check, none of them for a language.",
    ],
    raw: turns,
    errors: errorsIn(turns),
  };
}

function wanted(floor: number, aim: number): Pick<Figure, "unit" | "better" | "floor" | "aim"> {
  return { unit: "ms", better: "lower", floor, aim };
}
