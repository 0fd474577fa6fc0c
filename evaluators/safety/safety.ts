import { z } from "zod";
import { defineEvaluator, type EvaluatorStream, type Finding, type Tools } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import type { Claim } from "../evaluation.ts";
import { examineByRubric, protocolText } from "../judge/rubric.ts";
import type { Sample } from "../sample.ts";
import { type Examined, needs } from "./examined.ts";
import { allowOptions } from "./local-options.ts";
import { composed, localKinds, partOptions, partsFor, partsRevision, usualKinds } from "./parts.ts";
import { safetyRubric } from "./rubric.ts";

const judged = "harmful_content";

const options = engineOptions({ threshold: 1, band: [0.2, 1] })
  .extend({
    ...allowOptions,
    ...partOptions,
    kinds: z
      .array(z.enum([...localKinds, judged]))
      .min(1)
      .default([...usualKinds]),
  })
  .superRefine(({ engine, kinds }, context) => {
    if (engine !== "local" || !kinds.includes(judged)) return;
    const message = `"${judged}" is decided by a judge only. Set engine to "cascade" or "judge", or take it out of kinds.`;
    context.addIssue({ code: "custom", path: ["kinds"], message });
  });
type Options = z.output<typeof options>;

/** Credentials, personal data, injections, leaks of the system prompt and abuse, each as its own evaluator finds it. */
export const safety = defineEvaluator({
  name: "safety",
  description:
    "The text contains no personal data, no credentials, no attempt at prompt injection, no system prompt and no abuse that code can tell.",
  covers:
    "Local: what secrets, pii, prompt_injection, system_prompt_leak and toxicity look for, in the output with its reasoning and tool calls, or in the input when there is no output (then without the last two). Not examined locally: harmful content, what the words mean, and personal data without a fixed form, such as names.",
  needs,
  options,
  get revision() {
    return { parts: partsRevision(), protocolText, rubric: safetyRubric };
  },
  evaluate: byEngine<Examined, Options>({
    local: examineLocally,
    judge: (sample, given, tools) => examineByRubric(safetyRubric, sample, tools, given),
  }),
  stream: (sample, given, tools) => streamParts(sample, given, tools),
  perPassage: (given) =>
    given.engine === "local" && partsFor(given, { output: "" }).every(({ evaluator }) => evaluator.perPassage),
});

async function examineLocally(sample: Examined, given: Options, tools: Tools): Promise<Finding> {
  const findings = partsFor(given, sample).map(async (part) => ({
    part,
    finding: part.evaluator.missing(sample).length > 0 ? undefined : await part.evaluator.examine(sample, tools),
  }));
  return composed(await Promise.all(findings));
}

/** Every part examines the answer while it arrives, and what all have settled is settled. A judge waits for the whole. */
function streamParts(sample: Sample, given: Options, tools: Tools): EvaluatorStream {
  const answer = { ...sample, output: sample.output ?? "" };
  const streams = partsFor(given, answer).map((part) => ({
    part,
    stream: part.evaluator.missing(answer).length > 0 ? undefined : part.evaluator.stream(answer, tools),
  }));
  let output = "";
  return {
    push(text) {
      output += text;
      const progress = streams.flatMap(({ stream }) => (stream ? [stream.push(text)] : []));
      const claims: Claim[] = progress.flatMap((one) => one.claims);
      return { settled: given.engine === "local" ? Math.min(...progress.map(({ settled }) => settled)) : 0, claims };
    },
    async end() {
      if (given.engine !== "local") return evaluateWhole({ ...sample, output }, given, tools);
      const findings = streams.map(async ({ part, stream }) => ({ part, finding: await stream?.end() }));
      return composed(await Promise.all(findings));
    },
  };
}

const evaluateWhole = byEngine<Examined, Options>({
  local: examineLocally,
  judge: (sample, given, tools) => examineByRubric(safetyRubric, sample, tools, given),
});
