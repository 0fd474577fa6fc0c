import { comparePairs, type DecidedPair, type PairedComparison } from "../evaluators/index.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { percent, shareText } from "./evaluate-report.ts";
import type { AnsweredSide, ComparedRow, Models } from "./compared-row.ts";
import { printable } from "./marked-text.ts";
import { renderTable } from "./table.ts";

/** Pairs of verdicts, collected row by row. */
export interface Comparison {
  add(row: ComparedRow): void;
  readonly rows: number;
  /** Rows that asked nothing or could not be read. */
  readonly unreadable: number;
  /** Rows on which nobody was asked, because the budget was spent; they are among the undecided. */
  readonly notRun: number;
  /** Rows on which the student, or the teacher, gave no answer. */
  readonly unanswered: { readonly student: number; readonly teacher: number };
  /** Rows on which one of them was not decided, the unread and the unanswered among them. */
  readonly undecided: number;
  /** The first few reasons why there was no answer, or no verdict on it. */
  readonly problems: readonly string[];
  /** By evaluator; `all` is every required one together. */
  readonly pairs: ReadonlyMap<string, readonly DecidedPair[]>;
  /** Of the student, where there is no teacher. */
  readonly studentPassed: number;
  readonly studentDecided: number;
}

const mostProblems = 3;

export function createComparison(): Comparison {
  const pairs = new Map<string, DecidedPair[]>([["all", []]]);
  const problems: string[] = [];
  const counts = { rows: 0, unreadable: 0, undecided: 0, notRun: 0, studentPassed: 0, studentDecided: 0 };
  const unanswered = { student: 0, teacher: 0 };
  const note = (problem: string | undefined): void => {
    if (problem !== undefined && problems.length < mostProblems && !problems.includes(problem)) problems.push(problem);
  };
  const addSide = (who: "student" | "teacher", side: AnsweredSide | undefined): void => {
    for (const reason of openReasons(side)) note(reason);
    if (side?.problem === undefined) return;
    unanswered[who] += 1;
    note(side.problem);
  };
  return {
    pairs,
    problems,
    unanswered,
    get rows() {
      return counts.rows;
    },
    get unreadable() {
      return counts.unreadable;
    },
    get notRun() {
      return counts.notRun;
    },
    get undecided() {
      return counts.undecided;
    },
    get studentPassed() {
      return counts.studentPassed;
    },
    get studentDecided() {
      return counts.studentDecided;
    },
    add(row) {
      counts.rows += 1;
      if (row.problem !== undefined) counts.unreadable += 1;
      if (row.notRun !== undefined) counts.notRun += 1;
      note(row.problem ?? row.notRun);
      addSide("student", row.student);
      addSide("teacher", row.teacher);
      const student = verdictOf(row.student?.decision);
      const teacher = row.teacher ? verdictOf(row.teacher.decision) : student;
      if (student === undefined || teacher === undefined) counts.undecided += 1;
      if (student !== undefined) {
        counts.studentDecided += 1;
        counts.studentPassed += Number(student);
      }
      for (const [name, pair] of pairsIn(row)) {
        const known = pairs.get(name);
        if (known) known.push(pair);
        else pairs.set(name, [pair]);
      }
    },
  };
}

/** Why an evaluator came to no verdict on an answer. */
function openReasons(side: AnsweredSide | undefined): readonly string[] {
  if (side?.decision !== "unscored") return [];
  const open = side.evaluations.filter(({ outcome }) => verdictOf(outcome) === undefined);
  return open.map(({ evaluator, outcome, reason }) => `${evaluator} ${outcome} on ${side.model}: ${reason}`);
}

const verdicts: Readonly<Record<string, boolean>> = { kept: true, dropped: false, pass: true, fail: false };

function verdictOf(word: string | undefined): boolean | undefined {
  return word === undefined ? undefined : verdicts[word];
}

/** The pairs of a row on which both were decided, by evaluator. */
function pairsIn({ student, teacher, source }: ComparedRow): readonly (readonly [string, DecidedPair])[] {
  if (!student || !teacher) return [];
  const group = groupOf(source);
  const all = { name: "all", student: student.decision, teacher: teacher.decision };
  const each = student.evaluations.map(({ evaluator, outcome }, at) => ({
    name: evaluator,
    student: outcome,
    teacher: teacher.evaluations[at]?.outcome,
  }));
  return [all, ...each].flatMap((one) => {
    const pair = { student: verdictOf(one.student), teacher: verdictOf(one.teacher) };
    if (pair.student === undefined || pair.teacher === undefined) return [];
    return [[one.name, { student: pair.student, teacher: pair.teacher, ...group }] as const];
  });
}

