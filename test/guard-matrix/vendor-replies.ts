import type { Values } from "./cells.ts";

/** What a played model says, each text in the pieces of a stream. */
export interface Answer {
  readonly text: readonly string[];
  /** A second part of the same text, block or item. */
  readonly more?: readonly string[];
  readonly refusal?: readonly string[];
  readonly reasoning?: readonly string[];
  readonly call?: { readonly name: string; readonly given: readonly string[] };
  /** Only chat completions have one. */
  readonly second?: readonly string[];
}

/** How a vendor of each dialect writes an answer: as one body, and as the frames of a stream. */
export interface Dialect {
  whole(answer: Answer): object;
  frames(answer: Answer): readonly string[];
}

const joined = (pieces: readonly string[] = []) => pieces.join("");

/** An answer with the planted text in the field that a cell is about. */
export function answerWith(field: Values["field"], pieces: readonly string[]): Answer {
  switch (field) {
    case "text":
      return { text: pieces };
    case "refusal":
      return { text: [], refusal: pieces };
    case "reasoning":
      return { text: ["Fine."], reasoning: pieces };
    case "tool name":
      return { text: ["Fine."], call: { name: joined(pieces), given: ['{"place":', '"Oslo"}'] } };
    case "tool argument":
      return { text: ["Fine."], call: { name: "look_up", given: asJson(pieces) } };
    case "second choice":
      return { text: ["Fine."], second: pieces };
    case "structured output":
      return { text: asJson(pieces) };
  }
}

function asJson(pieces: readonly string[]): readonly string[] {
  return ['{"answer":"', ...pieces.map((piece) => JSON.stringify(piece).slice(1, -1)), '","sure":1.50}'];
}

const chatHead = { id: "chatcmpl-played", created: 1_760_000_000, model: "played-1" };
const chatUsage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const dataFrame = (data: object) => `data: ${JSON.stringify(data)}\n\n`;

const chat: Dialect = {
  whole({ text, more, refusal, reasoning, call, second }) {
    const message = {
      role: "assistant",
      content: more ? partsOf(text, more) : joined(text) || null,
      refusal: refusal ? joined(refusal) : null,
      ...(reasoning ? { reasoning_content: joined(reasoning) } : {}),
      ...(call ? { tool_calls: [toolCall({ name: call.name, arguments: joined(call.given) })] } : {}),
    };
    const others = second
      ? [{ index: 1, message: { role: "assistant", content: joined(second) }, finish_reason: "stop" }]
      : [];
    const choices = [{ index: 0, message, logprobs: null, finish_reason: call ? "tool_calls" : "stop" }, ...others];
    return { ...chatHead, object: "chat.completion", choices, usage: chatUsage };
  },
  frames({ text, more, refusal = [], reasoning = [], call, second = [] }) {
    const chunk = (delta: object, finish_reason: string | null = null, index = 0) =>
      dataFrame({ ...chatHead, object: "chat.completion.chunk", choices: [{ index, delta, finish_reason }] });
    return [
      chunk({ role: "assistant", content: "" }),
      ...reasoning.map((piece) => chunk({ reasoning_content: piece })),
      ...(more ? [chunk({ content: partsOf(text, more) })] : text.map((piece) => chunk({ content: piece }))),
      ...refusal.map((piece) => chunk({ refusal: piece })),
      ...(call ? [chunk({ tool_calls: [{ index: 0, ...toolCall({ name: call.name, arguments: "" }) }] })] : []),
      ...(call?.given ?? []).map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
      ...second.map((piece) => chunk({ content: piece }, null, 1)),
      chunk({}, call ? "tool_calls" : "stop"),
      ...(second.length > 0 ? [chunk({}, "stop", 1)] : []),
      dataFrame({ ...chatHead, object: "chat.completion.chunk", choices: [], usage: chatUsage }),
      "data: [DONE]\n\n",
    ];
  },
};

function partsOf(...texts: readonly (readonly string[])[]) {
  return texts.map((pieces) => ({ type: "text", text: joined(pieces) }));
}

function toolCall(called: { readonly name: string; readonly arguments: string }) {
  return { id: "call_1", type: "function", function: called };
}

const messageHead = { id: "msg_played", type: "message", role: "assistant", model: "played-1" };

interface Block {
  readonly whole: object;
  readonly start: object;
  readonly deltas: readonly object[];
}

function blocksOf({ text, more = [], reasoning, call }: Answer): readonly Block[] {
  const deltas = (type: string, member: string, pieces: readonly string[]) =>
    pieces.map((piece) => ({ type, [member]: piece }));
  const thinking = reasoning && {
    whole: { type: "thinking", thinking: joined(reasoning), signature: "c2lnbmVk" },
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [...deltas("thinking_delta", "thinking", reasoning), { type: "signature_delta", signature: "c2lnbmVk" }],
  };
  const words = (pieces: readonly string[]) =>
    pieces.length > 0 && {
      whole: { type: "text", text: joined(pieces) },
      start: { type: "text", text: "" },
      deltas: deltas("text_delta", "text", pieces),
    };
  const used = call && { type: "tool_use", id: "toolu_1", name: call.name };
  const calling = used && {
    whole: { ...used, input: JSON.parse(joined(call.given)) as object },
    start: { ...used, input: {} },
    deltas: deltas("input_json_delta", "partial_json", call.given),
  };
  return [thinking, words(text), words(more), calling].filter((block) => typeof block === "object");
}

