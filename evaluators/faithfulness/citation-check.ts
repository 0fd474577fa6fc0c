import { defineEvaluator } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { findQuotes, type Quote } from "../text/quotes.ts";
import { splitSentences } from "../text/sentences.ts";
import { findCitations, type Citation } from "./citations.ts";
import {
  blankContext,
  concludeByShare,
  examinePart,
  type Part,
  partNeeds,
  partOptions,
  type Stretch,
  streamPart,
} from "./part.ts";
import { isPassage, isQuotedFrom, type QuotedText, toQuotable } from "./quotation.ts";

/** Every citation of the output against the passages of the context, numbered from 1. */
export const citationCheck = defineEvaluator({
  name: "citation_check",
  description:
    "Every passage that the output cites exists, and what it quotes beside a citation stands in that passage.",
  covers:
    "Citations such as [2], [1, 3], [1-3], (doc 3) and (source 2), numbered from 1 in the order of the context, and quotes of three words or more beside them. Not examined: citations by name, title or address, and whether a passage supports what is said without quotation marks.",
  needs: partNeeds,
  options: partOptions(1),
  revision: { citations: 2 },
  evaluate: ({ output, context }, _options, { signal }) => examinePart(citationPart(context), output, signal),
  stream: ({ context = [] }, _options, { signal }) => streamPart(citationPart(context), signal),
});

const words = {
  none: "No citation to check.",
  one: "citation or cited quote",
  many: "citations and cited quotes",
  fault: "without a passage that has it",
};

function citationPart(context: readonly string[]): Part {
  const passages = context.map(toQuotable);
  return {
    unit: "line",
    nothing: blankContext(context),
    claimsOf(line) {
      const citations = findCitations(line.text);
      if (citations.length === 0) return [];
      const cited = citations.map((citation) => citationClaim(citation, line, passages.length));
      const quotes = findQuotes(line.text).filter((quote) => isPassage(quote.text));
      const beside = citationsBeside(quotes, citations, line.text);
      const quoted = quotes.flatMap((quote, at) => quoteClaim(quote, beside[at] ?? null, line, passages));
      return [...cited, ...quoted].toSorted((a, b) => a.start - b.start);
    },
    conclude: (claims) => concludeByShare(claims, words),
  };
}

function citationClaim({ text, start, end, ids }: Citation, line: Stretch, passages: number): Claim {
  const exist = ids.every((id) => id >= 1 && id <= passages);
  return {
    text,
    start: line.start + start,
    end: line.start + end,
    kind: "citation",
    verdict: exist ? "supported" : "unsupported",
  };
}

/** A quote beside a citation of nothing is not judged a second time. */
function quoteClaim(
  { text, start, end }: Quote,
  citation: Citation | null,
  line: Stretch,
  passages: readonly QuotedText[],
): Claim[] {
  const cited = (citation?.ids ?? []).flatMap((id) => passages.slice(id - 1, id));
  if (cited.length === 0) return [];
  const stands = cited.some((passage) => isQuotedFrom(text, passage));
  return [
    {
      text,
      start: line.start + start,
      end: line.start + end,
      kind: "quote",
      verdict: stands ? "supported" : "unsupported",
    },
  ];
}

/**
 * For every quote the next citation in its sentence or directly behind it, else the last one before it in the sentence. Quotes,
 * citations and sentences are in order, so one walk along the line serves all.
 */
function citationsBeside(quotes: readonly Quote[], citations: readonly Citation[], line: string): (Citation | null)[] {
  const sentences = splitSentences(line);
  let sentence = 0;
  let citation = 0;
  return quotes.map((quote) => {
    sentence = firstFrom(sentences, sentence, ({ end }) => end >= quote.end);
    citation = firstFrom(citations, citation, ({ start }) => start >= quote.end);
    const { start, end } = sentences[sentence] ?? { start: 0, end: line.length };
    const [before, behind] = [citations[citation - 1], citations[citation]];
    if (behind && isBeside(behind, end, line)) return behind;
    return before && before.end <= quote.start && before.start >= start ? before : null;
  });
}

function firstFrom<Item>(items: readonly Item[], from: number, holds: (item: Item) => boolean): number {
  for (let at = from; at < items.length; at += 1) {
    const item = items[at];
    if (item !== undefined && holds(item)) return at;
  }
  return items.length;
}

/** How far behind a full stop a citation may stand. */
const nearEnough = 8;

/** Inside the sentence, or directly behind its full stop. */
function isBeside({ start }: Citation, end: number, line: string): boolean {
  return start <= end || (start - end <= nearEnough && line.slice(end, start).trim() === "");
}
