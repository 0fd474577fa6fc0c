import { startGuardedServers } from "../support/guarded-servers.ts";
import { median } from "../support/measurement.ts";
import type { Figure, Report } from "./figure.ts";
import { assertTraced, guardedByThree, unguarded } from "./guarding.ts";
import { type Guarded, putLoad, type Setting, warmUp } from "./loads.ts";
import { comparedIn, errorsIn, middleOf, takeTurns } from "./turns.ts";

const scenarios = [
  { name: "whole replies", stream: false, connections: 16 },
  { name: "streams", stream: true, connections: 16 },
] as const;

/** Requests per second with three local evaluators, each of them run every time, over those of Portkey with nothing on. */
export async function measureThroughput(setting: Setting): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const servers = await startGuardedServers({ folder: setting.folder, stack, pauseMs: 0, judgeMs: 200 });
  const peer = await servers.portkey();
  const asIs = { passedBy: [], withContext: false };
  const guarded = await guardedByThree(servers);
  const contestants: readonly Guarded[] = [
    { ...servers.upstream, ...asIs },
    await unguarded(servers),
    guarded,
    ...(peer ? [{ ...peer, ...asIs }] : []),
  ];
  if (!peer) console.error("Without portkey: see bench/peers/README.md.");
  await warmUp(setting, contestants, scenarios);
  const turns = await takeTurns(setting.rounds, contestants, scenarios, (contestant, scenario) =>
    putLoad(setting, contestant, scenario),
  );
  await assertTraced(servers);
  const overPeer = (scenario: string, name: string): readonly number[] =>
    comparedIn(
      turns,
      scenario,
      [name, peer?.name ?? ""],
      (own, other) => own.requestsPerSecond / other.requestsPerSecond,
    );
  return {
    title: "Requests per second, 16 connections, three local evaluators in hold, spans over OTLP",
    figures: scenarios.map(({ name }): Figure => ({
      name: `${name}, three local: requests/s over portkey's`,
      values: overPeer(name, guarded.name),
      unit: "×",
      better: "higher",
      floor: 0.7,
      aim: 1.5,
    })),
    table: [
      ["", "req/s", "over portkey's", "p50 ms", "p99 ms"],
      ...scenarios.flatMap(({ name: scenario }) =>
        contestants.map(({ name }) => [
          `${scenario}, ${name}`,
          middleOf(turns, scenario, name, ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
          median(overPeer(scenario, name)).toFixed(2),
          middleOf(turns, scenario, name, ({ totalP50 }) => totalP50).toFixed(2),
          middleOf(turns, scenario, name, ({ totalP99 }) => totalP99).toFixed(2),
        ]),
      ),
    ],
    notes: [
      "Every answer of the guarded gateway says that all three evaluators passed it, or it counts as an error. Our own gateways get the 4 KB of context with each request, the others do not. The ratio is that of each round.",
    ],
    raw: turns,
    errors: errorsIn(turns),
  };
}