/** Rows that belong together say so as gold rows do. */
function groupOf(source: unknown): { readonly group?: string } {
  if (typeof source !== "object" || source === null) return {};
  const { group, source_id: id } = source as Readonly<Record<string, unknown>>;
  const named = group ?? id;
  return typeof named === "string" || typeof named === "number" ? { group: String(named) } : {};
}

/** Prints pass rates, retention and flips, and concludes. */
export function printComparison(comparison: Comparison, job: EvaluateJob, models: Models): ExitCode {
  const { options, context } = job;
  const print = options.out === "-" ? context.err : context.out;
  const compared = [...comparison.pairs].map(([name, pairs]) => ({ name, ...comparePairs(pairs) }));
  const [code, conclusion] = conclude(comparison, compared[0], job, models);
  const { rows, unreadable, notRun, unanswered, undecided, problems } = comparison;
  if (options.json) {
    const { studentPassed: passed, studentDecided: decided } = comparison;
    const counts = {
      rows,
      unreadable,
      not_run: notRun,
      unanswered,
      undecided,
      student_passed: passed,
      student_decided: decided,
    };
    print(JSON.stringify({ exit_code: code, conclusion, models, ...counts, problems, compared }, null, 2));
    return code;
  }
  if (models.teacher !== undefined) for (const line of tableOf(compared, models, context.columns)) print(line);
  print(`${rows} rows: ${rows - undecided} decided, ${undecided} undecided`);
  print(
    `without an answer: ${models.student} ${unanswered.student}${models.teacher === undefined ? "" : `, ${models.teacher} ${unanswered.teacher}`}; unreadable: ${unreadable}, not run: ${notRun}`,
  );
  for (const problem of problems) print(`  ${printable(problem)}`);
  print(conclusion);
  return code;
}

function tableOf(
  compared: readonly (PairedComparison & { readonly name: string })[],
  { student, teacher = "" }: Models,
  width: number,
): readonly string[] {
  const titles = [
    "evaluator",
    "rows",
    `${teacher} passes`,
    `${student} passes`,
    "retention (95 %)",
    "lost",
    "gained",
    "McNemar p",
  ];
  const cells = compared.map((each) => [
    each.name,
    String(each.rows),
    shareText(each.teacher),
    shareText(each.student),
    shareText(each.retention),
    String(each.lost),
    String(each.gained),
    each.p < 0.0001 ? "< 0.0001" : each.p.toFixed(4),
  ]);
  return renderTable(
    titles.map((title) => ({ title, whole: true })),
    cells,
    width,
  );
}

function conclude(
  { rows, notRun, undecided, studentDecided, studentPassed }: Comparison,
  all: PairedComparison | undefined,
  { settings }: EvaluateJob,
  { student, teacher }: Models,
): readonly [ExitCode, string] {
  const decided = rows - undecided;
  if (notRun > 0) return [exitCode.inconclusive, `${notRun} rows were not run, because the budget is spent.`];
  if (decided === 0) return [exitCode.invalid, "No row could be decided."];
  const most = "rows" in settings.maxUnscored ? settings.maxUnscored.rows : settings.maxUnscored.share * rows;
  if (undecided > most)
    return [exitCode.inconclusive, `${undecided} of ${rows} rows are undecided, and ${Math.floor(most)} may be.`];
  if (teacher === undefined || !all) {
    return [exitCode.yes, `${student} passes ${percent(studentPassed / studentDecided)} of ${studentDecided} rows.`];
  }
  const { value, interval } = all.retention;
  if (value === null) return [exitCode.inconclusive, `${teacher} passed no row, so there is nothing to retain.`];
  const said = `${student} retains ${shareText(all.retention)} of the pass rate of ${teacher}.`;
  const { minRetention } = settings;
  if (minRetention === undefined) return [exitCode.yes, said];
  if (interval[0] >= minRetention) return [exitCode.yes, `${said} That is at least ${percent(minRetention)}.`];
  if (interval[1] < minRetention) return [exitCode.no, `${said} That is less than ${percent(minRetention)}.`];
  return [exitCode.inconclusive, `${said} Whether that is ${percent(minRetention)} cannot be said: give more rows.`];
}
