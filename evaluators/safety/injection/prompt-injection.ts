import { z } from "zod";
import { defineEvaluator } from "../../define-evaluator.ts";
import { type Windowed, windowedFinding, windowedStream } from "../../linear/windowed-finding.ts";
import { needs, textsOf } from "../examined.ts";
import { allowOptions } from "../local-options.ts";
import { injectionNames, type InjectionOptions, walkInjection } from "./detect-injection.ts";
import { injectionKinds, injectionPatterns } from "./injection-patterns.ts";
import { injectionDigest, injectionThreshold } from "./injection-weights.ts";
import { wordMarks } from "./word-marks.ts";

/** Changes with the code that undoes disguises and cuts windows, which the version does not see otherwise. */
const reading = 4;

const kinds = [...injectionKinds, "suspicious_wording"] as const;

const options = z.strictObject({
  engine: z.literal("local").default("local"),
  threshold: z.number().min(0).max(1).default(injectionThreshold),
  judge: z.undefined().optional(),
  allow: allowOptions.allow,
  allow_patterns: allowOptions.allow_patterns,
  kinds: z
    .array(z.enum(kinds))
    .min(1)
    .default([...kinds]),
});

/** Attempts to make a model leave its instructions. */
export const promptInjection = defineEvaluator({
  name: "prompt_injection",
  description:
    "The text has neither a known form of an attempt to make a model leave its instructions nor wording like one.",
  covers:
    "Instruction override, role takeover, prompt extraction and forged delimiters in known forms (English, and the commonest in ten other languages), and wording that a linear model fitted on injections takes for one; also behind invisible characters, look-alike letters, digits for letters, spelled words and common encodings. Not examined: what the text means, so attacks in ordinary words, stories that lead up to one, other encodings and other languages pass.",
  needs,
  options,
  revision: {
    reading,
    patterns: injectionPatterns.map(({ kind, pattern }) => [kind, pattern]),
    wordMarks,
    injectionDigest,
  },
  evaluate: (sample, settings, { signal }) => windowedFinding(textsOf(sample), windowed(settings), signal),
  stream: (sample, settings, { signal }) =>
    windowedStream(windowed(settings), (output, report) =>
      windowedFinding(textsOf({ ...sample, output }), windowed(settings), signal, report),
    ),
  perPassage: true,
});

function windowed(settings: InjectionOptions): Windowed {
  const wanted = kinds.filter((kind) => settings.kinds.includes(kind));
  return { walk: () => walkInjection(settings), names: wanted.map((kind) => [kind, ...injectionNames[kind]]) };
}
