import type { Evaluation } from "../../../evaluators/index.ts";
import { sentencesOf } from "./context.ts";
import { evaluateQuietly } from "./evaluate-quietly.ts";
import { type JudgePrompt, textsIn } from "./judge-prompt.ts";
import { matchSentences } from "./match-sentences.ts";

/** How the two kinds of texts are asked about: which passages support them, and under which keys the verdicts stand. */
const kinds = {
  claims: { passages: ({ sample }: JudgePrompt) => sample.context ?? [], toEntry: toClaimEntry },
  facts: { passages: ({ sample }: JudgePrompt) => [sample.output ?? ""], toEntry: toFactEntry },
};

/** Verdicts on each claim against the context, or on each fact against the output, as local faithfulness finds them. */
export async function judgeTexts(prompt: JudgePrompt, kind: keyof typeof kinds): Promise<object | undefined> {
  const { passages, toEntry } = kinds[kind];
  const sources = passages(prompt);
  const sentences = sentencesOf(sources);
  const entries = await Promise.all(
    [...textsIn(prompt, kind)].map(async ([id, text]) => {
      const evaluation = await evaluateQuietly("faithfulness", { output: text, context: [...sources] });
      const evidence = matchSentences(text, sentences)[0] ?? "";
      return [id, toEntry(evaluation, evidence)] as const;
    }),
  );
  return entries.some(([, entry]) => entry === undefined) ? undefined : Object.fromEntries(entries);
}

function toClaimEntry(evaluation: Evaluation, evidence: string): object | undefined {
  const { outcome } = evaluation;
  if (outcome === "error" || outcome === "timeout") return undefined;
  const contradicted = isContradicted(evaluation);
  const supported = outcome === "pass" ? "yes" : outcome === "fail" ? "no" : "no_claim";
  return {
    evidence,
    supported,
    nothing_added: outcome === "fail" ? "no" : "yes",
    nothing_contradicted: contradicted ? "no" : "yes",
  };
}

function toFactEntry(evaluation: Evaluation, evidence: string): object | undefined {
  const { outcome } = evaluation;
  if (outcome === "error" || outcome === "timeout") return undefined;
  return {
    evidence,
    stated: outcome === "pass" ? "yes" : outcome === "fail" ? "no" : "no_fact",
    not_contradicted: isContradicted(evaluation) ? "no" : "yes",
  };
}

function isContradicted({ outcome, claims = [] }: Evaluation): boolean {
  return outcome === "fail" && claims.some(({ verdict }) => verdict === "contradicted");
}
