import { expect, test } from "vitest";
import { wires } from "../../../../gateway/wires/registry.ts";
import { responsesFrame } from "../../../support/responses-writing.ts";
import { redactedFrames } from "./redacted.ts";

function frames(...events: readonly (readonly [string, object])[]): Buffer[] {
  return events.map(([type, more]) => Buffer.from(responsesFrame(type, more)));
}

/** A stream whose items are said again at its end, where they may stand in other places. */
function said(pieces: readonly { readonly at: number; readonly text: string }[], again: readonly string[]): Buffer[] {
  const output = again.map((text) => ({ type: "message", content: [{ type: "output_text", text, annotations: [] }] }));
  return frames(
    ...pieces.map(
      ({ at, text }) =>
        ["response.output_text.delta", { output_index: at, content_index: 0, item_id: "m", delta: text }] as const,
    ),
    ["response.completed", { response: { id: "r", status: "completed", output } }],
  );
}

async function redacted(given: readonly Uint8Array[]): Promise<string[] | undefined> {
  const sent = await redactedFrames(wires.responses, given);
  return sent?.map((frame) => Buffer.from(frame).toString());
}

test("a text that is said again in another place is replaced there as well", async () => {
  const pieces = [
    { at: 0, text: "fine" },
    { at: 2, text: "to ann@x.com" },
  ];
  const expected = [
    { at: 0, text: "fine" },
    { at: 2, text: "to [EMAIL_1]" },
  ];
  expect(await redacted(said(pieces, ["fine", "to ann@x.com"]))).toEqual(
    said(expected, ["fine", "to [EMAIL_1]"]).map(String),
  );
});

test("a text that is said again in its own place is what that place says", async () => {
  const pieces = [
    { at: 0, text: "ann@x.com" },
    { at: 1, text: "ann@x.com" },
  ];
  const expected = pieces.map((piece) => ({ ...piece, text: "[EMAIL_1]" }));
  expect(await redacted(said(pieces, ["ann@x.com", "ann@x.com"]))).toEqual(
    said(expected, ["[EMAIL_1]", "[EMAIL_1]"]).map(String),
  );
});

test("what is said as a whole only, and something else than the pieces, is replaced too", async () => {
  const pieces = [{ at: 0, text: "fine" }];
  expect(await redacted(said(pieces, ["not ann@x.com"]))).toEqual(said(pieces, ["not [EMAIL_1]"]).map(String));
});
