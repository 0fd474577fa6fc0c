import { accumulateResponse } from "openai/lib/responses/ResponseAccumulator";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { responsesToChat } from "../../../gateway/translation/responses-to-chat/responses-to-chat.ts";
import { chat } from "../../../gateway/wires/chat.ts";
import { createCollector } from "../../../gateway/wires/collect.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { responses } from "../../../gateway/wires/responses.ts";
import type { ReplyDelta, ReplyParts } from "../../../gateway/wires/wire.ts";
import { inputPieces } from "../../support/input-pieces.ts";
import type { SaidChoice } from "../../support/said.ts";
import { anySaid } from "../../support/wire-replies.ts";

const begin = () => responsesToChat.begin({ model: "student", input: "Hello" }, { model: "m", maxTokens: 9 });

const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_760_000_000, model: "m-1" };
const chunk = (delta: object, finish_reason: string | null = null): JsonObject => ({
  ...envelope,
  choices: [{ index: 0, delta, finish_reason }],
});
const calling = (index: number | undefined, call: object) => chunk({ tool_calls: [{ index, ...call }] });
const named = (id: string, name: string, given = "") => ({
  id,
  type: "function",
  function: { name, arguments: given },
});
const more = (given: string) => ({ function: { arguments: given } });

function streamed(chunks: readonly JsonObject[]): readonly JsonObject[] {
  const exchange = begin();
  return [...chunks.flatMap((each) => exchange.event(each)), ...exchange.end()];
}

/** What the official client's accumulator makes of the events. */
function accumulated(events: readonly JsonObject[]): Response {
  let snapshot: Response | undefined;
  for (const event of events) snapshot = accumulateResponse(event as unknown as ResponseStreamEvent, snapshot);
  if (!snapshot) throw new Error("There was no event.");
  return snapshot;
}

function callsIn(chunks: readonly JsonObject[]): readonly unknown[] {
  return accumulated(streamed(chunks))
    .output.filter((item) => item.type === "function_call")
    .map((item) => [item.call_id, item.name, item.arguments]);
}

function collected(deltas: readonly (readonly ReplyDelta[])[]): Omit<ReplyParts, "id" | "finishReasons"> {
  const collector = createCollector();
  for (const each of deltas) collector.add(each);
  const { id: _id, finishReasons: _reasons, ...parts } = collector.parts();
  return parts;
}

describe("however an answer is cut and its calls take turns", () => {
  const said = fc.record({ answer: anySaid(1), turns: fc.array(fc.nat(5), { minLength: 30, maxLength: 30 }) });
  const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

  /** Pieces of all calls; which goes on is said by `turns`, and a call begins only after the one before it has. */
  function callChunks({ calls }: SaidChoice, turns: readonly number[]): JsonObject[] {
    const waiting = calls.map((call, index) => [
      calling(index, named(`call_${index}`, call.name)),
      ...inputPieces(call).map((piece) => calling(index, more(piece))),
    ]);
    const total = waiting.flat().length;
    const taken: JsonObject[] = [];
    for (let turn = 0; taken.length < total; turn += 1) {
      const begun = waiting.findIndex((list, index) => list.length === inputPieces(calls[index] ?? never()).length + 1);
      const open = waiting.filter((list, index) => list.length > 0 && (begun === -1 || index <= begun));
      const next = open[(turns[turn % turns.length] ?? 0) % Math.max(1, open.length)]?.shift();
      if (next) taken.push(next);
    }
    return taken;
  }

  function chunksOf(choice: SaidChoice, turns: readonly number[]): JsonObject[] {
    return [
      chunk({ role: "assistant", content: "" }),
      ...choice.reasoning.map((piece) => chunk({ reasoning_content: piece })),
      ...choice.text.map((piece) => chunk({ content: piece })),
      ...callChunks(choice, turns),
      chunk({}, choice.finish),
      { ...envelope, choices: [], usage },
    ];
  }

  function wholeOf({ reasoning, text, calls, finish }: SaidChoice): JsonObject {
    const message = {
      role: "assistant",
      content: text.join("") || null,
      reasoning_content: reasoning.join(""),
      tool_calls: calls.map(({ name, input }, index) => named(`call_${index}`, name, JSON.stringify(input))),
    };
    return { ...envelope, choices: [{ index: 0, message, finish_reason: finish }], usage };
  }

  const cases = said.map(({ answer, turns }) => {
    const choice = answer.choices[0] ?? never();
    return { chunks: chunksOf(choice, turns), whole: wholeOf(choice) };
  });

  test("the official client comes to the response that the last event has, and that one piece would have been", () => {
    fc.assert(
      fc.property(cases, ({ chunks, whole }) => {
        const events = streamed(chunks);
        const last = events.at(-1) as { readonly type: string; readonly response: Response };
        expect(last.type).toMatch(/^response\.(completed|incomplete)$/);
        // Just before its last event the client has every item.
        const before = accumulated(events.slice(0, -1));
        expect(before.output).toEqual(last.response.output);
        const reply = begin().reply(whole);
        expect({ ...reply, completed_at: 0 }).toEqual({ ...last.response, completed_at: 0 });
        expect(events.map((event) => event["sequence_number"])).toEqual(events.map((_event, index) => index));
      }),
    );
  });

  test("the gateway reads of it what it reads of the target's own reply", () => {
    fc.assert(
      fc.property(cases, ({ chunks, whole }) => {
        const frames = streamed(chunks).map((event) => ({
          bytes: new Uint8Array(0),
          event: undefined,
          data: JSON.stringify(event),
        }));
        const read = collected(frames.map((frame) => responses.readFrame(frame).deltas));
        // Where it stands differs from dialect to dialect.
        const { passages: _places, calls: _calls, ...target } = collected([chat.readReply(whole)]);
        const { passages: _read, calls: _callsRead, ...said } = read;
        expect({ ...said, usage: { inputTokens: 5, outputTokens: 3 } }).toEqual(target);
        expect(read.usage).toMatchObject({ inputTokens: 5, outputTokens: 3 });
      }),
    );
  });
});

