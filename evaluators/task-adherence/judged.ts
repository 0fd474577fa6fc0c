import type { Finding, Tools } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import { withSpending } from "../judge/ask.ts";
import type { Repetition } from "../judge/repeat.ts";
import { examineByRubric, type Rubric } from "../judge/rubric.ts";
import { screenSample } from "../judge/screen.ts";
import { type Spending, sumOf } from "../judge/spending.ts";
import type { Sample } from "../sample.ts";
import { drawChecklist } from "./checklist.ts";
import { checklistQuestion, taskAdherenceRubric } from "./rubric.ts";

/**
 * Has the judge draw a checklist from the instruction, once for all answers to it, and then answer it about this one: the
 * output, and the way to it where the sample has messages or tool calls.
 */
export async function judgeTaskAdherence(sample: Sample, run: Repetition, tools: Tools): Promise<Finding> {
  const nothingToJudge = screenSample(sample);
  if (nothingToJudge !== undefined) return { abstained: nothingToJudge };
  const { questions, spent, calls } = await drawChecklist(sample, tools);
  const items = questions.map((question, index) => [`item_${index + 1}`, question] as const);
  const rubric = withItems(items.map(([id]) => id));
  const checklist = Object.fromEntries(items);
  const before = calls === 0 ? [] : [spent];
  try {
    const finding = await examineByRubric(rubric, sample, tools, { ...run, data: { checklist } });
    return withQuestions(finding, checklist, before);
  } catch (error) {
    throw error instanceof EvaluatorError ? withSpending(error, before) : error;
  }
}

/** The fixed criteria and one for each entry of the checklist, whose words stay among the data. */
function withItems(ids: readonly string[]): Rubric {
  const items = ids.map((id) => ({ id, question: checklistQuestion(id), weight: 1 }));
  return { ...taskAdherenceRubric, criteria: [...taskAdherenceRubric.criteria, ...items] };
}

function withQuestions(
  finding: Finding,
  checklist: Readonly<Record<string, string>>,
  before: readonly Spending[],
): Finding {
  const { usage = null, costUsd = null } = finding;
  const spent = sumOf([...before, { usage, costUsd }]);
  if ("abstained" in finding) return { ...finding, ...spent };
  const criteria = finding.criteria?.map((each) => ({ ...each, question: checklist[each.id] ?? each.question }));
  return { ...finding, ...spent, ...(criteria ? { criteria } : {}) };
}
