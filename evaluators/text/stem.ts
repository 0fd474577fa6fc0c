const vowel = /[aeiouy]/;

/**
 * A word without its inflection, so that "cancelled", "cancels" and "cancellation" meet. Light suffix stripping in the
 * manner of Porter (1980), with fewer steps; lower case, without accents. Words of other languages lose little.
 */
export function stem(word: string): string {
  let stemmed = fold(word).replace(/['’]s?$/u, "");
  if (stemmed.length < 4 || /\d/.test(stemmed)) return stemmed;
  stemmed = withoutPlural(stemmed);
  const bare = withoutSuffix(stemmed);
  const single = bare === stemmed ? bare : undouble(bare);
  return single.length > 3 && single.endsWith("e") ? single.slice(0, -1) : single.replace(/(?<=...)y$/, "i");
}

/** Lower case without accents and signs that have no width. */
export function fold(word: string): string {
  const lower = word.toLowerCase();
  // oxlint-disable-next-line no-control-regex -- the plain case, which needs no normalisation
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, "");
}

function withoutPlural(word: string): string {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

const suffixes = [
  "ability",
  "ibility",
  "ations",
  "ation",
  "ition",
  "ement",
  "ment",
  "ness",
  "able",
  "ible",
  "ing",
  "ion",
  "ed",
  "ly",
  "er",
] as const;

function withoutSuffix(word: string): string {
  for (const suffix of suffixes) {
    if (!word.endsWith(suffix)) continue;
    const rest = word.slice(0, -suffix.length);
    const shortest = suffix === "ing" || suffix === "ed" ? 3 : 4;
    return rest.length >= shortest && vowel.test(rest) ? rest : word;
  }
  return word;
}

function undouble(word: string): string {
  return /([bcdfgklmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}
