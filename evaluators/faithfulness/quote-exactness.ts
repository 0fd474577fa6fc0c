import { defineEvaluator } from "../define-evaluator.ts";
import { findQuotes } from "../text/quotes.ts";
import { blankContext, concludeByShare, examinePart, type Part, partNeeds, partOptions, streamPart } from "./part.ts";
import { fewestWords, isPassage, isQuotedFrom, toQuotable } from "./quotation.ts";

/** Every quoted passage of the output against the words of the context. */
export const quoteExactness = defineEvaluator({
  name: "quote_exactness",
  description: "Every passage that the output puts in quotation marks stands word for word in the context.",
  covers:
    "Quotes of three words or more on one line, in any of the usual marks but single ones; capitals, punctuation and marked omissions may differ. Not examined: shorter quotes, quotes across lines, and whether a quote comes from whom it is ascribed to.",
  needs: partNeeds,
  options: partOptions(1),
  revision: { quotes: 2, fewestWords },
  evaluate: ({ output, context }, _options, { signal }) => examinePart(quotePart(context), output, signal),
  stream: ({ context = [] }, _options, { signal }) => streamPart(quotePart(context), signal),
});

const words = {
  none: "No quoted passage of three words or more.",
  one: "quote",
  many: "quotes",
  fault: "not in the context word for word",
};

function quotePart(context: readonly string[]): Part {
  const passages = context.map(toQuotable);
  return {
    unit: "line",
    nothing: blankContext(context),
    claimsOf: ({ text, start }) =>
      findQuotes(text)
        .filter((quote) => isPassage(quote.text))
        .map((quote) => ({
          text: quote.text,
          start: start + quote.start,
          end: start + quote.end,
          kind: "quote",
          verdict: passages.some((passage) => isQuotedFrom(quote.text, passage)) ? "supported" : "unsupported",
        })),
    conclude: (claims) => concludeByShare(claims, words),
  };
}
