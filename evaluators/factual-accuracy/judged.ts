import type { Finding, Tools } from "../define-evaluator.ts";
import type { Criterion } from "../evaluation.ts";
import { type JudgedText, judgeEach } from "../judge/judge-each.ts";
import { canBeEmpty } from "../judge/can-be-empty.ts";
import { repeated, type Repetition } from "../judge/repeat.ts";
import { screenSample } from "../judge/screen.ts";
import { splitSentences } from "../text/sentences.ts";
import { factualAccuracyRubric } from "./rubric.ts";

interface ComparedSample {
  readonly output: string;
  readonly expected_output: string;
  readonly input?: string | undefined;
}

/**
 * Has the judge decide fact by fact: code finds the sentences of the expected output, the judge says of each whether the
 * output states it, with a quotation that must stand in the output, and whether it contradicts it. One contradiction is 0.
 */
export async function judgeFacts(sample: ComparedSample, run: Repetition, tools: Tools): Promise<Finding> {
  const { output, expected_output, input } = sample;
  const nothingToJudge = screenSample({ output });
  if (nothingToJudge !== undefined) return { abstained: nothingToJudge };
  const facts = splitSentences(expected_output)
    .map(({ text }) => text)
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
  if (facts.length === 0) return { abstained: "The expected output has no sentence with a word to compare with." };
  const seen = { output, expected_output, ...(input === undefined ? {} : { input }) };
  return repeated(async (temperature) => {
    const { judge, signal, parent } = tools;
    const asked = { judge, signal, parent, temperature };
    const { judged, spent } = await judgeEach(factualAccuracyRubric, facts, seen, asked);
    return {
      ...findingFrom(
        judged.map((each, index) => toFact(each, index, facts[index] ?? "")),
        run.threshold,
      ),
      ...spent,
    };
  }, run);
}

interface JudgedFact {
  readonly stated: Criterion;
  readonly agreeing: Criterion;
  readonly isFact: boolean;
  /** Probability that the output states the fact and does not contradict it, where it is known. */
  readonly met: number | undefined;
}

function toFact({ verdicts, passage, yes }: JudgedText, index: number, text: string): JudgedFact {
  const number = index + 1;
  const quoteVerified = passage !== undefined;
  const evidence = passage === undefined ? {} : { evidence: passage.text };
  const unproven = verdicts["stated"] === "yes" && !quoteVerified;
  const isNoFact = verdicts["stated"] === "no_fact" && canBeEmpty(text);
  const stated = yes["stated"];
  const agreeing = yes["not_contradicted"];
  return {
    stated: {
      id: `fact_${number}_stated`,
      question: `Does the output state fact ${number} of the expected output?`,
      verdict: unproven ? "unsure" : isNoFact ? "not_applicable" : toVerdict(verdicts["stated"]),
      weight: 1,
      quoteVerified,
      ...evidence,
    },
    agreeing: {
      id: `fact_${number}_not_contradicted`,
      question: `Is the output free of anything that contradicts fact ${number} of the expected output?`,
      verdict: toVerdict(verdicts["not_contradicted"]),
      weight: 1,
    },
    isFact: !isNoFact || verdicts["not_contradicted"] === "no",
    met: stated === undefined || agreeing === undefined || unproven ? undefined : Math.min(stated, agreeing),
  };
}

function toVerdict(said: string | undefined): Criterion["verdict"] {
  return said === "yes" || said === "no" ? said : "unsure";
}

function findingFrom(judged: readonly JudgedFact[], threshold: number): Finding {
  const facts = judged.filter(({ isFact }) => isFact);
  if (facts.length === 0) return { abstained: "The expected output states no fact to compare with." };
  const contradicted = facts.filter(({ agreeing }) => agreeing.verdict === "no").length;
  const met = facts.filter(({ stated, agreeing }) => stated.verdict === "yes" && agreeing.verdict === "yes").length;
  const undecided = facts.filter(isUndecided).length;
  if (undecided === facts.length) return { abstained: `The judge could not decide any of ${facts.length} facts.` };
  const score = contradicted > 0 ? 0 : met / facts.length;
  const parts = [
    `${met} of ${facts.length} expected ${facts.length === 1 ? "fact" : "facts"} stated`,
    ...(contradicted > 0 ? [`${contradicted} contradicted`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
  ];
  return {
    score,
    reason: `${parts.join("; ")}.`,
    criteria: facts.flatMap(({ stated, agreeing }) => [stated, agreeing]),
    ...confidenceIn(facts, score >= threshold),
  };
}

function isUndecided({ stated, agreeing }: JudgedFact): boolean {
  const verdicts = [stated.verdict, agreeing.verdict];
  return !verdicts.includes("no") && verdicts.includes("unsure");
}

/** A pass is as sure as its least sure fact, a fail as its surest fault; unknown when any probability is. */
function confidenceIn(facts: readonly JudgedFact[], passes: boolean): { readonly confidence?: number } {
  const known = facts.flatMap(({ met }) => met ?? []);
  if (known.length < facts.length) return {};
  const least = Math.min(...known);
  return { confidence: passes ? least : 1 - least };
}
