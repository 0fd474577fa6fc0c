import { type JsonObject, numberOf, stringOf } from "../json.ts";
import { eventFrame } from "../named-events.ts";
import {
  closingsOf,
  type Happening,
  itemBody,
  type MessageItem,
  type Part,
  partBody,
  partPlace,
} from "../responses/written-items.ts";
import type { Refusal, StreamCut } from "../wire.ts";
import { itemAtCut, itemClosings } from "./cut-items.ts";
import { refusedResponse, responsesUsage } from "./responses-refusal.ts";
import { noteEvent, type SentResponse } from "./sent-response.ts";

/**
 * Follows a stream of events. Cut, what is open is closed with what it had said, its items as incomplete, a tool call among
 * them; the refusal follows as a message of its own and ends the response as a model's own refusal would.
 */
export function followResponses(): StreamCut {
  const sent: SentResponse = { body: undefined, items: new Map(), sequence: 0, isEnded: false };
  return {
    sent: (event) => noteEvent(sent, event),
    refuse(refusal) {
      if (sent.isEnded) return [];
      if (sent.body === undefined) return refusedResponse(refusal).events.map(eventFrame);
      return endingEvents(sent, sent.body, refusal).map(([type, members], at) =>
        eventFrame({ type, sequence_number: sent.sequence + at, ...members }),
      );
    },
  };
}

function endingEvents({ items }: SentResponse, body: JsonObject, refusal: Refusal): readonly Happening[] {
  const sent = [...items.values()].toSorted((a, b) => a.index - b.index);
  const message = refusalMessage(body, (sent.at(-1)?.index ?? -1) + 1, refusal.message);
  const output = [...sent.map(itemAtCut), itemBody(message, "completed")];
  return [
    ...sent.flatMap(itemClosings),
    ...messageHappenings(message, refusal.message),
    ["response.completed", { response: endedResponse(body, output, refusal) }],
  ];
}

function refusalMessage(body: JsonObject, index: number, message: string): MessageItem {
  const id = `msg_${stringOf(body["id"]).replace(/^resp_/, "")}_${index}`;
  return { kind: "message", id, index, body: undefined, parts: [refusalPart(message)] };
}

function refusalPart(text: string): Part {
  return { type: "refusal", text, logprobs: [], annotations: [] };
}

/** All that happens to the message that refuses. */
function messageHappenings(item: MessageItem, message: string): readonly Happening[] {
  const place = partPlace(item);
  const begun = itemBody({ ...item, parts: [] }, "in_progress");
  return [
    ["response.output_item.added", { output_index: item.index, item: begun }],
    ["response.content_part.added", { ...place, part: partBody(refusalPart("")) }],
    ["response.refusal.delta", { ...place, delta: message }],
    ...closingsOf(item),
    ["response.output_item.done", { output_index: item.index, item: itemBody(item, "completed") }],
  ];
}

function endedResponse(body: JsonObject, output: readonly JsonObject[], { usage, proctor }: Refusal): JsonObject {
  const now = Math.floor(Date.now() / 1000);
  return {
    ...body,
    status: "completed",
    completed_at: Math.max(numberOf(body["created_at"]) ?? 0, now),
    error: null,
    incomplete_details: null,
    output,
    usage: responsesUsage(usage),
    proctor,
  };
}
