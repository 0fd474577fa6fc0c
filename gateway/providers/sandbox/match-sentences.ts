const stopWords = new Set(
  "a an and any are as at be been but by can could did do does for from had has have how i if in is it its let many me much my no not of on or our please shall should so tell than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your".split(
    " ",
  ),
);

/** The words that carry meaning, without a plural s and cut to five letters, so that "refunds" meets "refunded". */
export function wordStems(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words.filter((word) => !stopWords.has(word)).map((word) => word.replace(/(?<=\p{L}{2}[^s])s$/u, "").slice(0, 5)),
  );
}

/**
 * The sentence that has most in common with the question, rare words counting more, and a second one when it answers a part
 * of the question that the first leaves open; in the order of the text. Empty when nothing has anything in common.
 */
export function matchSentences(question: string, sentences: readonly string[]): readonly string[] {
  const stemmed = sentences.map((sentence) => ({ sentence, stems: wordStems(sentence) }));
  const asked = [...wordStems(question)];
  const weight = (stem: string) => {
    const holders = stemmed.filter(({ stems }) => stems.has(stem)).length;
    return holders === 0 ? 0 : Math.log(1 + sentences.length / holders);
  };
  const weights = new Map(asked.map((stem) => [stem, weight(stem)]));
  const first = best(stemmed, weights);
  if (first === undefined) return [];
  const open = new Map([...weights].filter(([stem]) => !first.stems.has(stem)));
  const second = best(stemmed, open);
  const chosen = second && second.score >= first.score / 2 ? [first, second] : [first];
  return chosen.sort((left, right) => left.index - right.index).map(({ sentence }) => sentence);
}

interface Stemmed {
  readonly sentence: string;
  readonly stems: ReadonlySet<string>;
}

function best(sentences: readonly Stemmed[], weights: ReadonlyMap<string, number>) {
  let found: (Stemmed & { readonly index: number; readonly score: number }) | undefined;
  for (const [index, { sentence, stems }] of sentences.entries()) {
    let score = 0;
    for (const [stem, weight] of weights) if (stems.has(stem)) score += weight;
    if (score > (found?.score ?? 0)) found = { sentence, stems, index, score };
  }
  return found;
}
