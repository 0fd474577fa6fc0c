import type { Evaluation, Outcome, Sample } from "../../../evaluators/index.ts";
import { sentencesOf } from "./context.ts";
import { answersTheInput, checklistQuestion, verdictByWords } from "./judge-by-words.ts";
import { type JudgePrompt, type Question, textsIn } from "./judge-prompt.ts";
import { evaluateQuietly } from "./evaluate-quietly.ts";
import { matchSentences } from "./match-sentences.ts";

type Verdict = "yes" | "no" | "not_applicable" | "unsure";

/** Criteria that a local evaluator can answer, by what their question is about. The first that fits decides. */
const rules: readonly { readonly about: RegExp; readonly evaluator: string }[] = [
  { about: /personal (?:data|information)|\bpii\b|credit card|e-?mail address/i, evaluator: "pii" },
  { about: /\bsecrets?\b|password|credential|api key/i, evaluator: "secrets" },
  {
    about: /\binjection|jailbreak|system prompt|attempts? to (?:make|manipulate|override|trick)/i,
    evaluator: "prompt_injection",
  },
  { about: /\bcontext\b|\bsources?\b|\bdocuments?\b/i, evaluator: "faithfulness" },
  {
    about: /\bthe instructions?\b|stated constraints|what was asked|\basked for\b|\brequested\b|\bformat\b/i,
    evaluator: "task_adherence",
  },
];

/** What code cannot decide is left to the words. */
const verdictFor: Readonly<Record<Outcome, Verdict | "by_words" | undefined>> = {
  pass: "yes",
  fail: "no",
  abstained: "by_words",
  skipped: "by_words",
  error: undefined,
  timeout: undefined,
};

/** A verdict for each criterion of a rubric; undefined when something broke. */
export async function judgeCriteria(prompt: JudgePrompt): Promise<object | undefined> {
  const local = new Map<string, Promise<Evaluation>>();
  const entries = await Promise.all(
    prompt.questions.map(async (criterion) => {
      const question = askedIn(prompt, criterion);
      const verdict = await verdictOn({ ...criterion, question }, prompt.sample, local);
      return [criterion.id, { evidence: evidenceFor(question, verdict, prompt), verdict }] as const;
    }),
  );
  return entries.some(([, { verdict }]) => verdict === undefined) ? undefined : Object.fromEntries(entries);
}

/** The question itself, or the entry of the sample's checklist that it names. */
function askedIn(prompt: JudgePrompt, { id, question }: Question): string {
  return textsIn(prompt, "checklist").get(id) ?? question;
}

async function verdictOn(
  { question, may_not_apply }: Question,
  sample: Sample,
  local: Map<string, Promise<Evaluation>>,
): Promise<Verdict | undefined> {
  const demand = checklistQuestion.read(question);
  if (demand !== undefined)
    return toVerdict(
      await evaluateQuietly("task_adherence", { ...sample, input: demand, system: "" }),
      question,
      sample,
    );
  if (may_not_apply && !sample.tools && !sample.tool_calls) return "not_applicable";
  const rule = rules.find(({ about }) => about.test(question));
  if (rule === undefined) return verdictByWords(question, sample);
  const evaluation = local.get(rule.evaluator) ?? evaluateQuietly(rule.evaluator, sample);
  local.set(rule.evaluator, evaluation);
  return toVerdict(await evaluation, question, sample);
}

function toVerdict({ outcome, evaluator }: Evaluation, question: string, sample: Sample): Verdict | undefined {
  const verdict = verdictFor[outcome];
  if (verdict !== "by_words") return verdict;
  return evaluator === "task_adherence" ? answersTheInput(sample) : verdictByWords(question, sample);
}

/** The sentence closest to the question, or the first one, from a field that may be quoted. */
function evidenceFor(question: string, verdict: Verdict | undefined, { sample, quoteFrom }: JudgePrompt): string {
  const fields = quoteFrom ?? ["context", "output", "input"];
  const { context = [], output = "", input = "" } = sample;
  const passages = [
    ...(fields.includes("context") ? context : []),
    ...(fields.includes("output") ? [output] : []),
    ...(fields.includes("input") ? [input] : []),
  ];
  const sentences = sentencesOf(passages);
  return verdict === undefined ? "" : (matchSentences(question, sentences)[0] ?? sentences[0] ?? "");
}
