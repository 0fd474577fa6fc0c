import { type Sentence, splitSentences } from "./sentences.ts";

/** What became certain of a text with its latest piece. */
export interface Settled {
  /** Sentences that no further text can change, with offsets in the whole text. */
  readonly sentences: readonly Sentence[];
  /** So many UTF-16 code units lie before the end of the last certain sentence. */
  readonly settled: number;
}

/** Reads a text that arrives in pieces, cut anywhere, into the sentences that `splitSentences` finds in the whole. */
export interface SentenceReader {
  push(piece: string): Settled;
  /** Everything so far. */
  text(): string;
}

/** The text is split again when its open part has grown by this share, so that the work stays in proportion to its length. */
const growth = 8;

export function createSentenceReader(): SentenceReader {
  let text = "";
  /** Where a paragraph begins at which reading can begin anew. */
  let from = 0;
  let read = 0;
  let settled = 0;
  return {
    text: () => text,
    push(piece) {
      text += piece;
      if ((text.length - read) * growth < text.length - from) return { sentences: [], settled };
      read = text.length;
      const open = splitSentences(text.slice(from)).map((one) => ({
        ...one,
        start: one.start + from,
        end: one.end + from,
      }));
      const sentences = open.slice(0, certain(open)).filter(({ start }) => start >= settled);
      settled = sentences.at(-1)?.end ?? settled;
      from = paragraphBefore(text, from, settled);
      return { sentences, settled };
    },
  };
}

/** How many of the first sentences are certain: those behind which another one has begun with a letter or a digit. */
function certain(sentences: readonly Sentence[]): number {
  const last = sentences.findLastIndex(({ text }) => /[\p{L}\p{N}]/u.test(text));
  return Math.max(0, last);
}

const fence = /^[^\S\n]*(?:```|~~~)/gm;

/** The last blank line before a place that stands outside of fenced code. */
function paragraphBefore(text: string, from: number, place: number): number {
  const blank = text.lastIndexOf("\n\n", place - 2);
  if (blank < from) return from;
  const fences = text.slice(from, blank).match(fence)?.length ?? 0;
  return fences % 2 === 0 ? blank + 2 : from;
}
