import type { Said, Writing } from "./said.ts";
import { inputPieces } from "./input-pieces.ts";

/** An item of the output: whole, as it begins, and the events between its beginning and its end. */
interface Item {
  readonly whole: object;
  readonly start: object;
  readonly events: readonly (readonly [type: string, members: object])[];
}

/** How the responses vendor writes. Every text comes in pieces, then again as a whole with its part, its item and the response. */
export const responsesWriting: Writing = {
  mostChoices: 1,
  whole: responseOf,
  frames: (said) => {
    const response = responseOf(said);
    const begun = { ...response, status: "in_progress", incomplete_details: null, output: [], usage: null };
    const events: (readonly [string, object])[] = [
      ["response.created", { response: begun }],
      ["response.in_progress", { response: begun }],
      ...itemsOf(said).flatMap(({ whole, start, events: between }, output_index): [string, object][] => [
        ["response.output_item.added", { output_index, item: start }],
        ...between.map(([type, members]): [string, object] => [type, { output_index, ...members }]),
        ["response.output_item.done", { output_index, item: whole }],
      ]),
      [`response.${response.status}`, { response }],
    ];
    return events.map(([type, members], sequence_number) => responsesFrame(type, { sequence_number, ...members }));
  },
};

/** One event as a frame. */
export function responsesFrame(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

function responseOf(said: Said) {
  const isComplete = said.choices[0]?.finish !== "length";
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_760_000_000,
    status: isComplete ? "completed" : "incomplete",
    error: null,
    incomplete_details: isComplete ? null : { reason: "max_output_tokens" },
    instructions: "Be brief.",
    metadata: { team: "support" },
    model: "m-1",
    output: itemsOf(said).map(({ whole }) => whole),
    tools: [{ type: "function", name: "look_up", description: "Looks up." }],
    text: { format: { type: "text" } },
    usage: {
      input_tokens: said.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: said.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: said.inputTokens + said.outputTokens,
    },
  };
}

function itemsOf({ choices }: Said): readonly Item[] {
  const [choice] = choices;
  if (!choice) return [];
  const { reasoning, text, calls } = choice;
  return [
    ...(reasoning.length > 0 ? [reasoningItem(reasoning)] : []),
    ...(text.length > 0 ? [messageItem(text)] : []),
    ...calls.map(callItem),
  ];
}

function reasoningItem(pieces: readonly string[]): Item {
  const text = pieces.join("");
  const place = { item_id: "rs_1", summary_index: 0 };
  const part = { type: "summary_text", text };
  return {
    whole: { id: "rs_1", type: "reasoning", summary: [part], encrypted_content: "sealed" },
    start: { id: "rs_1", type: "reasoning", summary: [], encrypted_content: "" },
    events: [
      ["response.reasoning_summary_part.added", { ...place, part: { type: "summary_text", text: "" } }],
      ...pieces.map(
        (delta) => ["response.reasoning_summary_text.delta", { ...place, delta, obfuscation: "aB3x" }] as const,
      ),
      ["response.reasoning_summary_text.done", { ...place, text }],
      ["response.reasoning_summary_part.done", { ...place, part }],
    ],
  };
}

function messageItem(pieces: readonly string[]): Item {
  const text = pieces.join("");
  const place = { item_id: "msg_1", content_index: 0 };
  const part = { type: "output_text", text, annotations: [], logprobs: [] };
  const message = { id: "msg_1", type: "message", role: "assistant" };
  return {
    whole: { ...message, status: "completed", content: [part] },
    start: { ...message, status: "in_progress", content: [] },
    events: [
      ["response.content_part.added", { ...place, part: { ...part, text: "" } }],
      ...pieces.map(
        (delta) => ["response.output_text.delta", { ...place, delta, logprobs: [], obfuscation: "x9" }] as const,
      ),
      ["response.output_text.done", { ...place, text, logprobs: [] }],
      ["response.content_part.done", { ...place, part }],
    ],
  };
}

function callItem(call: Said["choices"][number]["calls"][number], index: number): Item {
  const id = `fc_${index}`;
  const given = JSON.stringify(call.input);
  const item = { id, type: "function_call", call_id: `call_${index}`, name: call.name };
  return {
    whole: { ...item, status: "completed", arguments: given },
    start: { ...item, status: "in_progress", arguments: "" },
    events: [
      ...inputPieces(call).map(
        (delta) => ["response.function_call_arguments.delta", { item_id: id, delta, obfuscation: "q" }] as const,
      ),
      ["response.function_call_arguments.done", { item_id: id, arguments: given }],
    ],
  };
}
