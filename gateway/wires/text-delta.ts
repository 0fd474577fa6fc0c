import type { ReplyDelta, TextDelta } from "./wire.ts";

/** A piece of text of a reply; none when it is empty. */
export function textDelta(type: TextDelta["type"], part: string, text: string, choice = 0): TextDelta[] {
  return text === "" ? [] : [{ type, choice, part, text }];
}

/** Adds a piece of text; nothing when it is empty. */
export function addText(deltas: ReplyDelta[], delta: TextDelta): void {
  if (delta.text !== "") deltas.push(delta);
}
