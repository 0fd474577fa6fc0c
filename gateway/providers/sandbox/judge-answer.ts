import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { evaluate, type Evaluation, type Outcome, type Sample } from "../../../evaluators/index.ts";
import { sentencesOf } from "./context.ts";
import { type JudgePrompt, readJudgePrompt } from "./judge-prompt.ts";
import { matchSentences, wordStems } from "./match-sentences.ts";
import type { SandboxRequest } from "./request.ts";

type Verdict = "yes" | "no" | "not_applicable" | "unsure";

const onlyJudges = "This is Proctor's offline sandbox judge: it answers nothing but questions of the judge protocol.";

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

/** What could not be examined has no verdict, and then the whole answer is none. */
const verdictFor: Readonly<Record<Outcome, Verdict | undefined>> = {
  pass: "yes",
  fail: "no",
  abstained: "not_applicable",
  skipped: "not_applicable",
  error: undefined,
  timeout: undefined,
};

/**
 * Answers the judge protocol by rule: a criterion about the context, the instruction, personal data, secrets or injection gets
 * the verdict of the local evaluator for it; one that asks to avoid something is met when the text has less than half of the
 * words for it, any other when it has at least half. Evidence is copied from the sample.
 */
export async function judgeAnswer(request: SandboxRequest): Promise<string> {
  const prompt = readJudgePrompt(request);
  if (prompt === undefined) return onlyJudges;
  const local = new Map<string, Promise<Evaluation>>();
  const criteria = await Promise.all(
    prompt.criteria.map(async ({ id, question }) => {
      const verdict = await verdictOn(question, prompt.sample, local);
      return { id, evidence: evidenceFor(question, prompt), verdict };
    }),
  );
  if (criteria.some(({ verdict }) => verdict === undefined))
    return "This is Proctor's offline sandbox judge: it could not examine the sample.";
  return JSON.stringify({ nonce: prompt.nonce, criteria });
}

async function verdictOn(
  question: string,
  sample: Sample,
  local: Map<string, Promise<Evaluation>>,
): Promise<Verdict | undefined> {
  const rule = rules.find(({ about }) => about.test(question));
  if (rule === undefined) return verdictByWords(question, sample);
  const evaluation = local.get(rule.evaluator) ?? evaluateQuietly(rule.evaluator, sample);
  local.set(rule.evaluator, evaluation);
  return verdictFor[(await evaluation).outcome];
}

/** Without a span: what the sandbox does inside is no evaluation of the exchange. */
function evaluateQuietly(evaluator: string, sample: Sample): Promise<Evaluation> {
  return evaluate(evaluator, sample, {
    tracing: { tracer: trace.getTracer("sandbox"), parent: suppressTracing(ROOT_CONTEXT) },
  });
}

function verdictByWords(question: string, { output, input = "" }: Sample): Verdict {
  const [, avoided] = /\b(?:avoid|free (?:of|from)|without|refrain from|never)\b(.*)/i.exec(question) ?? [];
  const asked = [...wordStems((avoided ?? question).replace(/\b(?:answer|output|response|reply)\w*/gi, ""))];
  const text = wordStems(output ?? input);
  if (asked.length === 0) return "unsure";
  const hasHalf = asked.filter((stem) => text.has(stem)).length * 2 >= asked.length;
  return hasHalf === (avoided === undefined) ? "yes" : "no";
}

/** The sentence closest to the question, or the first one, from a field that may be quoted. */
function evidenceFor(question: string, { sample, quoteFrom = ["context", "output", "input"] }: JudgePrompt): string {
  const passages = [
    ...(quoteFrom.includes("context") ? (sample.context ?? []) : []),
    ...(quoteFrom.includes("output") ? [sample.output ?? ""] : []),
    ...(quoteFrom.includes("input") ? [sample.input ?? ""] : []),
  ];
  const sentences = sentencesOf(passages);
  return matchSentences(question, sentences)[0] ?? sentences[0] ?? "";
}
