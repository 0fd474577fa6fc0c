import pLimit from "p-limit";
import type { Tools } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import type { Sample } from "../sample.ts";
import { allAnswered } from "./all-answered.ts";
import { askJudge, type Inquiry, type JudgeAnswer } from "./ask.ts";
import { entriesFormat, type Entry } from "./entries.ts";
import { verdictProbabilities } from "./probability.ts";
import { encodeData, sampleData } from "./prompt.ts";
import type { QuotableField } from "./protocol.ts";
import { createQuoteFinder, type QuotedPassage } from "./quotes.ts";
import { evidenceRule } from "./rubric-task.ts";
import { type Spending, sumOf } from "./spending.ts";

/** One question that is asked about every text, and the verdicts that it may have. "yes" is the good one. */
export interface EachQuestion {
  readonly id: string;
  readonly question: string;
  readonly verdicts: readonly string[];
}

/** What a judge is asked about each of several texts that code found in a sample. Data, as a rubric is. */
export interface EachRubric {
  readonly name: string;
  readonly instructions: string;
  /** What the texts are, in the plural: `claims`. */
  readonly holder: string;
  readonly questions: readonly EachQuestion[];
  readonly quoteFrom: readonly QuotableField[];
}

/** What a judge said about one of the texts. */
export interface JudgedText {
  /** By question. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** Where the evidence stands word for word; undefined when it stands nowhere. */
  readonly passage: QuotedPassage | undefined;
  /** Probability of "yes" by question, where it is known. */
  readonly yes: Readonly<Record<string, number | undefined>>;
}

/** Texts in one call, calls at a time, and texts in all. */
const batch = 20;
const atOnce = 4;
const most = 600;

/**
 * Has the judge answer the questions about each text, many texts in batches. The texts are data like the rest of the sample.
 * Throws `EvaluatorError` when a batch cannot be read or there are too many texts: nothing is left out.
 */
export async function judgeEach(
  rubric: EachRubric,
  texts: readonly string[],
  sample: Sample,
  { temperature, ...tools }: Pick<Tools, "judge" | "signal" | "parent"> & { readonly temperature: number },
): Promise<{ readonly judged: readonly JudgedText[]; readonly spent: Spending }> {
  checkNumber(rubric, texts);
  const limit = pLimit(atOnce);
  const batches = Array.from({ length: Math.ceil(texts.length / batch) }, (_none, index) =>
    texts.slice(index * batch, (index + 1) * batch),
  );
  let hasFailed = false;
  const ask = async (some: readonly string[]) => {
    // What is bought after a failure is thrown away.
    if (hasFailed) throw new EvaluatorError("cancelled", "Another question of the same examination failed.");
    try {
      return await askJudge({ ...inquiryFor(rubric, some, sample), temperature }, tools);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const answers = await allAnswered(batches.map((some) => limit(() => ask(some))));
  const quotes = createQuoteFinder(sample, rubric.quoteFrom);
  return { judged: answers.flatMap((answer) => toJudged(rubric, answer, quotes)), spent: sumOf(answers) };
}

function inquiryFor(rubric: EachRubric, texts: readonly string[], sample: Sample): Inquiry<readonly Entry[]> {
  const numbered = texts.map((text, index) => [`${rubric.holder.slice(0, -1)}_${index + 1}`, text] as const);
  const ids = numbered.map(([id]) => id);
  return {
    evaluator: rubric.name,
    task: taskOf(rubric),
    data: { ...sampleData(sample), [rubric.holder]: Object.fromEntries(numbered) },
    format: formatOf(rubric, ids),
    entries: ids.length,
  };
}

function checkNumber({ holder }: EachRubric, { length }: readonly string[]): void {
  if (length <= most) return;
  throw new EvaluatorError(
    "invalid_input",
    `The text has ${length} ${holder} and a judge is asked about at most ${most}. Nothing is left out silently: examine the parts one by one.`,
  );
}

/** The task as the judge reads it, the same for every sample. The last line is JSON. */
function taskOf({ name, instructions, holder, questions, quoteFrom }: EachRubric): string {
  return [
    `Task: judge each of the sample's ${holder} by the rubric ${name}. They are numbered, and found by code.`,
    instructions,
    evidenceRule(quoteFrom),
    `Questions about each of the ${holder}, with their verdicts, as JSON:`,
    encodeData(questions),
  ].join("\n");
}

function formatOf({ name, holder, questions }: EachRubric, ids: readonly string[]) {
  const asked = Object.fromEntries(questions.map(({ id, verdicts }) => [id, verdicts]));
  return entriesFormat(
    name,
    holder,
    ids.map((id) => ({ id, questions: asked })),
  );
}

function toJudged(
  { holder, questions }: EachRubric,
  { value, reply }: JudgeAnswer<readonly Entry[]>,
  quotes: ReturnType<typeof createQuoteFinder>,
): JudgedText[] {
  const probability = verdictProbabilities(reply);
  return value.map(({ id, evidence, verdicts }) => ({
    verdicts,
    passage: quotes.find(evidence),
    yes: Object.fromEntries(
      questions.map((question) => [
        question.id,
        probability(`${holder}/${id}/${question.id}`, "yes", question.verdicts),
      ]),
    ),
  }));
}
