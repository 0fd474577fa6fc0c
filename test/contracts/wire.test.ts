import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ErrorCode, errorCatalog, GatewayError } from "../../gateway/errors.ts";
import { createCollector } from "../../gateway/wires/collect.ts";
import { isJsonObject, type JsonObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import type { Prompt, Refusal, ReplyEvent, ReplyParts, Wire } from "../../gateway/wires/wire.ts";
import type { Said } from "../support/said.ts";
import { anySaid, oneAfterAnother, writings } from "../support/wire-replies.ts";

/** What holds of every dialect. A new wire is examined by its line in the registry and its replies in `wire-replies.ts`. */
const all: readonly Wire[] = Object.values(wires);

/** Texts that tear badly made frames apart, or that JSON cannot hold as they are. */
const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "\n\ndata: [DONE]\n\n",
    "\r\nevent: x\r\n\r\n",
    "\u2028\u2029",
    "half \ud83d",
    ": comment\n\n",
    "\u0000",
  ),
);

const anyUsage = fc.option(fc.record({ inputTokens: fc.nat(9999), outputTokens: fc.nat(9999) }));

const anyRefusal: fc.Arbitrary<Refusal> = fc.record({
  model: fc.string({ minLength: 1, maxLength: 20 }),
  message: anyText.filter((text) => text !== ""),
  usage: anyUsage,
  wantsUsage: fc.boolean(),
  proctor: fc.record({ verdict: fc.constant("block"), trace_id: fc.stringMatching(/^[0-9a-f]{32}$/), reason: anyText }),
});

const codes = Object.keys(errorCatalog) as ErrorCode[];
const anyError = fc.record({ code: fc.constantFrom(...codes), message: anyText.filter((text) => text !== "") });

async function* cutInto(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function eventsOf(wire: Wire, stream: string, sizes: readonly number[] = []): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = [];
  for await (const frame of readFrames(cutInto(Buffer.from(stream), sizes))) events.push(wire.readFrame(frame));
  return events;
}

function partsOf(deltas: readonly ReplyEvent["deltas"][]): ReplyParts {
  const collector = createCollector();
  for (const each of deltas) collector.add(each);
  return collector.parts();
}

/** Text in fields that nobody knows is examined too, beside what is known. */
const isKnown = ({ type }: ReplyEvent["deltas"][number]) => type !== "other-delta";

/** JSON as a client would get it. */
function throughJson(body: JsonObject): JsonObject {
  const read: unknown = JSON.parse(JSON.stringify(body));
  if (isJsonObject(read)) return read;
  throw new TypeError(`This is no JSON object: ${JSON.stringify(body)}`);
}

/** The text as JSON holds it: half a surrogate is written as an escape and comes back as itself. */
const throughText = (text: string) => JSON.parse(JSON.stringify(text)) as string;

/** An event or a reply that may say what the guardrails found. */
interface Carrying {
  readonly proctor?: unknown;
}

/** One frame: fields the standard knows, each on a line of its own, and one blank line that ends it. */
const wellFormed = /^(?:event: [^\r\n]+\n)?data: [^\r\n]+\n\n$/;

