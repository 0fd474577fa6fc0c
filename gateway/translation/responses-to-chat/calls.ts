import { GatewayError } from "../../errors.ts";
import { isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import type { CallItem } from "../../wires/responses/written-items.ts";
import { argumentsText } from "../notes.ts";
import { openCall, writeArguments, type WrittenResponse } from "../../wires/responses/write-response.ts";

/** The tool calls of a stream. */
export interface StreamedCalls {
  /** In the order in which they began. */
  readonly all: StreamedCall[];
  /** The call that the next piece with an index belongs to. */
  readonly byIndex: Map<number, StreamedCall>;
}

interface StreamedCall {
  id: string;
  name: string;
  isCustom: boolean;
  /** There once the call has been told to the client, which needs the whole name. */
  item: CallItem | undefined;
}

export function createCalls(): StreamedCalls {
  return { all: [], byIndex: new Map() };
}

/** Adds pieces of calls, which may come in turns. A call is told with its first argument, or when another one begins. */
export function addCalls(
  calls: StreamedCalls,
  response: WrittenResponse,
  pieces: readonly JsonObject[],
): readonly JsonObject[] {
  return pieces.flatMap((piece, position) => {
    const call = callFor(calls, piece, position);
    const given = argumentsOf(piece);
    const before = calls.all.slice(0, calls.all.indexOf(call));
    return [
      ...before.flatMap((earlier) => told(earlier, response)),
      ...(given === "" ? [] : [...told(call, response), ...writeMore(call, response, given)]),
    ];
  });
}

/** Tells the calls that wait; at the end of the stream, a call without arguments has none to give. */
export function finishCalls(calls: StreamedCalls, response: WrittenResponse, isEnd = false): readonly JsonObject[] {
  return calls.all.flatMap((call) => [
    ...told(call, response),
    ...(isEnd && call.item?.given === "" && !call.isCustom ? writeMore(call, response, "{}") : []),
  ]);
}

/** Some servers number every call alike; a new name under a new id is a new call. */
function callFor({ all, byIndex }: StreamedCalls, piece: JsonObject, position: number): StreamedCall {
  const index = numberOf(piece["index"]) ?? position;
  const called = objectOf(piece["custom"] ?? piece["function"]);
  const id = stringOf(piece["id"]);
  const name = stringOf(called["name"]);
  const known = byIndex.get(index);
  if (known && !(id !== "" && known.id !== "" && id !== known.id && name !== "")) {
    known.id ||= id;
    // Pieces of a name come before the arguments; a name that is repeated says nothing new.
    if (!known.item && name !== known.name) known.name += name;
    return known;
  }
  const isCustom = piece["type"] === "custom" || isJsonObject(piece["custom"]);
  const call: StreamedCall = { id, name, isCustom, item: undefined };
  all.push(call);
  byIndex.set(index, call);
  return call;
}

function argumentsOf(piece: JsonObject): string {
  return argumentsText(objectOf(piece["function"])["arguments"] ?? objectOf(piece["custom"])["input"]);
}

function told(call: StreamedCall, response: WrittenResponse): readonly JsonObject[] {
  if (call.item) return [];
  if (call.name === "")
    throw new GatewayError("provider_failed", "The model's provider sent a tool call that names no tool.");
  const callId = call.id || `call_${crypto.randomUUID()}`;
  const { call: item, events } = openCall(response, { callId, name: call.name, isCustom: call.isCustom });
  call.item = item;
  return events;
}

function writeMore({ item }: StreamedCall, response: WrittenResponse, piece: string): readonly JsonObject[] {
  return item ? writeArguments(response, item, piece) : [];
}
