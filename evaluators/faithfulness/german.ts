import type { Token } from "../text/token.ts";

const german = new Set(
  "der die das und ist nicht ein eine einen mit von für auf dem den des sie wir wird werden auch oder bei nach kann innerhalb zum zur im am ihre ihr können".split(
    " ",
  ),
);
const english = new Set("the of and is are was were to with for that by from".split(" "));
const fewest = 2;

/**
 * Whether a sentence is German: two different function words and no English one, so that neither a name that is put into it
 * ("von der Leyen") nor a German phrase in an English sentence changes what counts as a name.
 */
export function isGerman(tokens: readonly Token[]): boolean {
  if (tokens.some(({ lower }) => english.has(lower))) return false;
  return new Set(tokens.filter(({ lower }) => german.has(lower)).map(({ lower }) => lower)).size >= fewest;
}
