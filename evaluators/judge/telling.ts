import { stopWords } from "../text/stop-words.ts";

/** Words of other languages that stand in any text. */
const fillers: ReadonlySet<string> = new Set(
  `der die das den dem des ein eine einer einem einen eines und oder aber ist sind war waren wird werden nicht auch auf für mit von vom bei
  aus nach über unter vor zum zur dass wenn wie als sie wir ihr sich es im am le la les un une des du de et ou mais est sont été être avec
  pour par sur dans que qui ne pas plus ce cette ces il elle ils elles nous vous leur leurs au aux el los las una unos unas del al y o pero
  es son con para por sobre en más este esta estos estas su sus se lo gli uno ma è sono per nel nella che non più questo questa della dei
  delle di os as um uma do da dos das em na não com são het een maar zijn met voor op van dat niet ook deze te и в на не что с по это как
  для из от но`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

const words = /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*/gu;

/** A digit, and a character that is a syllable or a word, tells as much as two letters. */
const heavy = /[\p{N}\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]/u;

/** Letters of words that carry meaning, without which a quotation would be found anywhere. */
const least = 4;

/** True when a folded quotation says enough to show anything: "of the" and "1" stand in every text. */
export function isTelling(quotation: string): boolean {
  // Folding takes Hangul syllables apart.
  const meaningful = (quotation.normalize("NFC").match(words) ?? []).filter(
    (word) => !stopWords.has(word) && !fillers.has(word),
  );
  let weight = 0;
  for (const character of meaningful.join("")) {
    if (/\p{M}/u.test(character)) continue;
    weight += heavy.test(character) ? 2 : 1;
    if (weight >= least) return true;
  }
  return false;
}
