import type { Finding, Tools } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { type JudgedText, judgeEach } from "../judge/judge-each.ts";
import { canBeEmpty } from "../judge/can-be-empty.ts";
import { repeated, type Repetition } from "../judge/repeat.ts";
import { screenSample } from "../judge/screen.ts";
import { type Sentence, splitSentences } from "../text/sentences.ts";
import { faithfulnessRubric } from "./rubric.ts";

/** The fields that the judge sees. */
export interface JudgedSample {
  readonly output: string;
  readonly context: readonly string[];
  readonly input?: string | undefined;
}

/**
 * Has the judge decide claim by claim: code finds the sentences of the output, the judge answers three questions about each,
 * and the worst of the three counts. A "yes" needs a quotation that stands in the context.
 */
export async function judgeFaithfulness(
  { output, context, input }: JudgedSample,
  run: Repetition,
  tools: Tools,
): Promise<Finding> {
  if (context.every((passage) => passage.trim() === ""))
    return { abstained: "The context is empty, so there is nothing to compare with." };
  const nothingToJudge = screenSample({ output });
  if (nothingToJudge !== undefined) return { abstained: nothingToJudge };
  const sentences = splitSentences(output).filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  if (sentences.length === 0) return { abstained: "No claim to judge: the output has no sentence with a word." };
  const sample = { output, context: [...context], ...(input === undefined ? {} : { input }) };
  const texts = sentences.map(({ text }) => text);
  return repeated(async (temperature) => {
    const { judge, signal, parent } = tools;
    const asked = { judge, signal, parent, temperature };
    const { judged, spent } = await judgeEach(faithfulnessRubric, texts, sample, asked);
    const claims = sentences.map((sentence, index) => toJudgedClaim(sentence, judged[index]));
    return { ...findingFrom(claims, run.threshold), ...spent };
  }, run);
}

interface JudgedClaim {
  readonly claim: Claim;
  readonly isClaim: boolean;
  /** Its "yes" had no quotation that stands in the context. */
  readonly unproven: boolean;
  /** Probability that all three answers are "yes", where it is known. */
  readonly supported: number | undefined;
}

function toJudgedClaim({ text, start, end }: Sentence, judged: JudgedText | undefined): JudgedClaim {
  const { verdicts = {}, passage, yes = {} } = judged ?? {};
  const hasFault = Object.values(verdicts).includes("no");
  const isClaim = verdicts["supported"] !== "no_claim" || hasFault || !canBeEmpty(text);
  const unproven = verdicts["supported"] === "yes" && passage === undefined;
  const probabilities = faithfulnessRubric.questions.map(({ id }) => yes[id]);
  const known = probabilities.filter((probability) => probability !== undefined);
  return {
    claim: {
      text,
      start,
      end,
      ...verdictOf(verdicts, unproven),
      ...(passage === undefined ? {} : { evidence: passage.text }),
    },
    isClaim,
    unproven,
    supported: known.length === probabilities.length && !unproven ? Math.min(...known) : undefined,
  };
}

function verdictOf(verdicts: JudgedText["verdicts"], unproven: boolean): Pick<Claim, "verdict" | "kind"> {
  const { supported, nothing_added: plain, nothing_contradicted: agreeing } = verdicts;
  if (agreeing === "no") return { verdict: "contradicted" };
  if (supported === "no") return { verdict: "unsupported" };
  if (plain === "no") return { verdict: "unsupported", kind: "added_detail" };
  const all = [supported, plain, agreeing].every((verdict) => verdict === "yes");
  return { verdict: all && !unproven ? "supported" : "unclear" };
}

/** How much the worst claim counts beside the average: enough that one unsupported claim fails any number of good ones. */
const worstShare = 0.7;

function findingFrom(judged: readonly JudgedClaim[], threshold: number): Finding {
  const counted = judged.filter(({ isClaim }) => isClaim);
  if (counted.length === 0) return { abstained: "No claim to judge: only remarks and questions." };
  const having = (verdict: Claim["verdict"]) => counted.filter(({ claim }) => claim.verdict === verdict).length;
  const unproven = counted.filter((each) => each.unproven && each.claim.verdict === "unclear").length;
  const missing = unproven === 0 ? "" : ` (${unproven} without a quotation that stands in the context)`;
  if (having("unclear") === counted.length)
    return { abstained: `The judge could not decide any of ${counted.length} claims${missing}.` };
  const share = having("supported") / counted.length;
  const score = worstShare * (share === 1 ? 1 : 0) + (1 - worstShare) * share;
  const parts = [
    `${having("supported")} of ${counted.length} ${counted.length === 1 ? "claim" : "claims"} supported by the context`,
    ...(["contradicted", "unsupported"] as const)
      .filter((verdict) => having(verdict) > 0)
      .map((verdict) => `${having(verdict)} ${verdict}`),
    ...(having("unclear") > 0 ? [`${having("unclear")} undecided${missing}`] : []),
  ];
  const confidence = confidenceIn(counted, score >= threshold);
  return {
    score,
    reason: `${parts.join("; ")}.`,
    claims: counted.map(({ claim }) => claim),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** A pass is as sure as its least sure claim, a fail as its surest fault; unknown when any probability is. */
function confidenceIn(counted: readonly JudgedClaim[], passes: boolean): number | undefined {
  const known = counted.flatMap(({ supported }) => supported ?? []);
  if (known.length < counted.length) return undefined;
  const least = Math.min(...known);
  return passes ? least : 1 - least;
}
