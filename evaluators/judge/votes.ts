/** What most of several independent answers say, and which share of them. */
export interface Majority<T> {
  readonly winner: T;
  readonly votes: number;
  /** Share of the answers that agree, above 0.5. */
  readonly agreement: number;
}

/** The answer that more than half of them give; undefined when there is none. */
export function majorityOf<T>(answers: readonly T[]): Majority<T> | undefined {
  const votes = new Map<T, number>();
  for (const answer of answers) votes.set(answer, (votes.get(answer) ?? 0) + 1);
  const [winner, most] = [...votes].reduce<readonly [T | undefined, number]>(
    (best, each) => (each[1] > best[1] ? each : best),
    [undefined, 0],
  );
  if (winner === undefined || most * 2 <= answers.length) return undefined;
  return { winner, votes: most, agreement: most / answers.length };
}