function never(): never {
  throw new Error("This cannot be.");
}

describe("calls of servers with ways of their own", () => {
  test("that name no index are told apart by their ids", () => {
    const call = (id: string, name: string, given: string) => chunk({ tool_calls: [named(id, name, given)] });
    expect(callsIn([call("a", "f", '{"x":1}'), call("b", "f", '{"x":2}')])).toEqual([
      ["a", "f", '{"x":1}'],
      ["b", "f", '{"x":2}'],
    ]);
  });

  test("that number every call alike, too", () => {
    const chunks = [calling(0, named("a", "f", "{}")), calling(0, named("b", "g", "{}"))];
    expect(callsIn(chunks)).toEqual([
      ["a", "f", "{}"],
      ["b", "g", "{}"],
    ]);
  });

  test("that give every piece an id, of which the first counts", () => {
    const chunks = [calling(0, named("a", "f", '{"x"')), calling(0, { id: "b", ...more(":1}") })];
    expect(callsIn(chunks)).toEqual([["a", "f", '{"x":1}']]);
  });

  test("that repeat id and name with every piece", () => {
    const chunks = [calling(0, named("a", "f", '{"x"')), calling(0, named("a", "f", ":1}"))];
    expect(callsIn(chunks)).toEqual([["a", "f", '{"x":1}']]);
  });

  test("that give the name in pieces", () => {
    const chunks = [calling(0, named("a", "look_")), calling(0, { function: { name: "up" } }), calling(0, more("{}"))];
    expect(callsIn(chunks)).toEqual([["a", "look_up", "{}"]]);
  });

  test("that give no id, which is then made", () => {
    const [call] = callsIn([calling(0, { function: { name: "f", arguments: "{}" } })]) as [[string, string, string]];
    expect(call[0]).toMatch(/^call_.{8}/);
  });

  test("that give no arguments, which are then empty", () => {
    const chunks = [calling(0, named("a", "f")), calling(1, named("b", "g", '{"x":1}')), chunk({}, "tool_calls")];
    expect(callsIn(chunks)).toEqual([
      ["a", "f", "{}"],
      ["b", "g", '{"x":1}'],
    ]);
  });

  test("that give arguments as an object", () => {
    expect(callsIn([calling(0, { id: "a", function: { name: "f", arguments: { x: 1 } } })])).toEqual([
      ["a", "f", '{"x":1}'],
    ]);
  });

  test("in the form of the dialect's first years", () => {
    const chunks = [
      chunk({ function_call: { name: "f", arguments: '{"x"' } }),
      chunk({ function_call: { arguments: ":1}" } }),
      chunk({}, "function_call"),
    ];
    expect(callsIn(chunks)).toEqual([[expect.stringMatching(/^call_/), "f", '{"x":1}']]);
  });
});

describe("a stream", () => {
  test("that goes on with text after a call has a second message", () => {
    const chunks = [chunk({ content: "a" }), calling(0, named("c", "f", "{}")), chunk({ content: "b" })];
    const { output } = accumulated(streamed(chunks));
    expect(output.map(({ type }) => type)).toEqual(["message", "function_call", "message"]);
    expect(new Set(output.map(({ id }) => id)).size).toBe(3);
  });

  test("that is cut off by its limit has an incomplete last item", () => {
    const { status, output } = accumulated(streamed([chunk({ content: "Hel" }), chunk({}, "length")]));
    expect({ status, output }).toMatchObject({ status: "incomplete", output: [{ status: "incomplete" }] });
  });

  test("of a refusal in words is complete", () => {
    const events = streamed([chunk({ refusal: "No." }), chunk({}, "content_filter")]);
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { incomplete_details: null } });
  });

  test("with signed thinking in pieces seals it whole", () => {
    const thinking = (members: object) => chunk({ thinking_blocks: [{ type: "thinking", ...members }] });
    const events = streamed([
      chunk({ reasoning_content: "Hm" }),
      thinking({ thinking: "Hm" }),
      thinking({ thinking: "m.", signature: "s" }),
      chunk({ content: "Hi" }),
    ]);
    const [reasoning] = accumulated(events).output;
    const sealed = reasoning?.type === "reasoning" ? (reasoning.encrypted_content ?? "") : "";
    const history = [reasoning, { type: "function_call", call_id: "c", name: "f", arguments: "{}" }];
    const { body } = responsesToChat.begin({ model: "student", input: history }, { model: "m", maxTokens: 9 });
    expect(sealed).not.toBe("");
    expect(body["messages"]).toMatchObject([
      { role: "assistant", thinking_blocks: [{ type: "thinking", thinking: "Hmm.", signature: "s" }] },
    ]);
  });

  test("without usage says that nobody knows", () => {
    expect(accumulated(streamed([chunk({ content: "Hi" }, "stop")])).usage).toBeNull();
  });

  test("that ends before it began is broken", () => {
    expect(() => streamed([])).toThrow(GatewayError);
    expect(() => streamed([])).toThrow(/without having begun/);
  });
});

test("a reply that is no completion is the provider's failure", () => {
  expect(() => begin().reply({ object: "list", data: [] })).toThrow(/not a completion/);
});
