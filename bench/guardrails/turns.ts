import type { CaseMeasurement } from "../support/case-load.ts";
import type { Contestant } from "../support/contestants.ts";
import { median } from "../support/measurement.ts";

/** One measurement, and what it is of. */
export interface Turn<M> {
  readonly round: number;
  readonly scenario: string;
  readonly contestant: string;
  readonly measurement: M;
}

/** Lets contestants take turns, in every second round the other way about: neither a slow minute nor the order favours one. */
export async function takeTurns<C extends Contestant, S extends { readonly name: string }, M>(
  rounds: number,
  contestants: readonly C[],
  scenarios: readonly S[],
  measure: (contestant: C, scenario: S) => Promise<M>,
): Promise<readonly Turn<M>[]> {
  const turns: Turn<M>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const order = round % 2 === 1 ? contestants : contestants.toReversed();
    for (const [scenario, contestant] of scenarios.flatMap((each) => order.map((one) => [each, one] as const))) {
      const measurement = await measure(contestant, scenario);
      contestant.server.assertRunning();
      turns.push({ round, scenario: scenario.name, contestant: contestant.name, measurement });
      console.error(`${round}/${rounds} ${scenario.name}: ${contestant.name}`);
    }
  }
  return turns;
}

/** The median over the rounds. */
export function middleOf<M>(
  turns: readonly Turn<M>[],
  scenario: string,
  contestant: string,
  read: (measurement: M) => number,
): number {
  const own = turns.filter((turn) => turn.scenario === scenario && turn.contestant === contestant);
  return median(own.map(({ measurement }) => read(measurement)));
}

/** Compares two contestants within each round, in the order of the rounds; nothing where one of them did not take part. */
export function comparedIn<M>(
  turns: readonly Turn<M>[],
  scenario: string,
  [first, second]: readonly [string, string],
  compare: (first: M, second: M) => number,
): readonly number[] {
  const own = turns.filter((turn) => turn.scenario === scenario);
  return [...Map.groupBy(own, ({ round }) => round).values()].flatMap((turnsOfRound) => {
    const a = turnsOfRound.find(({ contestant }) => contestant === first);
    const b = turnsOfRound.find(({ contestant }) => contestant === second);
    return a && b ? [compare(a.measurement, b.measurement)] : [];
  });
}

/** How many exchanges went wrong; the first that did is said on standard error. */
export function errorsIn(turns: readonly Turn<Pick<CaseMeasurement, "errors" | "firstError">>[]): number {
  const first = turns.find(({ measurement }) => measurement.firstError !== null);
  if (first) console.error(`${first.scenario}, ${first.contestant}: ${first.measurement.firstError}`);
  return turns.reduce((sum, { measurement }) => sum + measurement.errors, 0);
}
