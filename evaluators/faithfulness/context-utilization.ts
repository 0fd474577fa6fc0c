import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { mapInSlices } from "../text/map-in-slices.ts";
import { splitSentences } from "../text/sentences.ts";
import { streamWhole } from "../text/stream-whole.ts";
import { blankContext, partNeeds, partOptions } from "./part.ts";
import { indexContext } from "./passages.ts";
import { readSentence } from "./reading.ts";

/**
 * How much of the output comes from the context, and how much of the context went into it: the harmonic mean of the two
 * shares, which RAGBench calls adherence and utilization (Friel, Belyi and Sanyal 2024, arXiv 2407.11005), here by words.
 */
export const contextUtilization = defineEvaluator({
  name: "context_utilization",
  description: "The output draws on the context, and on a good part of its passages.",
  covers:
    "The different meaningful words of the output that the context has, and the passages that have most of the words of some sentence of the output. Not examined: paraphrase in other words, and whether the passages that were left out mattered.",
  needs: partNeeds,
  options: partOptions(0.5),
  revision: { utilization: 2 },
  evaluate: ({ output, context }, _options, { signal }) => utilizationOf(output, context, signal),
  stream: ({ context = [] }, _options, { signal }) => streamWhole((output) => utilizationOf(output, context, signal)),
});

/** A sentence draws on a passage that has at least this share of its words, and no other passage more of them. */
const drawn = 0.5;

async function utilizationOf(output: string, context: readonly string[], signal: AbortSignal): Promise<Finding> {
  const nothing = blankContext(context);
  if (nothing !== null) return { abstained: nothing };
  const sentences = await mapInSlices(splitSentences(output), ({ text }) => new Set(readSentence(text).words), signal);
  const words = new Set(sentences.flatMap((sentence) => [...sentence]));
  if (words.size === 0) return { abstained: "No meaningful word in the output." };
  const filled = context.filter((passage) => passage.trim() !== "");
  const passages = await mapInSlices(filled, (passage) => indexContext([passage]), signal);
  const found = [...words].filter((word) => passages.some((passage) => passage.has(word))).length;
  const sources = await mapInSlices(sentences, (sentence) => sourcesOf(sentence, passages), signal);
  const used = new Set(sources.flat());
  const [grounded, utilized] = [found / words.size, used.size / passages.length];
  return {
    score: grounded + utilized === 0 ? 0 : (2 * grounded * utilized) / (grounded + utilized),
    reason: `${found} of ${words.size} different words come from the context, and ${used.size} of ${passages.length} passages were used.`,
  };
}

/** The passages that have most of a sentence's words, if they have enough of them; several where they have equally many. */
function sourcesOf(words: ReadonlySet<string>, passages: readonly { has(stem: string): boolean }[]): number[] {
  if (words.size === 0) return [];
  const shares = passages.map((passage) => [...words].filter((word) => passage.has(word)).length / words.size);
  const most = Math.max(...shares);
  return most < drawn ? [] : shares.flatMap((share, at) => (share === most ? [at] : []));
}