/** A refusal in words is told beside the reason why the answer ended. */
function messageEnd({ refusal, call }: Answer): object {
  if (refusal)
    return { stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation: joined(refusal) } };
  return { stop_reason: call ? "tool_use" : "end_turn", stop_sequence: null };
}

const messages: Dialect = {
  whole: (answer) => ({
    ...messageHead,
    content: blocksOf(answer).map(({ whole }) => whole),
    ...messageEnd(answer),
    usage: { input_tokens: 11, output_tokens: 7 },
  }),
  frames: (answer) => [
    named("message_start", {
      message: { ...messageHead, content: [], stop_reason: null, usage: { input_tokens: 11, output_tokens: 1 } },
    }),
    ...blocksOf(answer).flatMap(({ start, deltas }, index) => [
      named("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => named("content_block_delta", { index, delta })),
      named("content_block_stop", { index }),
    ]),
    named("message_delta", { delta: messageEnd(answer), usage: { output_tokens: 7 } }),
    named("message_stop"),
  ],
};

function named(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

type ResponsesEvent = readonly [type: string, members: object];

interface Item {
  readonly whole: object;
  readonly start: object;
  readonly events: readonly ResponsesEvent[];
}

/** What comes in pieces, then as a whole with its part: `said` is the name of its events. */
function textEvents(
  pieces: readonly string[],
  place: object,
  said: readonly [added: string, delta: string, part: object],
): ResponsesEvent[] {
  const [prefix, name, part] = said;
  const member = "refusal" in part ? "refusal" : "text";
  return [
    [`${prefix}_part.added`, { ...place, part: { ...part, [member]: "" } }],
    ...pieces.map((delta): ResponsesEvent => [`${name}.delta`, { ...place, delta }]),
    [`${name}.done`, { ...place, [member]: joined(pieces) }],
    [`${prefix}_part.done`, { ...place, part }],
  ];
}

function itemsOf({ text, more = [], refusal, reasoning, call }: Answer): readonly Item[] {
  const message = { id: "msg_1", type: "message", role: "assistant" };
  const said = (pieces: readonly string[], part: object, name: string): Item => ({
    whole: { ...message, status: "completed", content: [part] },
    start: { ...message, status: "in_progress", content: [] },
    events: textEvents(pieces, { item_id: "msg_1", content_index: 0 }, ["response.content", name, part]),
  });
  const summary = { type: "summary_text", text: joined(reasoning) };
  const called = call && { id: "fc_1", type: "function_call", call_id: "call_1", name: call.name };
  return [
    ...(reasoning ? [{
      whole: { id: "rs_1", type: "reasoning", summary: [summary] },
      start: { id: "rs_1", type: "reasoning", summary: [] },
      events: textEvents(reasoning, { item_id: "rs_1", summary_index: 0 }, ["response.reasoning_summary", "response.reasoning_summary_text", summary]),
    }] : []),
    ...[text, more].filter(({ length }) => length > 0).map((pieces) => said(pieces, { type: "output_text", text: joined(pieces), annotations: [] }, "response.output_text")),
    ...(refusal ? [said(refusal, { type: "refusal", refusal: joined(refusal) }, "response.refusal")] : []),
    ...(call && called ? [{
      whole: { ...called, status: "completed", arguments: joined(call.given) },
      start: { ...called, status: "in_progress", arguments: "" },
      events: [
        ...call.given.map((delta): ResponsesEvent => ["response.function_call_arguments.delta", { item_id: "fc_1", delta }]),
        ["response.function_call_arguments.done", { item_id: "fc_1", arguments: joined(call.given) }] satisfies ResponsesEvent,
      ],
    }] : []),
  ]; // prettier-ignore
}

function responseOf(answer: Answer) {
  return {
    id: "resp_played",
    object: "response",
    created_at: 1_760_000_000,
    status: "completed",
    model: "played-1",
    output: itemsOf(answer).map(({ whole }) => whole),
    usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
  };
}

const responses: Dialect = {
  whole: responseOf,
  frames(answer) {
    const response = responseOf(answer);
    const begun = { ...response, status: "in_progress", output: [], usage: null };
    const events: readonly ResponsesEvent[] = [
      ["response.created", { response: begun }],
      ...itemsOf(answer).flatMap(({ whole, start, events: between }, output_index): ResponsesEvent[] => [
        ["response.output_item.added", { output_index, item: start }],
        ...between.map(([type, members]): ResponsesEvent => [type, { output_index, ...members }]),
        ["response.output_item.done", { output_index, item: whole }],
      ]),
      ["response.completed", { response }],
    ];
    return events.map(([type, members], sequence_number) => named(type, { sequence_number, ...members }));
  },
};

export const dialects = { chat, messages, responses } as const satisfies Record<Values["target"], Dialect>;
