import { randomUUID } from "node:crypto";
import { GatewayError } from "../../errors.ts";
import { createObjectScan, type ObjectScan } from "./object-scan.ts";
import type { CallPiece, Piece } from "./pieces.ts";
import type { ThinkingMember } from "./thinking-signature.ts";
import type { ToolNames } from "./tool-names.ts";

/** Text of an answer, as one content block. */
interface TextBlock {
  readonly type: "text";
  /** Its text, as it came. */
  readonly pieces: string[];
}

/** Thinking of an answer, as one content block. */
interface ThinkingBlock {
  readonly type: "thinking";
  readonly member: ThinkingMember | undefined;
  /** Its text, as it came. */
  readonly pieces: string[];
}

/** A tool call of an answer, as one content block. */
export interface CallBlock {
  readonly type: "call";
  /** The server's; empty until it has said one. */
  id: string;
  /** What the client is told; empty until it has been. */
  settledId: string;
  name: string;
  /** Its arguments, as they came. */
  readonly pieces: string[];
  readonly scan: ObjectScan;
  /** True once a client has been told that there is no more of it. */
  isClosed: boolean;
}

export type Block = TextBlock | ThinkingBlock | CallBlock;

/** What an answer has said so far, in the order in which it began to. */
export interface Answer {
  readonly blocks: Block[];
  /** The call that each of the server's numbers stands for now. */
  readonly slots: Map<number, CallBlock>;
  hasRefused: boolean;
}

export function createAnswer(): Answer {
  return { blocks: [], slots: new Map(), hasRefused: false };
}

export function addPiece(answer: Answer, piece: Piece, toolNames: ToolNames): void {
  if (piece.type === "call") return addCall(answer, piece, toolNames);
  if (piece.type === "refusal") answer.hasRefused = true;
  const type = piece.type === "thinking" ? "thinking" : "text";
  const last = answer.blocks.at(-1);
  if (last?.type === type) last.pieces.push(piece.text);
  else answer.blocks.push(textBlock(piece));
}

function textBlock(piece: Exclude<Piece, CallPiece>): Block {
  const pieces = [piece.text];
  return piece.type === "thinking" ? { type: "thinking", member: piece.member, pieces } : { type: "text", pieces };
}

function addCall(answer: Answer, piece: CallPiece, toolNames: ToolNames): void {
  const current = currentCall(answer, piece);
  const call = current && !beginsAnother(current, piece) ? current : beginCall(answer, piece);
  if (call.id === "") call.id = piece.id;
  // Some servers repeat the whole name with every piece; others send the name itself in pieces.
  const isRepeated = call.name === piece.name && toolNames.isKnown(call.name);
  if (call.pieces.length === 0 && !isRepeated) call.name += piece.name;
  if (piece.arguments === "") return;
  if (call.isClosed && piece.arguments.trim() !== "") throw afterItsEnd();
  call.pieces.push(piece.arguments);
  call.scan.add(piece.arguments);
}

/** The call that a piece goes on with: by number, by id, or else the last one. */
function currentCall({ blocks, slots }: Answer, { slot, id, name }: CallPiece): CallBlock | undefined {
  if (slot !== undefined) return slots.get(slot);
  const calls = blocks.filter((block) => block.type === "call");
  const named = id === "" ? undefined : calls.find((call) => call.id === id);
  return named ?? (id === "" || name === "" ? calls.at(-1) : undefined);
}

/** Some servers give every call the same number, or none: then a new name with a new id, or after whole arguments, is a new call. */
function beginsAnother(current: CallBlock, { slot, id, name, arguments: given }: CallPiece): boolean {
  if (name === "") return false;
  if (id !== "" && current.id !== "" && id !== current.id) return true;
  if (slot === undefined && id === "") return current.pieces.length > 0;
  const saysNothing = id !== "" && given.trim() === "";
  return current.scan.isWhole() && !saysNothing;
}

function beginCall({ blocks, slots }: Answer, { slot }: CallPiece): CallBlock {
  const call: CallBlock = {
    type: "call",
    id: "",
    settledId: "",
    name: "",
    pieces: [],
    scan: createObjectScan(),
    isClosed: false,
  };
  blocks.push(call);
  if (slot !== undefined) slots.set(slot, call);
  return call;
}

function afterItsEnd(): GatewayError {
  return new GatewayError(
    "provider_failed",
    "The model's server went on with the arguments of a tool call that was whole.",
  );
}

/** The server's id, or one of the call's own where the server gave none, or one that another call of the answer has. */
export function settleId({ blocks }: Answer, call: CallBlock): string {
  const isTaken = blocks.some((block) => block.type === "call" && block.settledId === call.id);
  call.settledId = call.id === "" || isTaken ? `toolu_${randomUUID().replaceAll("-", "")}` : call.id;
  return call.settledId;
}

/** The client's name for the tool that a call names. Throws when it names none. */
export function toolOf({ name }: CallBlock, toolNames: ToolNames): string {
  if (name !== "") return toolNames.original(name);
  throw new GatewayError("provider_failed", "The model's server sent a tool call that names no tool.");
}
