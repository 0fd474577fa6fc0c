import { parseObject } from "./json.ts";
import type { SaidCall, TextDelta } from "./wire.ts";

/**
 * What was said in pieces, and of what was said again as a whole that which differs: a reader may show either. Where the
 * pieces said nothing the whole stands in their place.
 */
export function textsOnce(pieces: readonly TextDelta[], wholes: readonly TextDelta[]): readonly TextDelta[] {
  if (wholes.length === 0) return pieces;
  const said = new Set(pieces.map(sentence));
  const different = new Map(
    wholes.filter((whole) => !said.has(sentence(whole))).map((whole) => [`${whole.part} ${sentence(whole)}`, whole]),
  );
  return [...pieces, ...different.values()];
}

function sentence({ choice, type, text }: TextDelta): string {
  return `${choice} ${type} ${text}`;
}

/** The same for tool calls. */
export function callsOnce(pieces: readonly SaidCall[], wholes: readonly SaidCall[]): readonly SaidCall[] {
  if (wholes.length === 0) return pieces;
  const begun = pieces.map((call) => ({ ...call, name: call.name || nameIn(wholes, call) }));
  const named = wholes.map((call) => ({ ...call, name: call.name || nameIn(pieces, call) }));
  const different = new Map(
    named
      .filter((whole) => !begun.some((call) => isSameCall(call, whole)))
      .map((whole) => [`${placeOf(whole)} ${whole.name} ${whole.arguments}`, whole]),
  );
  const replaced = new Set([...different.values()].map(placeOf));
  return [...begun.filter((call) => call.arguments !== "" || !replaced.has(placeOf(call))), ...different.values()];
}

function placeOf({ choice, index }: SaidCall): string {
  return `${choice} ${index}`;
}

function nameIn(calls: readonly SaidCall[], wanted: SaidCall): string {
  return calls.find((call) => call.name !== "" && placeOf(call) === placeOf(wanted))?.name ?? "";
}

/** A whole without arguments says no more than the name. White space between the members of the arguments says nothing. */
function isSameCall(call: SaidCall, whole: SaidCall): boolean {
  if (call.name !== whole.name) return false;
  return whole.arguments === "" || call.arguments === whole.arguments || isSameJson(call.arguments, whole.arguments);
}

function isSameJson(one: string, other: string): boolean {
  const parsed = parseObject(one);
  return parsed !== undefined && JSON.stringify(parsed) === JSON.stringify(parseObject(other));
}
