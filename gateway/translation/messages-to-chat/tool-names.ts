import { createHash } from "node:crypto";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";

/** What chat completions take; messages clients may have names of 128 characters and ids of any length. */
const longestName = 64;
const longestId = 40;

/** Names of tools as the target knows them, and back. */
export interface ToolNames {
  /** True for a name that the request gave the target. */
  isKnown(name: string): boolean;
  /** The client's name for the target's. */
  original(name: string): string;
}

export function toolNamesOf(body: JsonObject): ToolNames {
  const names = arrayOf(body["tools"]).map((tool) => stringOf(objectOf(tool)["name"]));
  const originals = new Map(names.map((name) => [shortName(name), name]));
  return { isKnown: (name) => originals.has(name), original: (name) => originals.get(name) ?? name };
}

/** The name itself where it is short enough, and otherwise one that is always made the same way. */
export function shortName(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 13)}_${digestOf(name, 12)}`;
}

/** The same for the id of a call: a call and its result are shortened alike, turn after turn. */
export function shortId(id: string): string {
  return id.length <= longestId ? id : `call_${digestOf(id, longestId - 5)}`;
}

function digestOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
