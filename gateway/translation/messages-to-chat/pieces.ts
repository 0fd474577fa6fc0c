import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import { argumentsText } from "../notes.ts";
import { noteUnknown } from "./notes.ts";
import { type ThinkingMember, thinkingMembers } from "./thinking-signature.ts";

/** A piece of a tool call, whole or not. */
export interface CallPiece {
  readonly type: "call";
  /** Which call of the answer it belongs to; undefined where the server does not number them. */
  readonly slot: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** One thing that a choice says, in a whole answer or in a chunk of one. */
export type Piece =
  | { readonly type: "thinking"; readonly text: string; readonly member: ThinkingMember | undefined }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "refusal"; readonly text: string }
  | CallPiece;

const saidMembers = new Set(["role", "content", "refusal", "tool_calls", "function_call", ...thinkingMembers]);

/** What a message or a delta says, in the order in which clients expect it. What cannot be said in messages is named. */
export function piecesOf(said: JsonObject, dropped: Set<string>): readonly Piece[] {
  noteUnknown(said, saidMembers, "reply", dropped);
  return [
    ...thinkingIn(said),
    ...contentPieces(said["content"], dropped),
    ...texts("refusal", stringOf(said["refusal"])),
    ...arrayOf(said["tool_calls"]).map((call) => callPiece(objectOf(call), dropped)),
    ...(isJsonObject(said["function_call"]) ? [callPiece({ index: 0, function: said["function_call"] }, dropped)] : []),
  ];
}

function thinkingIn(said: JsonObject): readonly Piece[] {
  const member = thinkingMembers.find((name) => stringOf(said[name]) !== "");
  return member === undefined ? [] : [{ type: "thinking", text: stringOf(said[member]), member }];
}

/** A string, or parts: text, and thinking where a server puts it there. */
function contentPieces(content: unknown, dropped: Set<string>): readonly Piece[] {
  if (!Array.isArray(content)) return texts("text", stringOf(content));
  return content.map(objectOf).flatMap((part): readonly Piece[] => {
    const { type, text, thinking } = part;
    if (type === "text") return texts("text", stringOf(text));
    if (type !== "thinking") {
      dropped.add("reply.content[]");
      return [];
    }
    const thought = typeof thinking === "string" ? thinking : arrayOf(thinking).map(innerText).join("");
    return thought === "" ? [] : [{ type: "thinking", text: thought, member: undefined }];
  });
}

function innerText(part: unknown): string {
  return stringOf(objectOf(part)["text"]);
}

function texts(type: "text" | "refusal", text: string): readonly Piece[] {
  return text === "" ? [] : [{ type, text }];
}

const callMembers = new Set(["index", "id", "type", "function"]);

function callPiece(call: JsonObject, dropped: Set<string>): CallPiece {
  noteUnknown(call, callMembers, "reply.tool_calls[]", dropped);
  const { name, arguments: given } = objectOf(call["function"]);
  return {
    type: "call",
    slot: numberOf(call["index"]),
    id: stringOf(call["id"]),
    name: stringOf(name),
    // What is no object then fails where the call is whole.
    arguments: argumentsText(given),
  };
}
