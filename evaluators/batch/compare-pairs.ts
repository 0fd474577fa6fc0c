import { mcnemarExact } from "../calibration/exact.ts";
import { pairedBootstrap } from "../calibration/paired-bootstrap.ts";
import { bootstrapInterval, type Interval, wilsonInterval } from "../calibration/statistics.ts";

/** Two models on the same row, both with a verdict. */
export interface DecidedPair {
  readonly teacher: boolean;
  readonly student: boolean;
  /** Rows that belong together are resampled together; each row alone when absent. */
  readonly group?: string;
}

/** A share with its 95 % interval; `value` is null where there is nothing to divide. */
export interface ShareWithInterval {
  readonly value: number | null;
  readonly interval: Interval;
}

/** How a student does beside its teacher, over the rows on which both were decided. */
export interface PairedComparison {
  readonly rows: number;
  readonly teacher: ShareWithInterval;
  readonly student: ShareWithInterval;
  /** The student's pass rate over the teacher's; paired bootstrap. */
  readonly retention: ShareWithInterval;
  /** The student's pass rate less the teacher's; paired bootstrap. */
  readonly difference: ShareWithInterval;
  /** Rows that the teacher passed and the student failed, and the other way round. */
  readonly lost: number;
  readonly gained: number;
  /** Two-sided exact McNemar test of lost against gained: how often chance alone is as lopsided. */
  readonly p: number;
}

/** Compares two models on rows that both answered. The same for the same pairs: resampling has a fixed seed. */
export function comparePairs(pairs: readonly DecidedPair[]): PairedComparison {
  const rows = pairs.length;
  const passed = { teacher: countOf(pairs, "teacher"), student: countOf(pairs, "student") };
  const groups = [...Map.groupBy(pairs, ({ group }, at) => group ?? at).values()];
  const retention = ratioOf(pairs);
  const asNumbers = pairs.map(({ teacher, student, group }) => ({
    first: Number(teacher),
    second: Number(student),
    ...(group === undefined ? {} : { group }),
  }));
  const { difference, interval } = pairedBootstrap(asNumbers);
  const lost = pairs.filter(({ teacher, student }) => teacher && !student).length;
  const gained = pairs.filter(({ teacher, student }) => !teacher && student).length;
  return {
    rows,
    teacher: { value: shareOf(passed.teacher, rows), interval: wilsonInterval(passed.teacher, rows) },
    student: { value: shareOf(passed.student, rows), interval: wilsonInterval(passed.student, rows) },
    retention: { value: Number.isNaN(retention) ? null : retention, interval: bootstrapInterval(groups, ratioOf) },
    difference: { value: rows === 0 ? null : difference, interval },
    lost,
    gained,
    p: mcnemarExact(lost, gained),
  };
}

function countOf(pairs: readonly DecidedPair[], who: "teacher" | "student"): number {
  return pairs.reduce((count, pair) => count + Number(pair[who]), 0);
}

/** NaN where the teacher passed nothing: there is nothing to retain. */
function ratioOf(pairs: readonly DecidedPair[]): number {
  const teacher = countOf(pairs, "teacher");
  return teacher === 0 ? Number.NaN : countOf(pairs, "student") / teacher;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
