import { type Constraint, type Extract, when } from "./constraint.ts";
import { amount, isWithin, quantity, readQuantity, relation, toRange } from "./quantity.ts";

const capitals =
  "(?:all[ -]?caps|all capitals?(?: letters?)?|capital(?:ized|ised)? letters?|capitals|capitali[sz]ed|upper[ -]?case(?: letters?)?|block letters)";
const whole =
  "(?:your|the|my|this|whole|entire|all|everything|in|only|use|using|answer|respond|response|reply|write|written|output|be|letters)";
const someWords = new RegExp(
  `(?:${capitals} words?|words? (?:(?:or|and) phrases |in (?:the|your) \\w+ |should |must |to )*(?:be )?(?:in|with|written in) (?:all )?${capitals})`,
  "iu",
);
const countedCapitals = new RegExp(
  `(?<before>${relation}) (?<number>${amount})(?: times)?[^.!?\\n]{0,20}?${someWords.source}|${someWords.source}[^.!?\\n]{0,50}?(?<before2>${relation}) (?<number2>${amount}) times`,
  "iu",
);

const capitalised = `(?:${someWords.source}|capitali[sz]ed words?|stress words|words? in (?:all )?caps)`;
const moreCounts = [
  `${capitalised}[^.!?\\n]{0,50}?(?<![\\p{L}\\d.-])${quantity}`,
  `(?<![\\p{L}\\d.-])${quantity} (?:\\w+ ){0,2}?${capitalised}`,
  `\\bstress words\\b[^!?\\n]{0,80}?(?<![\\p{L}\\d.-])${quantity} times`,
].map((source) => new RegExp(source, "iu"));

/** Marks that an instruction may forbid, by the words for them. */
const marks: readonly (readonly [name: string, words: string, mark: RegExp])[] = [
  ["commas", "commas?", /[,，、]/u],
  ["exclamation marks", "exclamation (?:marks?|points?)", /[!！]/u],
  ["question marks", "question marks?", /[?？]/u],
  ["semicolons", "semi-?colons?", /;/u],
  ["dashes", "(?:em[ -]?)dash(?:es)?", /[—–]/u],
  ["emojis", "emojis?|emoticons?", /\p{Extended_Pictographic}/u],
  ["digits", "(?:digits|numerals)", /\p{Nd}/u],
];

const bannedMarks = marks.map(([name, words, mark]) => ({
  named: new RegExp(words, "iu"),
  pattern: new RegExp(
    `(?:\\b(?:no|not|cannot|without|avoid|never|refrain from|steer clear of|stay away from|exclude|free of|free from|omit)|n't)\\b(?: (?:use|using|include|including|contain|containing|allowed to use|have|having|the use of|any|a|single|be|add|adding|put|all|contain any|use of)){0,4} (?:${words})(?![\\p{L}])|(?<![\\p{L}])(?:${words}) (?:are|is|must|should|may|can)(?: not|n't) (?:be )?(?:allowed|permitted|used|appear|included)`,
    "iu",
  ),
  constraint: {
    id: name === "commas" ? "punctuation:no_comma" : `punctuation:no_${name.replace(" ", "_")}`,
    question: `Is the answer free of ${name}?`,
    label: `no ${name}`,
    holds: (output: string) => !mark.test(output),
    marks: { kind: "forbidden_mark", mark },
  },
}));

/** Demands on letter case and on marks that must not occur. */
export const characterConstraints: Extract = (instruction) => [
  ...(anyCase.test(instruction) ? [...caseConstraints(instruction), ...capitalWords(instruction)] : []),
  ...bannedMarks.flatMap(({ named, pattern, constraint }) =>
    named.test(instruction) ? when(instruction, pattern, constraint) : [],
  ),
];

/** Without one of these words nothing is demanded of letter case: a look for them costs less than a search that fails. */
const anyCase = /cap|upper|lower|block letters|small letters|stress words/iu;

