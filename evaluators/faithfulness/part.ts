import { z } from "zod";
import type { EvaluatorStream, Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { mapInSlices } from "../text/map-in-slices.ts";
import { createLineReader } from "../text/line-reader.ts";
import { createSentenceReader } from "../text/sentence-reader.ts";
import { splitLines } from "../text/lines.ts";
import { type Sentence, splitSentences } from "../text/sentences.ts";

/** A stretch of the output with its offsets. */
export type Stretch = Pick<Sentence, "text" | "start" | "end">;

/** What a part of faithfulness needs of a sample. */
export const partNeeds = z.object({ output: z.string(), context: z.array(z.string()).min(1) });

/** Options of evaluators that decide by code alone; they pass at a score of `threshold` or above. */
export function partOptions(threshold: number) {
  return z.strictObject({
    engine: z.literal("local").default("local"),
    threshold: z.number().min(0).max(1).default(threshold),
    judge: z.undefined().optional(),
  });
}

/** An examination of stretches one by one. */
export interface Part {
  /** Whether a stretch is a sentence or a line. */
  readonly unit: "sentence" | "line";
  /** Why there is nothing to compare with; null when there is something. */
  readonly nothing: string | null;
  /** What is found in one stretch, whatever stands around it. Offsets count in the whole output. */
  claimsOf(stretch: Stretch): readonly Claim[];
  /** The verdict on everything that was found. */
  conclude(claims: readonly Claim[]): Finding;
}

/** Examines a whole answer. */
export async function examinePart(part: Part, output: string, signal: AbortSignal): Promise<Finding> {
  if (part.nothing !== null) return { abstained: part.nothing };
  const stretches: readonly Stretch[] = part.unit === "line" ? splitLines(output) : splitSentences(output);
  const claims = await mapInSlices(stretches, (stretch) => part.claimsOf(stretch), signal);
  return part.conclude(claims.flat());
}

/** Examines an answer while it arrives. */
export function streamPart(part: Part, signal: AbortSignal): EvaluatorStream {
  const reader = part.unit === "line" ? createLineReader() : createSentenceReader();
  return {
    push(text) {
      const { sentences, settled } = reader.push(text);
      if (part.nothing !== null) return { settled: 0, claims: [] };
      return { settled, claims: sentences.flatMap((sentence) => part.claimsOf(sentence)) };
    },
    end: () => examinePart(part, reader.text(), signal),
  };
}

/** Why a blank context can support nothing. */
export function blankContext(context: readonly string[]): string | null {
  return context.every((passage) => passage.trim() === "")
    ? "The context is empty, so there is nothing to compare with."
    : null;
}

/** The share of claims that hold, with a sentence about the rest; abstains when there is none. */
export function concludeByShare(
  claims: readonly Claim[],
  words: { readonly none: string; readonly one: string; readonly many: string; readonly fault: string },
): Finding {
  const total = claims.length;
  if (total === 0) return { abstained: words.none };
  const wrong = claims.filter(({ verdict }) => verdict !== "supported").length;
  const what = total === 1 ? words.one : words.many;
  const reason = wrong === 0 ? `Nothing wrong with ${total} ${what}.` : `${wrong} of ${total} ${what} ${words.fault}.`;
  return { score: (total - wrong) / total, reason, claims };
}
