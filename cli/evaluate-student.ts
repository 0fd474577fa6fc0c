import { resolve } from "node:path";
import {
  decide,
  evaluate,
  type Evaluator,
  EvaluatorUsageError,
  inParallel,
  type InputRow,
  type Journal,
  openJournal,
  readRows,
  type Sample,
  sampleIn,
  settingsOf,
} from "../evaluators/index.ts";
import { AnswerError, type AskModel, askThrough, type ChatAnswer } from "./chat-answers.ts";
import { isAnswerable } from "./chat-request.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { namesIn, usage } from "./evaluate-options.ts";
import { countRows, sourceOf } from "./evaluate-source.ts";
import { evaluatorsNamed } from "./evaluation-setup.ts";
import { createProgress } from "./progress.ts";
import type { AnsweredSide, ComparedRow, Models } from "./compared-row.ts";
import { type Comparison, createComparison, printComparison } from "./student-report.ts";

/** Has the student, and the teacher if there is one, answer every row, and evaluates the answers with the same evaluators. */
export async function compareStudent(job: EvaluateJob): Promise<ExitCode> {
  const { options, setup, context } = job;
  const evaluators = evaluatorsNamed(setup, namesIn("--evaluators", options.evaluators ?? ""));
  const models = modelsOf(job);
  const comparison = createComparison();
  const journal = openOut(job, evaluators, (line) => comparison.add(line));
  try {
    await answerAll(job, { work: rowWorker(job, evaluators, models), comparison, journal });
    return printComparison(comparison, job, models);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    context.err(`Interrupted after ${comparison.rows} rows. Run the same command to go on where --out ends.`);
    return exitCode.interrupted;
  } finally {
    journal?.close();
  }
}

interface Run {
  readonly work: (row: InputRow) => Promise<ComparedRow>;
  readonly comparison: Comparison;
  readonly journal: Journal<ComparedRow> | undefined;
}

/** Rows that may wait behind a slow one, per row at a time. */
const aheadPerRow = 4;

async function answerAll(job: EvaluateJob, { work, comparison, journal }: Run): Promise<void> {
  const { options, settings, context } = job;
  const { concurrency } = settings;
  const { signal } = context;
  const total = await countRows(job, journal);
  const before = comparison.rows;
  const left = total === null ? null : total - before;
  const progress = createProgress(context, { total: left, quiet: options.quiet ?? false });
  const input = readRows(sourceOf(job));
  const rows = journal ? journal.unfinished(input) : input;
  try {
    const ahead = aheadPerRow * concurrency;
    for await (const row of inParallel(rows, work, { concurrency, order: "input", ahead, signal })) {
      // What was not answered is not finished: the next run asks again.
      if (isFinished(row)) journal?.append(row);
      if (options.out === "-") context.out(JSON.stringify(row));
      comparison.add(row);
      progress.show({ done: comparison.rows - before, usd: 0, calls: 0 });
    }
  } finally {
    progress.end();
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

function openOut(
  { options, setup, context }: EvaluateJob,
  evaluators: readonly Evaluator[],
  onLine: (line: ComparedRow) => void,
): Journal<ComparedRow> | undefined {
  const { out, restart, generate = "", against = "nobody" } = options;
  if (out === undefined || out === "-") return undefined;
  const settings = { ...settingsOf(evaluators, setup), student: `model ${generate}`, teacher: `model ${against}` };
  return openJournal<ComparedRow>(resolve(context.workingDirectory, out), settings, { restart, onLine });
}

function isFinished({ student, teacher }: ComparedRow): boolean {
  return student?.problem === undefined && teacher?.problem === undefined;
}

function rowWorker(
  job: EvaluateJob,
  evaluators: readonly Evaluator[],
  { student, teacher }: Models,
): (row: InputRow) => Promise<ComparedRow> {
  const { options, setup, context } = job;
  const ask = askThrough(setup, options.gateway, context.environment["PROCTOR_API_KEY"]);
  const answered = sideWorker(job, evaluators, ask);
  return async (row) => {
    const identity = { row: row.row, hash: row.hash, ...("source" in row ? { source: row.source } : {}) };
    const sample = questionIn(row);
    if (typeof sample === "string") return { ...identity, problem: sample };
    const [studentSide, teacherSide] = await Promise.all([
      answered(student, sample),
      teacher === undefined ? undefined : answered(teacher, sample),
    ]);
    return { ...identity, student: studentSide, ...(teacherSide ? { teacher: teacherSide } : {}) };
  };
}

/** The sample without an answer, or why there is none to ask about. */
function questionIn(row: InputRow): Sample | string {
  if (row.problem !== undefined) return row.problem;
  try {
    const { output: _output, reasoning: _reasoning, tool_calls: _calls, ...question } = sampleIn(row.source);
    return isAnswerable(question) ? question : "The row asks nothing: it has neither input nor messages of a user.";
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return error.message;
    throw error;
  }
}

function sideWorker(
  { options, setup, context }: EvaluateJob,
  evaluators: readonly Evaluator[],
  ask: AskModel,
): (model: string, question: Sample) => Promise<AnsweredSide> {
  const { judges, cache, cards } = setup;
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
    const sample = { ...withInput(question), ...answered };
    const evaluations = await evaluate(evaluators, sample, { judges, cache, cards, signal: context.signal });
    const decision = decide(evaluations, (name) => required?.includes(name) ?? true);
    return { model, answer, decision, evaluations };
  };
}

/** What was asked is what the user said last, where a row gives only the conversation. */
function withInput(question: Sample): Sample {
  const last = question.messages?.findLast(({ role }) => role === "user");
  return question.input === undefined && last ? { ...question, input: last.content } : question;
}
