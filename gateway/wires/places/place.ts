import { parseExactly } from "../parse-exactly.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { stringsIn } from "../strings-in.ts";
import type { TextPlace } from "../wire.ts";

/** A place without what stands there. */
export type PlaceName = Pick<TextPlace, "type" | "choice" | "part">;

/** A string in a JSON value, which can be replaced. */
export type Slot = Pick<TextPlace, "text" | "set">;

/** The text in a member, however deep. No place where there are several: a reader makes one of them, which cannot be put back. */
export function textPlace(name: PlaceName, holder: JsonObject, member: string): TextPlace[] {
  return onlyPlace(name, slotsIn(holder, member));
}

/** The place that these texts are when there is one of them. */
export function onlyPlace(name: PlaceName, slots: readonly Slot[]): TextPlace[] {
  const [slot] = slots;
  return slot && slots.length === 1 ? [{ ...name, ...slot }] : [];
}

/** Every text in a member that `stringsIn` reads there. */
export function slotsIn(holder: object, member: string | number): Slot[] {
  const value: unknown = Reflect.get(holder, member);
  if (typeof value === "string") {
    return value === "" ? [] : [{ text: value, set: (text) => void Reflect.set(holder, member, text) }];
  }
  if (Array.isArray(value)) return value.flatMap((_each, index) => slotsIn(value, index));
  if (!isJsonObject(value)) return [];
  return Object.keys(value).flatMap((key) => (stringsIn({ [key]: value[key] }) === "" ? [] : slotsIn(value, key)));
}

/** What a tool is called with: a text, or JSON in place of its text. */
export function callPlace(choice: number, index: number, holder: JsonObject, member: string): TextPlace[] {
  const given = holder[member];
  const text = typeof given === "string" || given === undefined ? given : JSON.stringify(given);
  if (text === undefined || text === "") return [];
  const set = (next: string) => void Reflect.set(holder, member, typeof given === "string" ? next : valueOf(next));
  return [{ type: "tool-call-delta", choice, part: `${index}`, text, set }];
}

/** Nothing is what an empty object says. What is no JSON can only stand there as a text. */
function valueOf(text: string): unknown {
  if (text === "") return {};
  const object = parseExactly(text);
  if (object) return object;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}

/**
 * The tokens of a text with their probabilities, which say it once more. Another text has none, so whatever is set removes
 * them: `nothing` then stands in their place.
 */
export function tokensPlace(
  name: Pick<PlaceName, "choice" | "part">,
  holder: JsonObject,
  nothing: null | readonly never[],
): TextPlace[] {
  const tokens = holder["logprobs"];
  const isThere = Array.isArray(tokens) ? tokens.length > 0 : isJsonObject(tokens);
  if (!isThere) return [];
  const set = () => void Reflect.set(holder, "logprobs", nothing);
  return [{ ...name, type: "other-delta", text: tokenTexts(tokens), set }];
}

/** In the order in which both dialects are read: a list of tokens, or lists of them by what they are of. */
function tokenTexts(tokens: unknown): string {
  if (Array.isArray(tokens)) {
    return tokens
      .map((each: unknown) => (isJsonObject(each) && typeof each["token"] === "string" ? each["token"] : ""))
      .join("");
  }
  return isJsonObject(tokens) ? tokenTexts(tokens["content"]) + tokenTexts(tokens["refusal"]) : "";
}

/** The same, said again as a whole. */
export function asWhole(places: readonly TextPlace[]): TextPlace[] {
  return places.map((place) => ({ ...place, whole: true }));
}
