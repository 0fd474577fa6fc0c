import { allMatches } from "../text/all-matches.ts";
import type { Extract } from "./constraint.ts";
import { guessLanguage } from "./detect-language.ts";

/** English names of the languages that can be recognised, with their ISO 639-1 codes. */
const codes: Readonly<Record<string, string>> = {
  afrikaans: "af",
  arabic: "ar",
  bengali: "bn",
  bulgarian: "bg",
  catalan: "ca",
  chinese: "zh",
  mandarin: "zh",
  croatian: "hr",
  czech: "cs",
  danish: "da",
  dutch: "nl",
  english: "en",
  estonian: "et",
  farsi: "fa",
  persian: "fa",
  finnish: "fi",
  french: "fr",
  german: "de",
  greek: "el",
  gujarati: "gu",
  hebrew: "he",
  hindi: "hi",
  hungarian: "hu",
  icelandic: "is",
  indonesian: "id",
  irish: "ga",
  italian: "it",
  japanese: "ja",
  kannada: "kn",
  korean: "ko",
  latin: "la",
  latvian: "lv",
  lithuanian: "lt",
  macedonian: "mk",
  malayalam: "ml",
  malay: "ms",
  marathi: "mr",
  nepali: "ne",
  norwegian: "no",
  polish: "pl",
  portuguese: "pt",
  punjabi: "pa",
  romanian: "ro",
  russian: "ru",
  serbian: "sr",
  albanian: "sq",
  welsh: "cy",
  slovak: "sk",
  slovenian: "sl",
  somali: "so",
  spanish: "es",
  swahili: "sw",
  swedish: "sv",
  tagalog: "tl",
  tamil: "ta",
  telugu: "te",
  thai: "th",
  turkish: "tr",
  ukrainian: "uk",
  urdu: "ur",
  vietnamese: "vi",
};
/** ISO 639-1 codes of the languages that can be recognised. */
export const languageCodes: readonly string[] = [...new Set(Object.values(codes))].toSorted();

/** Languages that the detector takes for each other too often to decide between them. */
const near: readonly (readonly string[])[] = [
  ["no", "da", "sv"],
  ["hr", "sr", "sl"],
  ["sr", "mk", "bg"],
  ["cs", "sk"],
  ["es", "ca", "pt"],
  ["id", "ms", "tl"],
  ["ar", "fa", "ur"],
];

const language = `(?<language>${Object.keys(codes).join("|")})`;
/** What may follow the name of a language that is one, and not the kind of a village or a dish. */
const goesOn =
  "(?= ?(?:[^\\p{L}\\d\\s-]|\\n|$)| (?:languages?|and|or|with|without|using|only|please|as|for|about|to|so|but|because|then|that|which|who|no|not|throughout|instead|in|at|by|while|if|when|script|letters|from|where|this|all|of|rather|on|exclusively)\\b)";
const demands = [
  `\\b(?:answer|respond|reply|write|rewrite|expand|give|create|speak|compose|output|response|reply|letter|text|essay|everything|written|translate|translation|poem|story|article|email)\\b[^.!?\\n]{0,60}?\\b(?:in|into|to|using)(?: only| just| entirely)?(?: the)? ${language}\\b${goesOn}`,
  `\\b(?:be|only|entirely|completely|strictly)(?: \\w+){0,2}? in(?: the)? ${language}\\b${goesOn}(?! only)`,
  `\\b(?:only|just|entirely)(?: in| use| using)?(?: the)? ${language}\\b${goesOn}`,
  `\\b(?:use|using)(?: in)?(?: the)? ${language}(?: language)?\\b(?: only|,? no other| is allowed| language)`,
  `^\\W*in ${language}[,:]`,
].map((source) => new RegExp(source, "giu"));
/** "In German and English", "into French, then into German". */
const another = new RegExp(
  `^(?: language)?(?:,| and| or|/| then)+ ?(?:(?:into|in|to|then|also) )*${language}\\b`,
  "iu",
);
/** Fewer letters than this say too little about the language. */
const fewest = 12;

/** A demand on the language of the answer; none when several languages are named. */
export const languageConstraints: Extract = (instruction) => {
  const named = new Set(
    demands.flatMap((pattern) =>
      allMatches(instruction, pattern).flatMap((match) =>
        [
          match.groups?.["language"]?.toLowerCase() ?? "",
          another.exec(instruction.slice(match.index + match[0].length))?.groups?.["language"]?.toLowerCase() ?? [],
        ].flat(),
      ),
    ),
  );
  const [name] = named;
  const code = name === undefined ? undefined : codes[name];
  if (code === undefined || name === undefined || named.size > 1) return [];
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [
    {
      id: "language:response_language",
      question: `Is the answer in ${title}?`,
      label: "language",
      holds: (output) => isIn(code, output),
    },
  ];
};

/** Less than this says nothing: texts of one case, names or numbers look like any language. */
export const leastWeight = 0.1;

/** Whether a detector takes one of two languages for the other too often to decide between them. */
export function areNear(one: string, other: string): boolean {
  return near.some((family) => family.includes(one) && family.includes(other));
}

/** Whether a text is in a language; null when too little of it tells. */
export function isIn(code: string, output: string): boolean | null {
  if ((output.slice(0, 1000).match(/\p{L}/gu)?.length ?? 0) < fewest) return null;
  const guess = guessLanguage(output);
  if (guess === null) return null;
  if (guess.code === code || areNear(guess.code, code)) return true;
  return guess.weight < leastWeight || (code === "en" && guess.weight < 2 * guess.english) ? null : false;
}
