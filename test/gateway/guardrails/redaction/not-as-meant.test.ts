import { describe, expect, test } from "vitest";
import { redactBody } from "../../../../gateway/guardrails/redaction/apply-redaction.ts";
import { redactReply } from "../../../../gateway/guardrails/redaction/redact-reply.ts";
import { type Rewrite, rewriteBody, rewriteFrame } from "../../../../gateway/guardrails/redaction/rewrite.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { type ReplyDelta, sampleOf, type Wire } from "../../../../gateway/wires/wire.ts";
import { addressesIn, everything, replyIn } from "./redacted.ts";

const { chat } = wires;

const call = { id: "c", type: "function", function: { name: "send", arguments: '{"to":"ann@x.com"}' } };
const body = JSON.stringify({ choices: [{ index: 0, message: { content: "ann@x.com", tool_calls: [call] } }] });

/** Reads something else where it reads a placeholder. */
function misreading(change: (delta: ReplyDelta) => ReplyDelta): Wire {
  const changed = (deltas: readonly ReplyDelta[]) =>
    deltas.map((delta) => (JSON.stringify(delta).includes("EMAIL") ? change(delta) : delta));
  return {
    ...chat,
    readReply: (given) => changed(chat.readReply(given)),
    readFrame: (frame) => {
      const read = chat.readFrame(frame);
      return { ...read, deltas: changed(read.deltas) };
    },
  };
}

const changes: Readonly<Record<string, (delta: ReplyDelta) => ReplyDelta>> = {
  "the text": (delta) => (delta.type === "text-delta" ? { ...delta, text: "ann@x.com" } : delta),
  "the place of a text": (delta) => (delta.type === "text-delta" ? { ...delta, part: "elsewhere" } : delta),
  "the choice": (delta) => (delta.type === "text-delta" ? { ...delta, choice: 1 } : delta),
  "the arguments": (delta) =>
    delta.type === "tool-call-delta" ? { ...delta, arguments: call.function.arguments } : delta,
  "the tool": (delta) => (delta.type === "tool-call-delta" ? { ...delta, name: "other" } : delta),
  "the call": (delta) => (delta.type === "tool-call-delta" ? { ...delta, index: 1 } : delta),
};

describe("a reply that, read again, says something else than was meant is not sent:", () => {
  const redacted = (wire: Wire) => {
    const reply = replyIn(chat, body);
    const redaction = redactReply(reply, addressesIn(sampleOf(reply)), new Map(), everything);
    return redaction && redactBody(wire, redaction, body);
  };

  test.each(Object.keys(changes))("%s", (what) => {
    expect(redacted(misreading((delta) => delta))).toContain("[EMAIL_1]");
    expect(redacted(misreading(changes[what] ?? ((delta) => delta)))).toBeUndefined();
  });

  test("nor one of which a text or a call has no place", () => {
    expect(redacted({ ...chat, places: () => [] })).toBeUndefined();
    const without = (type: string): Wire => ({
      ...chat,
      places: (given) => chat.places(given).filter((place) => place.type !== type),
    });
    expect(redacted(without("text-delta"))).toBeUndefined();
    expect(redacted(without("tool-call-delta"))).toBeUndefined();
  });
});

test("a text in a place without a name makes no redaction, whoever would write it", () => {
  const reply = replyIn(chat, JSON.stringify({ choices: [{ index: 0, message: { aside: "ann@x.com" } }] }));
  const claims = addressesIn(sampleOf(reply));
  expect(claims).toHaveLength(1);
  expect(redactReply(reply, claims, new Map(), everything)).toBeUndefined();
});

describe("a frame that, read again, says something else than was meant is not sent:", () => {
  const delta = { content: "ann@x.com", tool_calls: [{ index: 0, ...call }] };
  const bytes = Buffer.from(chat.eventFrame({ choices: [{ index: 0, delta }] }));
  const rewrite: Rewrite = (said) => (said.type === "tool-call-delta" ? '{"to":"[EMAIL_1]"}' : "[EMAIL_1]");

  test.each(Object.keys(changes))("%s", async (what) => {
    const sent = await rewriteFrame(chat, bytes, rewrite);
    expect(Buffer.from(sent ?? []).toString()).toContain("[EMAIL_1]");
    const wire = misreading(changes[what] ?? ((same) => same));
    expect(await rewriteFrame(wire, bytes, rewrite)).toBeUndefined();
  });
});

describe("a whole reply", () => {
  const only =
    (choice: number, part: string): Rewrite =>
    (said) =>
      "part" in said && said.choice === choice && said.part === part ? "*" : undefined;

  test("keeps its bytes where nothing changes", () => {
    const text = `{ "id": 1.0, "choices": [ { "message": { "content": "one" } } ] }`;
    expect(rewriteBody(chat, text, () => undefined)).toBe(text);
    expect(rewriteBody(chat, text, () => "one")).toBe(text);
    expect(rewriteBody(chat, text, () => "*")).toBe('{"id":1,"choices":[{"message":{"content":"*"}}]}');
  });

  test("is not written where it is no object", () => {
    expect(rewriteBody(chat, "[]", () => "*")).toBeUndefined();
    expect(rewriteBody(chat, "no JSON", () => undefined)).toBeUndefined();
  });

  test("has nothing replaced in the place of another text that says the same", () => {
    const choices = [
      { index: 0, message: { content: [{ thinking: ["on", "e"] }] } },
      { index: 1, message: { content: "on\ne" } },
    ];
    const text = JSON.stringify({ choices });
    expect(rewriteBody(chat, text, only(0, "content"))).toBeUndefined();
    expect(rewriteBody(chat, text, only(1, "content"))).toBe(text.replace('"on\\ne"', '"*"'));
  });
});
