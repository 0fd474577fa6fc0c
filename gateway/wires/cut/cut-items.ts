import { type JsonObject, stringOf } from "../json.ts";
import type { Happening } from "../responses/written-items.ts";
import { type SentItem, type SentPart, textMembers } from "./sent-response.ts";

/** An item as it stands at the cut: as it ended, or with what it had said until then. */
export function itemAtCut({ begun, given, content, summary, done }: SentItem): JsonObject {
  return (
    done ?? {
      ...begun,
      ...given,
      ...(content.size === 0 ? {} : { content: partsInOrder(content).map(([, part]) => partAtCut(part)) }),
      ...(summary.size === 0 ? {} : { summary: partsInOrder(summary).map(([, part]) => partAtCut(part)) }),
      status: unfinished.get(stringOf(begun["type"])) ?? "incomplete",
    }
  );
}

/** Items whose status knows no `incomplete`. */
const unfinished = new Map([
  ["web_search_call", "failed"],
  ["image_generation_call", "failed"],
]);

/**
 * What happens when an item that is open is closed. What a tool is called with is not said to be done: that event would tell
 * clients that the arguments are whole.
 */
export function itemClosings(item: SentItem): readonly Happening[] {
  const { index, begun, content, summary, done } = item;
  if (done) return [];
  const place = { item_id: begun["id"], output_index: index };
  return [
    ...openParts(summary).flatMap(([at, part]) => summaryClosings(part, { ...place, summary_index: at })),
    ...openParts(content).flatMap(([at, part]) => contentClosings(part, { ...place, content_index: at })),
    ["response.output_item.done", { output_index: index, item: itemAtCut(item) }],
  ];
}

function contentClosings(part: SentPart, place: JsonObject): readonly Happening[] {
  const type = stringOf(part.begun["type"]);
  const member = textMembers.get(type);
  const said = type === "output_text" ? { logprobs: part.logprobs } : {};
  return [
    ...textClosing(part, [`response.${type}.done`, { ...place, ...said, ...(member && { [member]: part.text }) }]),
    ["response.content_part.done", { ...place, part: partAtCut(part) }],
  ];
}

function summaryClosings(part: SentPart, place: JsonObject): readonly Happening[] {
  return [
    ...textClosing(part, ["response.reasoning_summary_text.done", { ...place, text: part.text }]),
    ["response.reasoning_summary_part.done", { ...place, part: partAtCut(part) }],
  ];
}

/** Of a part of a kind that nobody knows no text can be said to be done. */
function textClosing({ begun, isTextDone }: SentPart, closing: Happening): readonly Happening[] {
  return isTextDone || !textMembers.has(stringOf(begun["type"])) ? [] : [closing];
}

function partAtCut({ begun, done, text, logprobs, annotations }: SentPart): JsonObject {
  if (done) return done;
  const type = stringOf(begun["type"]);
  const member = textMembers.get(type);
  return {
    ...begun,
    ...(member && { [member]: text }),
    ...(type === "output_text" ? { annotations, logprobs } : {}),
  };
}

function partsInOrder(parts: ReadonlyMap<number, SentPart>): readonly (readonly [number, SentPart])[] {
  return [...parts].toSorted(([a], [b]) => a - b);
}

function openParts(parts: ReadonlyMap<number, SentPart>): readonly (readonly [number, SentPart])[] {
  return partsInOrder(parts).filter(([, { done }]) => !done);
}
