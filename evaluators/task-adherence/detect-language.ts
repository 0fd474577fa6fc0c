import { detectAll } from "tinyld";

/** Longest text that is read: more says nothing new about the language. */
const longest = 4000;

/** What a text seems to be written in. */
export interface LanguageGuess {
  /** ISO 639-1. */
  readonly code: string;
  /** How much speaks for `code`, and how much for English; between 0 and 1, comparable with each other only. */
  readonly weight: number;
  readonly english: number;
}

/** The language of a text; null where nothing in it tells. Reads the script first, then telling words, then n-grams. */
export function guessLanguage(text: string): LanguageGuess | null {
  const read = text.slice(0, longest).toLowerCase();
  const own = languageOfScript(read) ?? languageOfWords(read);
  if (own !== null) return { code: own, weight: 1, english: 0 };
  const all = detectAll(read);
  const [first] = all;
  if (!first) return null;
  const english = all.find(({ lang }) => lang === "en")?.accuracy ?? 0;
  return { code: first.lang, weight: first.accuracy, english };
}

/** The language of a text as an ISO 639-1 code; null where nothing in it tells. */
export function detectLanguage(text: string): string | null {
  return guessLanguage(text)?.code ?? null;
}

/** Scripts that write one language nearly always. */
const scripts: readonly (readonly [code: string, letter: RegExp])[] = [
  ["pa", /\p{Script=Gurmukhi}/gu],
  ["ml", /\p{Script=Malayalam}/gu],
  ["gu", /\p{Script=Gujarati}/gu],
  ["ta", /\p{Script=Tamil}/gu],
  ["te", /\p{Script=Telugu}/gu],
  ["kn", /\p{Script=Kannada}/gu],
  ["th", /\p{Script=Thai}/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["ka", /\p{Script=Georgian}/gu],
  ["si", /\p{Script=Sinhala}/gu],
];

function languageOfScript(text: string): string | null {
  if (!/[^\p{ASCII}]/u.test(text)) return null;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const devanagari = text.match(/\p{Script=Devanagari}/gu)?.length ?? 0;
  if (devanagari * 3 > letters) return languageOfDevanagari(text);
  const found = scripts.find(([, letter]) => (text.match(letter)?.length ?? 0) * 2 > letters);
  return found?.[0] ?? null;
}

/** Endings and words that tell apart the three large languages in one script. */
function languageOfDevanagari(text: string): string {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const marathi = count(/ळ|आहे|आणि|नाही|च्या|मध्ये|साठी/gu);
  const nepali = count(/[छ](?:न्)?(?![\p{L}\p{M}])|हरू|होस्|लाई|भएको|गर्न/gu);
  const hindi = count(/है|और|नहीं|में(?![\p{L}\p{M}])|(?<![\p{L}\p{M}])(?:का|की|के|से|को)(?![\p{L}\p{M}])/gu);
  if (marathi > hindi && marathi >= nepali) return "mr";
  return nepali > hindi ? "ne" : "hi";
}

/** Frequent words of languages that n-grams of the detector do not know. */
const telling: Readonly<Record<string, ReadonlySet<string>>> = {
  sw: new Set(
    "na ya wa kwa ni katika za kuwa hii hiyo yake wake lakini sana pia kama sababu watu mtu kila hapa huo hizi yangu".split(
      " ",
    ),
  ),
  so: new Set("waa iyo oo ka ku ayaa inay soo waxaa waxay aan ah kale ayay uu waxuu".split(" ")),
  ca: new Set("amb els dels és són aquest aquesta també però molt seva seves perquè això uns i les".split(" ")),
  sq: new Set("dhe të një në që për nga është më janë ka si kjo ky duke shumë".split(" ")),
  cy: new Set("yn yr mae gan wedi eich gyda sydd hefyd hwn rhai ond ei".split(" ")),
  sl: new Set("je in da se za ki ali tudi pri biti lahko sem kot ste smo zelo".split(" ")),
  hr: new Set("je i da se za ili također biti može kao što ste smo koji koja vrlo samo".split(" ")),
};
/** So many words of a hundred must be telling ones, and so many of them different. */
const leastShare = 0.2;
const leastDifferent = 3;

function languageOfWords(text: string): string | null {
  const words = text.match(/\p{L}+/gu) ?? [];
  const [best] = Object.entries(telling)
    .map(([code, known]) => {
      const found = words.filter((word) => known.has(word));
      return { code, share: found.length / words.length, different: new Set(found).size };
    })
    .filter(({ share, different }) => share >= leastShare && different >= leastDifferent)
    .sort((a, b) => b.different - a.different || b.share - a.share);
  return best?.code ?? null;
}
