import type { EvaluatorCard } from "../calibration/card.ts";
import { findCard } from "../calibration/cards.ts";
import { createDriftMonitor, type DriftAlarm, type DriftMonitor } from "../calibration/drift-monitor.ts";
import type { GoldRow } from "../calibration/gold.ts";
import type { Evaluator } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import { type EvaluateOptions, judgeIdentity } from "../evaluate.ts";
import type { Evaluation } from "../evaluation.ts";
import type { Sample } from "../sample.ts";

export interface CanaryOptions {
  /** Labelled rows that are mixed in, one after another and from the start again. Their results are not yielded. */
  readonly gold: readonly GoldRow[];
  /** Rows of the batch, where that is known. */
  readonly rows?: number | undefined;
  /** Told once for each evaluator that is not what its card says any more. */
  readonly onAlarm: (evaluator: string, alarm: DriftAlarm) => void;
  /** Told at the start which evaluators have no card for their version and judge, and so are not watched. */
  readonly onUnwatched: (evaluators: readonly string[]) => void;
}

/** Gold rows among the rows of a batch. */
export interface Canaries {
  /** Examines the gold rows that are due before the row of this number, the first being 0. */
  before(row: number): Promise<void>;
}

type Examine = (evaluator: Evaluator, sample: Sample) => Promise<Evaluation>;

/**
 * Watches the evaluators that have a card. Gold rows are examined anew, never from the cache: what is kept cannot drift. Throws
 * `EvaluatorUsageError` when no evaluator has a card, or when there are no gold rows.
 */
export function createCanaries(
  evaluators: readonly Evaluator[],
  { gold, rows, onAlarm, onUnwatched }: CanaryOptions,
  options: EvaluateOptions,
  examine: Examine,
): Canaries {
  if (gold.length === 0) throw new EvaluatorUsageError("There are no gold rows to mix in.");
  const watched = evaluators.flatMap((evaluator) => watch(evaluator, { rows, options }));
  if (watched.length === 0) {
    throw new EvaluatorUsageError(
      'None of the evaluators has a card for its version and judge, so gold rows would say nothing. Make one with "proctor calibrate".',
    );
  }
  const unwatched = evaluators.filter((evaluator) => watched.every((one) => one.evaluator !== evaluator));
  if (unwatched.length > 0) onUnwatched(unwatched.map(({ name }) => name));
  return {
    async before(row) {
      const due = watched.filter(({ monitor }) => monitor.shouldMix(row));
      await Promise.all(due.map((one) => examineNext(one, { gold, examine, onAlarm })));
    },
  };
}

interface Watched {
  readonly evaluator: Evaluator;
  readonly monitor: DriftMonitor;
  readonly judge: string | undefined;
  examined: number;
}

function watch(
  evaluator: Evaluator,
  { rows, options }: { readonly rows: number | undefined; readonly options: EvaluateOptions },
): readonly Watched[] {
  const judge = judgeIdentity(evaluator, options);
  const cards: readonly EvaluatorCard[] = options.cards ?? [];
  const card = findCard(cards, { version: evaluator.version, judge });
  return card ? [{ evaluator, monitor: createDriftMonitor({ card, rows }), judge, examined: 0 }] : [];
}

async function examineNext(
  watched: Watched,
  { gold, examine, onAlarm }: Pick<CanaryOptions, "gold" | "onAlarm"> & { readonly examine: Examine },
): Promise<void> {
  const { evaluator, monitor, judge } = watched;
  const row = gold[watched.examined % gold.length];
  watched.examined += 1;
  if (!row) return;
  const before = monitor.alarm();
  const evaluation = await examine(evaluator, row.sample);
  // A call that was refused or cut off says nothing about the evaluator.
  if (evaluation.error?.code === "budget" || evaluation.error?.code === "cancelled") return;
  monitor.record(evaluation, row.good ? "pass" : "fail", judge);
  const alarm = monitor.alarm();
  if (alarm && !before) onAlarm(evaluator.name, alarm);
}
