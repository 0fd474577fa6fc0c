import { type Extract, when } from "./constraint.ts";
import { amount, isWithin, relation, toRange } from "./quantity.ts";

const capitals =
  "(?:all[ -]?caps|(?:all )?capital(?:ized|ised)?(?: letters?)?|upper[ -]?case(?: letters?)?|block letters)";
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

/** Demands on letter case and on marks that must not occur. */
export const characterConstraints: Extract = (instruction) => [
  ...caseConstraints(instruction),
  ...capitalWords(instruction),
  ...marks.flatMap(([name, words, mark]) =>
    when(
      instruction,
      new RegExp(
        `(?:\\b(?:no|not|cannot|without|avoid|never|refrain from|exclude|free of|omit)|n't)\\b(?: (?:use|using|include|including|contain|containing|allowed to use|have|having|the use of|any|a|single|be|add|adding|put|all|contain any|use of)){0,4} (?:${words})(?![\\p{L}])`,
        "iu",
      ),
      {
        id: `no_${name.replace(" ", "_")}`,
        question: `Is the answer free of ${name}?`,
        label: `no ${name}`,
        holds: (output) => !mark.test(output),
      },
    ),
  ),
];

function caseConstraints(instruction: string) {
  const upper = new RegExp(
    `\\b${whole}\\b[^.!?\\n]{0,40}\\b(?:in|only|using|use|with|be|entirely)\\b (?:english,? (?:and )?(?:in )?)?(?:only |just |all |entirely (?:in )?)?(?:\\w+ )?${capitals}(?! words?|\\s?i[sz]ed|s? of\\b)|\\ball caps\\b`,
    "iu",
  );
  const lower =
    /\b(?:in|use|using|only|all|entirely|be|with|your|answer|respond|reply|write|letters)\b[^.!?\n]{0,40}\b(?:lower[ -]?cases?|small letters)\b|\b(?:no|without(?: using)?(?: any)?|not use(?: any)?|n't use(?: any)?) (?:capital|upper ?case) letters?\b/iu;
  const noLower = /\b(?:no|not|cannot|without|avoid|never)\b[^.!?\n]{0,50}(?:lower[ -]?case|small letters)/iu;
  const forbids = /\b(?:no|not|without|avoid|never|don't)\b[^.!?\n]{0,30}(?:capital|upper[ -]?case|all[ -]?caps)/iu;
  return [
    ...(upper.test(instruction) &&
    !forbids.test(instruction) &&
    !someWords.test(instruction) &&
    (!lower.test(instruction) || noLower.test(instruction))
      ? [
          {
            id: "upper_case",
            question: "Is the whole answer in capital letters?",
            label: "capital letters only",
            holds: (output: string) => caseOf(output, /\p{Ll}/u),
          },
        ]
      : []),
    ...when(noLower.test(instruction) ? "" : instruction, lower, {
      id: "lower_case",
      question: "Is the whole answer in lower case?",
      label: "lower case only",
      holds: (output) => caseOf(output, /\p{Lu}/u),
    }),
  ];
}

/** Without a letter that has a case there is nothing to tell. */
function caseOf(output: string, wrong: RegExp): boolean | null {
  return /[\p{Ll}\p{Lu}]/u.test(output) ? !wrong.test(output) : null;
}

function capitalWords(instruction: string) {
  const { before, number, before2, number2 } = countedCapitals.exec(instruction)?.groups ?? {};
  const range = toRange(before ?? before2, number ?? number2 ?? "", undefined, "ignore");
  if (!range) return [];
  const holds = (output: string) =>
    isWithin(output.match(/(?<![\p{L}\p{N}])\p{Lu}[\p{Lu}\p{N}'’-]*(?![\p{L}\p{N}])/gu)?.length ?? 0, range);
  return [
    {
      id: "capital_words",
      question: `Are ${range.words} words in capital letters?`,
      label: "number of words in capital letters",
      holds,
    },
  ];
}