const upper = new RegExp(
  `\\b${whole}\\b[^.!?\\n]{0,40}\\b(?:in|only|using|use|with|be|entirely|all)\\b (?:english,? (?:and )?(?:in )?)?(?:only |just |all |entirely (?:in )?)?(?:\\w+ )?${capitals}(?! words?|\\s?i[sz]ed|s? of\\b)|\\b(?:all|every|each)(?: \\w+){0,2} (?:letters?|words?)\\b[^.!?\\n]{0,40}\\bcapitali[sz]ed\\b|\\bcapitali[sz]e (?:all|every|each)(?: \\w+)? (?:letters?|words?)\\b|\\ball caps\\b`,
  "iu",
);
const small = "(?:lower[ -]?case[sd]?|small letters)";
const large = "(?:capital(?:i[sz]ed)?|upper[ -]?case)";
const lower = new RegExp(
  `\\b(?:in|use|using|only|all|entirely|be|with|your|answer|respond|reply|write|letters)\\b[^.!?\\n]{0,40}\\b${small}\\b|\\b(?:no|without(?: using)?(?: any)?|not (?:use|contain|include|have)(?: any)?|n't (?:use|contain|include|have)(?: any)?|avoid(?: using)?(?: any)?|refrain from(?: using)?(?: any)?) ${large} letters?\\b(?! words?)|\\bnot a single (?:letter|character|word)\\b[^.!?\\n]{0,50}\\b${large}`,
  "iu",
);
const noLower = new RegExp(
  `\\b(?:no|not|cannot|without|avoid|never)\\b[^.!?\\n]{0,60}${small}|n't\\b[^.!?\\n]{0,60}${small}`,
  "iu",
);
const noUpper = /(?:\b(?:no|not|without|avoid|never)|n't)\b[^.!?\n]{0,40}(?:capital|upper[ -]?case|all[ -]?caps)/iu;

function caseConstraints(instruction: string): Constraint[] {
  const forbidsSmall = noLower.test(instruction);
  if (lower.test(instruction) && !forbidsSmall) return [lowerCase];
  const found = upper.exec(instruction);
  const isUpper =
    found !== null && !isAboutPart(instruction, found) && !noUpper.test(instruction) && !someWords.test(instruction);
  return isUpper && (forbidsSmall || !lower.test(instruction)) ? [upperCase] : [];
}

/** "Put the title in capitals". */
function isAboutPart(instruction: string, { index, 0: found }: RegExpExecArray): boolean {
  const sentence =
    instruction
      .slice(Math.max(0, index - 60), index + found.length)
      .split(/[.!?\n]/u)
      .at(-1) ?? "";
  return /\b(?:titles?|head(?:ing|er|line)s?|subject|labels?|buttons?|first letters?)\b/iu.test(sentence);
}

const upperCase: Constraint = {
  id: "change_case:english_capital",
  question: "Is the whole answer in capital letters?",
  label: "capital letters only",
  holds: (output) => caseOf(output, /\p{Ll}/u),
};
const lowerCase: Constraint = {
  id: "change_case:english_lowercase",
  question: "Is the whole answer in lower case?",
  label: "lower case only",
  holds: (output) => caseOf(output, /\p{Lu}/u),
};

/** Without a letter that has a case there is nothing to tell. */
function caseOf(output: string, wrong: RegExp): boolean | null {
  return /[\p{Ll}\p{Lu}]/u.test(output) ? !wrong.test(output) : null;
}

function capitalWords(instruction: string) {
  const { before, number, before2, number2 } = countedCapitals.exec(instruction)?.groups ?? {};
  const range =
    toRange(before ?? before2, number ?? number2 ?? "", undefined, "ignore") ??
    moreCounts
      .map((pattern) => readQuantity(pattern.exec(instruction)?.groups ?? {}, "ignore"))
      .find((one) => one !== null);
  if (!range) return [];
  const holds = (output: string) =>
    isWithin(output.match(/(?<![\p{L}\p{N}])\p{Lu}[\p{Lu}\p{N}'’-]*(?![\p{L}\p{N}])/gu)?.length ?? 0, range);
  return [
    {
      id: "change_case:capital_word_frequency",
      question: `Are ${range.words} words in capital letters?`,
      label: "number of words in capital letters",
      holds,
    },
  ];
}
