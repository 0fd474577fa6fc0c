import type { CaseStreamsMeasurement, Spread } from "../support/case-streams.ts";
import { startGuardedServers } from "../support/guarded-servers.ts";
import type { Report } from "./figure.ts";
import { assertTraced, guardedByPassage, unguarded } from "./guarding.ts";
import { type Guarded, readStreams, type Setting, warmUp } from "./loads.ts";
import { errorsIn, middleOf, takeTurns } from "./turns.ts";

const streams = 4;
const short = { name: "streams", stream: true, connections: 16, staggerMs: 130 };

/** How late the tokens of a long stream are that is examined while it passes. */
export async function measureWindow(setting: Setting): Promise<Report> {
  const { folder, tokens, windowMode } = setting;
  await using stack = new AsyncDisposableStack();
  const servers = await startGuardedServers({ folder, stack, pauseMs: 10, judgeMs: 200 });
  const contestants = [await unguarded(servers), await guardedByPassage(servers, windowMode)] as const;
  const [, guarded] = contestants;
  // A reply that begins before its verdict has it in its last comment, not in a header.
  const withoutCheck = contestants.map((contestant) => ({ ...contestant, passedBy: [] }));
  await warmUp(setting, withoutCheck, [short]);
  const scenario = { name: `${tokens} tokens` };
  const turns = await takeTurns(setting.rounds, contestants, [scenario], (contestant) => readLong(contestant, tokens));
  await assertTraced(servers);
  const own = turns.filter(({ contestant }) => contestant === guarded.name);
  return {
    title: `pii, secrets and system_prompt_leak in ${windowMode}, ${streams} streams of ${tokens} tokens, 100 tokens a second each`,
    figures: [
      {
        name: `tokens, three local in ${windowMode}: beyond their sentence, p95`,
        values: own.map(({ measurement }) => measurement.beyondSentence.p95),
        unit: "ms",
        better: "lower",
        floor: 2,
      },
    ],
    table: [
      ["milliseconds", "p50", "p95", "p99"],
      ...contestants.flatMap(({ name }) =>
        spreads.map(([label, read]) => [
          `${name}: ${label}`,
          ...(["p50", "p95", "p99"] as const).map((quantile) =>
            middleOf(turns, scenario.name, name, (measurement) => read(measurement)[quantile]).toFixed(1),
          ),
        ]),
      ),
    ],
    notes: [
      "Delay: from the upstream's hand to the client's. A sentence is over when the next has begun: before that nobody can know. Beyond: the delay of each token without what it waited for that; negative where a token did not wait.",
    ],
    raw: turns,
    errors: errorsIn(turns),
  };
}

const spreads: readonly (readonly [string, (measurement: CaseStreamsMeasurement) => Spread])[] = [
  ["delay of a token", ({ delay }) => delay],
  ["until its sentence was over", ({ sentence }) => sentence],
  ["delay beyond that", ({ beyondSentence }) => beyondSentence],
  ["delay beyond the sentence's last token", ({ beyondLastToken }) => beyondLastToken],
];

function readLong({ server, headers, passedBy }: Guarded, tokens: number): Promise<CaseStreamsMeasurement> {
  const mustHold = passedBy.flatMap((name) => [`"evaluator":"${name}"`, `"outcome":"pass"`]);
  return readStreams({ url: server.url, headers, streams, tokens, mustHold });
}
