import { detect } from "tinyld";
import type { Extract } from "./constraint.ts";

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
  marathi: "mr",
  norwegian: "no",
  polish: "pl",
  portuguese: "pt",
  punjabi: "pa",
  romanian: "ro",
  russian: "ru",
  serbian: "sr",
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
/** Languages that the detector takes for each other too often to decide between them. */
const near: readonly (readonly string[])[] = [
  ["no", "da", "sv"],
  ["hr", "sr", "sl", "mk", "bg"],
  ["cs", "sk"],
  ["es", "ca", "pt"],
  ["id", "ms", "tl"],
  ["hi", "mr", "ne"],
  ["ar", "fa", "ur"],
];

const language = `(?<language>${Object.keys(codes).join("|")})`;
const demands = [
  `\\b(?:answer|respond|reply|write|speak|compose|output|response|reply|letter|text|essay|everything|only|entirely|completely|written|translate|translation|be|strictly|poem|story|article|email)\\b[^.!?\\n]{0,60}?\\b(?:in|into|to|using)(?: only| just| entirely)?(?: the)? ${language}\\b(?! (?:words?|style|food|cuisine|history|accent|teacher|class|literature))`,
  `\\b(?:only|just|entirely|use|using)(?: in)?(?: the)? ${language}(?: language)?\\b(?: only|,? no other| is allowed| language)`,
  `^\\W*in ${language}[,:]`,
].map((source) => new RegExp(source, "giu"));
/** Fewer letters than this say too little about the language. */
const fewest = 12;

/** A demand on the language of the answer; none when several languages are named. */
export const languageConstraints: Extract = (instruction) => {
  const named = new Set(
    demands.flatMap((pattern) =>
      [...instruction.matchAll(pattern)].map((match) => match.groups?.["language"]?.toLowerCase() ?? ""),
    ),
  );
  const [name] = named;
  const code = name === undefined ? undefined : codes[name];
  if (code === undefined || name === undefined || named.size > 1) return [];
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [
    {
      id: "language",
      question: `Is the answer in ${title}?`,
      label: "language",
      holds: (output) => isIn(code, output),
    },
  ];
};

function isIn(code: string, output: string): boolean | null {
  if ((output.match(/\p{L}/gu)?.length ?? 0) < fewest) return null;
  const found = detect(output.slice(0, 4000).toLowerCase());
  if (found === "") return null;
  return found === code || near.some((family) => family.includes(code) && family.includes(found));
}
