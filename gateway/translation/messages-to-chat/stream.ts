import { type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { addPiece, type Answer, createAnswer } from "./answer.ts";
import { createBlockEvents, type BlockEvents } from "./block-events.ts";
import { isCutOff, toStop } from "./ending.ts";
import type { Expectations } from "./expectations.ts";
import { piecesOf } from "./pieces.ts";
import { endingOf, firstChoice, messageHead, noChoice } from "./reply.ts";
import { toFinalUsage, toUsage } from "./usage.ts";

/** A streamed chat completion as the events of a message, but for the last one. */
export interface StreamTranslation {
  event(chunk: JsonObject): readonly JsonObject[];
  end(): readonly JsonObject[];
}

interface StreamState {
  readonly expectations: Expectations;
  readonly answer: Answer;
  readonly blocks: BlockEvents;
  hasBegun: boolean;
  usage: JsonObject;
  finishReason: string;
  matched: unknown;
}

export function createStreamTranslation(expectations: Expectations): StreamTranslation {
  const answer = createAnswer();
  const state: StreamState = {
    expectations,
    answer,
    blocks: createBlockEvents(answer, expectations.toolNames),
    hasBegun: false,
    usage: {},
    finishReason: "",
    matched: undefined,
  };
  return { event: (chunk) => readChunk(state, chunk), end: () => endMessage(state) };
}

function readChunk(state: StreamState, chunk: JsonObject): readonly JsonObject[] {
  const { dropped, toolNames } = state.expectations;
  // Servers that count along send the sum so far with every chunk.
  state.usage = { ...state.usage, ...objectOf(chunk["usage"]) };
  const choice = firstChoice(chunk, dropped);
  // What comes before the first choice, such as a filter's report on the prompt, has neither the answer's id nor its model.
  if (!choice) return [];
  const begun = beginMessage(state, chunk);
  noteEnding(state, choice);
  const pieces = piecesOf(objectOf(choice["delta"] ?? choice["message"]), dropped);
  pieces.forEach((piece) => addPiece(state.answer, piece, toolNames));
  return [...begun, ...state.blocks.advance()];
}

function beginMessage(state: StreamState, chunk: JsonObject): readonly JsonObject[] {
  if (state.hasBegun) return [];
  state.hasBegun = true;
  const message = {
    ...messageHead(chunk),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    // What is known by now, most often nothing: the last event has the whole of it.
    usage: toUsage(state.usage, chunk["service_tier"]),
  };
  return [{ type: "message_start", message }];
}

function noteEnding(state: StreamState, choice: JsonObject): void {
  state.finishReason = stringOf(choice["finish_reason"]) || state.finishReason;
  state.matched = choice["stop_reason"] ?? choice["matched_stop"] ?? state.matched;
}

function endMessage(state: StreamState): readonly JsonObject[] {
  const { answer, blocks, expectations, finishReason, matched, usage } = state;
  if (!state.hasBegun) throw noChoice();
  const ending = endingOf({ finishReason, matched }, answer);
  const stop = toStop(ending, expectations.stopSequences);
  return [
    ...blocks.end(isCutOff(ending)),
    { type: "message_delta", delta: { ...stop, container: null }, usage: toFinalUsage(usage) },
  ];
}
