import {
  decide,
  evaluate,
  type Evaluator,
  EvaluatorUsageError,
  type InputRow,
  isRowEvaluation,
  type JournalLine,
  type JournalSettings,
  type Sample,
  sampleIn,
  settingsOf,
} from "../evaluators/index.ts";
import { AnswerError, askThrough, type ChatAnswer } from "./chat-answers.ts";
import { isAnswerable, withoutAnswers } from "./chat-request.ts";
import type { AnsweredSide, ComparedRow, Models } from "./compared-row.ts";
import type { ExitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { namesIn, usage } from "./evaluate-options.ts";
import { openOut } from "./evaluate-out.ts";
import { evaluatorsNamed } from "./evaluation-setup.ts";
import { type MeteredJudges, meteredJudges } from "./metered-judges.ts";
import { createComparison, printComparison } from "./student-report.ts";
import { interrupted, workRows } from "./work-rows.ts";

/** Has the student, and the teacher if there is one, answer every row, and evaluates the answers with the same evaluators. */
export async function compareStudent(job: EvaluateJob): Promise<ExitCode> {
  const { options, setup, context } = job;
  const evaluators = evaluatorsNamed(setup, namesIn("--evaluators", options.evaluators ?? ""));
  const models = modelsOf(job);
  const comparison = createComparison();
  const journal = openOut<ComparedRow>(job, settingsFor(job, evaluators, models), {
    isLine: isComparedRow,
    isUnscored,
    onLine: (line) => comparison.add(line),
  });
  const metered = meteredJudges(job);
  try {
    const work = rowWorker(job, { evaluators, models, metered });
    await workRows(job, { work, meter: metered.meter, journal, isFinished, onRow: (row) => comparison.add(row) });
    return printComparison(comparison, job, models);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return interrupted(job, comparison.rows);
  } finally {
    journal?.close();
  }
}

function modelsOf({ options, setup }: EvaluateJob): Models {
  const { generate: student = "", against: teacher } = options;
  for (const alias of [student, teacher]) {
    if (alias === undefined || !setup.gateway || setup.gateway.aliases.has(alias)) continue;
    throw usage(`No model "${alias}". Known: ${[...setup.gateway.aliases.keys()].join(", ")}.`);
  }
  if (student === teacher) throw usage(`--generate and --against both name "${student}". Compare two models.`);
  return { student, teacher };
}

function settingsFor(
  { setup }: EvaluateJob,
  evaluators: readonly Evaluator[],
  { student, teacher = "nobody" }: Models,
): JournalSettings {
  return { ...settingsOf(evaluators, setup), student: `model ${student}`, teacher: `model ${teacher}` };
}

function isComparedRow(line: JournalLine): line is ComparedRow {
  const { problem, student, teacher } = line as Partial<Record<keyof ComparedRow, unknown>>;
  if (typeof problem === "string") return true;
  return isSide(student) && (teacher === undefined || isSide(teacher));
}

/** A side that can be counted is a row that can be. */
function isSide(side: unknown): boolean {
  return typeof side === "object" && side !== null && isRowEvaluation({ ...side, row: 0, hash: "" });
}

function isUnscored({ student, teacher }: ComparedRow): boolean {
  return student?.decision === undefined || [student, teacher].some((side) => side?.decision === "unscored");
}

/** What was not asked or not answered is not finished: the next run asks again. */
function isFinished({ notRun, student, teacher }: ComparedRow): boolean {
  return notRun === undefined && student?.problem === undefined && teacher?.problem === undefined;
}

interface Worker {
  readonly evaluators: readonly Evaluator[];
  readonly models: Models;
  readonly metered: MeteredJudges;
}

function rowWorker(job: EvaluateJob, worker: Worker): (row: InputRow) => Promise<ComparedRow> {
  const { student, teacher } = worker.models;
  const { meter } = worker.metered;
  const answered = sideWorker(job, worker);
  return async (row) => {
    const identity = { row: row.row, hash: row.hash, ...("source" in row ? { source: row.source } : {}) };
    const sample = questionIn(row);
    if (typeof sample === "string") return { ...identity, problem: sample };
    if (meter.refusal !== undefined) return { ...identity, notRun: meter.refusal };
    const [studentSide, teacherSide] = await Promise.all([
      answered(student, sample),
      teacher === undefined ? undefined : answered(teacher, sample),
    ]);
    const evaluations = [studentSide, teacherSide].flatMap((side) => side?.evaluations ?? []);
    const refused = evaluations.find(({ error }) => error?.code === "budget");
    if (refused) return { ...identity, notRun: refused.reason };
    return { ...identity, student: studentSide, ...(teacherSide ? { teacher: teacherSide } : {}) };
  };
}

/** The sample without an answer, or why there is none to ask about. */
function questionIn(row: InputRow): Sample | string {
  if (row.problem !== undefined) return row.problem;
  try {
    const { output: _output, reasoning: _reasoning, tool_calls: _calls, messages, ...rest } = sampleIn(row.source);
    const question = { ...rest, ...(messages ? { messages: withoutAnswers(messages) } : {}) };
    return isAnswerable(question) ? question : "The row asks nothing: it has neither input nor messages of a user.";
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return error.message;
    throw error;
  }
}

function sideWorker(
  { options, setup, context }: EvaluateJob,
  { evaluators, metered: { judges } }: Worker,
): (model: string, question: Sample) => Promise<AnsweredSide> {
  const { cache, cards } = setup;
  const ask = askThrough(setup, options.gateway, context.environment["PROCTOR_API_KEY"]);
  const required = options.required === undefined ? undefined : namesIn("--required", options.required);
  return async (model, question) => {
    let answer: ChatAnswer;
    try {
      answer = await ask(model, question, context.signal);
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      return { model, decision: "unscored", evaluations: [], problem: error.message };
    }
    const { trace_id: _traceId, ...answered } = answer;
    const sample = { ...question, ...answered };
    const evaluations = await evaluate(evaluators, sample, { judges, cache, cards, signal: context.signal });
    const decision = decide(evaluations, (name) => required?.includes(name) ?? true);
    return { model, answer, decision, evaluations };
  };
}
