import fc from "fast-check";
import type { WireName } from "../../gateway/providers/provider.ts";
import { inputPieces } from "./input-pieces.ts";
import { responsesWriting } from "./responses-writing.ts";
import type { Said, SaidChoice, Writing } from "./said.ts";

/** `turns` with which a choice speaks to its end before the next one begins. */
export const oneAfterAnother = [0] as const;

const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { maxLength: 4 });
const call = fc.record({
  name: fc.stringMatching(/^[a-z_]{1,12}$/),
  input: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
});

/** Replies of all kinds: no text, only calls, thinking beside an answer, several choices. */
export function anySaid(mostChoices: number): fc.Arbitrary<Said> {
  const choice = fc.record({
    reasoning: pieces,
    text: pieces,
    calls: fc.array(call, { maxLength: 3 }),
    finish: fc.constantFrom("stop", "length", "tool_calls", "end_turn"),
  });
  return fc.record({
    choices: fc.array(choice, { minLength: 1, maxLength: mostChoices }),
    inputTokens: fc.nat(5000),
    outputTokens: fc.nat(5000),
    turns: fc.array(fc.nat(100), { minLength: 60, maxLength: 60 }),
  });
}

/** How each wire's vendor writes; a new wire needs its own here. */
export const writings = {
  chat: {
    mostChoices: 3,
    whole: ({ choices, ...said }) => ({
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "m-1",
      choices: choices.map(({ reasoning, text, calls, finish }, index) => ({
        index,
        message: {
          role: "assistant",
          content: text.join("") || null,
          reasoning_content: reasoning.join("") || undefined,
          tool_calls: calls.map(({ name, input }, at) => ({
            id: `call_${index}_${at}`,
            type: "function",
            function: { name, arguments: JSON.stringify(input) },
          })),
        },
        finish_reason: finish,
      })),
      usage: chatUsage(said),
    }),
    frames: (said) => [
      ...interleaved(
        said.choices.map((choice, index) =>
          chatSteps(choice).map(([delta, finish_reason]) => chatFrame([{ index, delta, finish_reason }])),
        ),
        said.turns,
      ),
      chatFrame([], { usage: chatUsage(said) }),
      "data: [DONE]\n\n",
    ],
  },
  messages: {
    mostChoices: 1,
    whole: (said) => ({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m-1",
      content: blocksOf(said).map(({ whole }) => whole),
      stop_reason: said.choices[0]?.finish,
      usage: { input_tokens: said.inputTokens, output_tokens: said.outputTokens },
    }),
    frames: (said) => [
      messagesFrame("message_start", {
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "m-1",
          content: [],
          stop_reason: null,
          usage: { input_tokens: said.inputTokens, output_tokens: 0 },
        },
      }),
      messagesFrame("ping"),
      ...blocksOf(said).flatMap(({ start, deltas }, index) => [
        messagesFrame("content_block_start", { index, content_block: start }),
        ...deltas.map((delta) => messagesFrame("content_block_delta", { index, delta })),
        messagesFrame("content_block_stop", { index }),
      ]),
      messagesFrame("message_delta", {
        delta: { stop_reason: said.choices[0]?.finish },
        usage: { output_tokens: said.outputTokens },
      }),
      messagesFrame("message_stop"),
    ],
  },
  responses: responsesWriting,
} as const satisfies Record<WireName, Writing>;

function chatUsage({ inputTokens, outputTokens }: Pick<Said, "inputTokens" | "outputTokens">): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

function chatFrame(choices: readonly object[], extra: object = {}): string {
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", model: "m-1", choices, ...extra })}\n\n`;
}

/** What a choice says, step by step: a delta and, in the last one, why it ended. */
function chatSteps({ reasoning, text, calls, finish }: SaidChoice): readonly (readonly [object, string | null])[] {
  const toolCall = (index: number, members: object) => ({ tool_calls: [{ index, ...members }] });
  return [
    [{ role: "assistant", content: "" }, null],
    ...reasoning.map((piece) => [{ reasoning_content: piece }, null] as const),
    ...text.map((piece) => [{ content: piece }, null] as const),
    ...calls.flatMap((each, index) => [
      [
        toolCall(index, { id: `call_${index}`, type: "function", function: { name: each.name, arguments: "" } }),
        null,
      ] as const,
      ...inputPieces(each).map((piece) => [toolCall(index, { function: { arguments: piece } }), null] as const),
    ]),
    [{}, finish],
  ];
}

function messagesFrame(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

interface Block {
  readonly whole: object;
  readonly start: object;
  readonly deltas: readonly object[];
}

function blocksOf({ choices }: Said): readonly Block[] {
  const [choice] = choices;
  if (!choice) return [];
  const { reasoning, text, calls } = choice;
  const thinking: Block = {
    whole: { type: "thinking", thinking: reasoning.join(""), signature: "s" },
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...reasoning.map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature: "s" },
    ],
  };
  const words: Block = {
    whole: { type: "text", text: text.join("") },
    start: { type: "text", text: "" },
    deltas: text.map((piece) => ({ type: "text_delta", text: piece })),
  };
  const toolUses = calls.map((each, index): Block => ({
    whole: { type: "tool_use", id: `toolu_${index}`, name: each.name, input: each.input },
    start: { type: "tool_use", id: `toolu_${index}`, name: each.name, input: {} },
    deltas: [
      { type: "input_json_delta", partial_json: "" },
      // A call without arguments brings no text for them.
      ...(Object.keys(each.input).length === 0 ? [] : inputPieces(each)).map((piece) => ({
        type: "input_json_delta",
        partial_json: piece,
      })),
    ],
  }));
  return [...(reasoning.length > 0 ? [thinking] : []), words, ...toolUses];
}

/** One list of several, each in its own order, the next turn taken by whom `turns` says. */
function interleaved<T>(lists: readonly (readonly T[])[], turns: readonly number[]): readonly T[] {
  const waiting = lists.map((list) => [...list]);
  const taken: T[] = [];
  for (let turn = 0; ; turn += 1) {
    const left = waiting.filter((list) => list.length > 0);
    const next = left[(turns[turn % turns.length] ?? 0) % Math.max(1, left.length)]?.shift();
    if (next === undefined) return taken;
    taken.push(next);
  }
}