describe.each(all.map((wire) => [wire.name, wire] as const))("%s", (name, wire) => {
  test("is registered under its name, at a path and with a label of its own", () => {
    expect(wires[name]).toBe(wire);
    expect(wire.path).toMatch(/^\/v1\/[a-z/_]+$/);
    expect(all.filter(({ path, label }) => path === wire.path || label === wire.label)).toEqual([wire]);
  });

  test("reads back its own refusal, in one piece and streamed, as the same text with the same end", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRefusal,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (refusal, sizes) => {
          const whole = partsOf([wire.readReply(throughJson(wire.refusal(refusal)))]);
          expect(whole.choices).toEqual([throughText(refusal.message)]);
          expect(whole.finishReasons).toHaveLength(1);
          expect(whole.model).toBe(refusal.model);
          expect(whole.usage).toMatchObject(refusal.usage ?? { inputTokens: 0, outputTokens: 0 });

          const stream = wire.refusalFrames(refusal).join("");
          expect(stream.endsWith(wire.endFrame)).toBe(true);
          const events = await eventsOf(wire, stream, sizes);
          const kinds = events.map(({ kind }) => kind);
          expect(kinds.filter((kind) => kind !== "usage")).toEqual([
            ...kinds.slice(0, -1).filter((kind) => kind === "content"),
            "end",
          ]);
          expect(kinds.includes("usage")).toBe(wire.name === "chat" && refusal.wantsUsage);
          const { id, model, choices, finishReasons } = partsOf(events.map(({ deltas }) => deltas));
          expect({ id, model, choices, finishReasons }).toEqual({
            id: whole.id,
            model: whole.model,
            choices: whole.choices,
            finishReasons: whole.finishReasons,
          });
        },
      ),
    );
  });

  test("says in a refusal, whole or streamed, what the guardrails found", () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        const proctor = throughJson(refusal.proctor);
        expect(throughJson(wire.refusal(refusal))["proctor"]).toEqual(proctor);
        const carried = wire.refusalFrames(refusal).map((frame) => /^data: (\{[^\n]*)$/m.exec(frame)?.[1] ?? "{}");
        const found = carried.map((data): unknown => {
          const event = JSON.parse(data) as Carrying & { readonly response?: Carrying };
          return event.proctor ?? event.response?.proctor;
        });
        expect(found.filter((each) => each !== undefined)).toEqual([proctor]);
      }),
    );
  });

  test("writes each frame of a refusal, its end and its errors as one well-formed server-sent event", async () => {
    await fc.assert(
      fc.asyncProperty(anyRefusal, anyError, async (refusal, { code, message }) => {
        const frames = [...wire.refusalFrames(refusal), wire.errorFrame(new GatewayError(code, message))];
        for (const frame of frames) {
          expect(frame).toMatch(wellFormed);
          expect(await Array.fromAsync(readFrames(cutInto(Buffer.from(frame), [])))).toHaveLength(1);
        }
        const events = await eventsOf(wire, frames.join(""));
        expect(Buffer.concat(events.map(({ bytes }) => bytes)).equals(Buffer.from(frames.join("")))).toBe(true);
        expect(events).toHaveLength(frames.length);
      }),
    );
  });

  test.each(codes)("writes %s as an error that it knows again, with its sentence, whole and streamed", (code) => {
    const error = new GatewayError(code, `No model "gpt-9". Known: teacher.`, { param: "model", details: { more: 1 } });
    const body = throughJson(wire.error(error));
    expect(wire.isError(body)).toBe(true);
    expect(body).toMatchObject({ error: { message: error.message, more: 1 } });
    expect(body).toMatchObject({ error: { type: expect.stringMatching(/^[a-z_]+$/) } });
    expect(wire.isError({})).toBe(false);
    const event = wire.readFrame({
      bytes: new Uint8Array(0),
      event: undefined,
      data: /^data: ([^\n]*)$/m.exec(wire.errorFrame(error))?.[1],
    });
    expect(event).toMatchObject({ kind: "error", deltas: [{ type: "error", message: error.message }] });
  });

  test("does not take its own refusal for an error", () => {
    fc.assert(
      fc.property(anyRefusal, (refusal) => {
        expect(wire.isError(wire.refusal(refusal))).toBe(false);
      }),
    );
  });

  const anyPrompt: fc.Arbitrary<Prompt> = fc.record({
    model: fc.string({ minLength: 1, maxLength: 20 }),
    messages: fc
      .tuple(
        anyText,
        fc.array(fc.record({ role: fc.constantFrom("user", "assistant"), content: anyText }), { maxLength: 4 }),
      )
      .map(([system, turns]) => [
        { role: "system" as const, content: system },
        ...turns,
        { role: "user" as const, content: "What do lamps cost?" },
      ]),
    maxTokens: fc.integer({ min: 1, max: 9999 }),
  });

  test("reads a prompt that it wrote as a request that says the same", () => {
    fc.assert(
      fc.property(anyPrompt, (prompt) => {
        const parts = wire.readRequest(throughJson(wire.prompt(prompt)));
        const system = throughText(prompt.messages[0]?.content ?? "");
        expect(parts).toMatchObject({
          model: prompt.model,
          stream: false,
          input: "What do lamps cost?",
          tools: [],
        });
        expect(parts.system).toBe(system === "" ? undefined : system);
        expect(parts.messages.filter(({ role }) => role !== "system")).toEqual(
          prompt.messages.slice(1).map(({ role, content }) => ({ role, text: throughText(content) })),
        );
      }),
    );
  });

  test("is not disturbed by fields of a request that it does not know", () => {
    fc.assert(
      fc.property(anyPrompt, fc.jsonValue(), (prompt, foreign) => {
        const body = throughJson(wire.prompt(prompt));
        expect(wire.readRequest(withForeign(body, foreign))).toEqual(wire.readRequest(body));
      }),
    );
  });

  const said = anySaid(writings[name].mostChoices);

  test("is not disturbed by fields of a reply that it does not know, in one piece or streamed", async () => {
    await fc.assert(
      fc.asyncProperty(said, fc.jsonValue(), async (reply, foreign) => {
        const body = throughJson({ ...writings[name].whole(reply) });
        expect(wire.readReply(withForeign(body, foreign)).filter(isKnown)).toEqual(wire.readReply(body));
        for (const { deltas, kind, bytes } of await eventsOf(wire, writings[name].frames(reply).join(""))) {
          const data = /^data: ([^\n]*)$/m.exec(Buffer.from(bytes).toString())?.[1] ?? "";
          if (!data.startsWith("{")) continue;
          const disturbed = JSON.stringify(withForeign(throughJson(JSON.parse(data) as JsonObject), foreign));
          const read = wire.readFrame({ bytes, event: undefined, data: disturbed });
          expect({ ...read, deltas: read.deltas.filter(isKnown) }).toEqual({ deltas, kind, bytes });
        }
      }),
      { numRuns: 50 },
    );
  });

  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
  const wholeOf = (reply: Said) => partsOf([wire.readReply(throughJson({ ...writings[name].whole(reply) }))]);
  const streamedOf = (events: readonly ReplyEvent[]) => partsOf(events.map(({ deltas }) => deltas));

  test("collects a stream, however it is cut, to the same parts as the whole reply", async () => {
    await fc.assert(
      fc.asyncProperty(said, sizes, async (any, cut) => {
        const reply = { ...any, turns: oneAfterAnother };
        const stream = writings[name].frames(reply).join("");
        const events = await eventsOf(wire, stream, cut);
        expect(Buffer.concat(events.map(({ bytes }) => bytes)).toString()).toBe(stream);
        expect(events.filter(({ kind }) => kind === "end")).toHaveLength(1);
        expect(events.at(-1)?.kind).toBe("end");
        expect(streamedOf(events)).toEqual(wholeOf(reply));
      }),
    );
  });

  test("keeps the texts and calls of choices apart that speak in turns", async () => {
    await fc.assert(
      fc.asyncProperty(said, sizes, async (reply, cut) => {
        const streamed = streamedOf(await eventsOf(wire, writings[name].frames(reply).join(""), cut));
        expect(streamed).toEqual(wholeOf(reply));
      }),
    );
  });
});

/** The body with a field that no vendor has in every object of it, but for what a tool is called with. */
function withForeign(body: JsonObject, foreign: unknown): JsonObject {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([key, each]) => [key, key === "input" ? each : visit(each)] as const);
    return { ...Object.fromEntries(members), x_vendor_extension: foreign };
  };
  return visit(body) as JsonObject;
}
