import { defineEvaluator } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import { examineByRubric, protocolText } from "../judge/rubric.ts";
import { type Detect, findingFrom } from "./detection.ts";
import { needs } from "./examined.ts";
import { injectionKinds, injectionPatterns } from "./injection-patterns.ts";
import { detectionOptions } from "./local-options.ts";
import { detectPii, piiKinds, piiNames, piiRevision } from "./pii.ts";
import { detectInjection, injectionNames } from "./prompt-injection.ts";
import { safetyRubric } from "./rubric.ts";
import { detectSecrets, secretKinds, secretNames, secretPatterns } from "./secrets.ts";

const kinds = [...secretKinds, ...piiKinds, ...injectionKinds] as const;
const names = { ...secretNames, ...piiNames, ...injectionNames };
const detect: Detect = (text) => [...detectSecrets(text), ...detectPii(text), ...detectInjection(text)];

/** Personal data, credentials and injections, as `pii`, `secrets` and `prompt_injection` find them. */
export const safety = defineEvaluator({
  name: "safety",
  description: "The text contains no personal data, no credentials and no attempt at prompt injection.",
  covers:
    "Local: what pii, secrets and prompt_injection look for, in the output with its reasoning and tool calls, or in the input when there is no output. Not examined locally: toxicity, hate, harmful content, and personal data without a fixed form, such as names.",
  needs,
  options: engineOptions({ threshold: 1, band: [0.2, 1] }).extend(detectionOptions(kinds)),
  revision: { piiRevision, secretPatterns, injectionPatterns, protocolText, rubric: safetyRubric },
  evaluate: byEngine({
    local: (sample, options, { signal }) => findingFrom(sample, { detect, names }, options, signal),
    judge: (sample, _options, tools) => examineByRubric(safetyRubric, sample, tools),
  }),
});
