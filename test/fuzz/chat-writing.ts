import type { JsonObject } from "../../gateway/wires/json.ts";
import { type Answer, type Block, type Call, callsIn, type Ending, joinedIn } from "./any-answer.ts";

/** The answer as a whole chat completion: texts of one kind are one text. */
export function wholeCompletion(answer: Answer): string {
  const said = (...kinds: Parameters<typeof joinedIn>[1][]) => joinedIn(answer, ...kinds);
  const calls = callsIn(answer);
  const message = {
    role: "assistant",
    content: said("words") === "" ? null : said("words"),
    refusal: said("refused") === "" ? null : said("refused"),
    ...(said("thought") === "" ? {} : { reasoning_content: said("thought") }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(wholeCall) }),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }];
  return JSON.stringify({ ...head, object: "chat.completion", choices, usage: usageOf(answer) });
}

/** The answer as the chunks of a stream. Calls that follow each other are sent in turns. */
export function completionChunks(answer: Answer): readonly JsonObject[] {
  const deltas = groups(answer.blocks).flatMap((group) => inTurns(group.map(lane), answer.turns));
  const isLate = (answer.noise[0] ?? 0) % 2 === 0;
  const finish = chunk({}, finishReason(answer));
  const usage = usageOf(answer);
  return [
    // What a filter says of the prompt comes before the answer.
    ...(answer.noise[1] === 1 ? [{ ...head, id: "", model: "", choices: [], prompt_filter_results: [] }] : []),
    chunk({ role: "assistant", content: "", refusal: null }),
    ...deltas.map((delta, index) => noisy(chunk(delta), answer.noise[index % answer.noise.length] ?? 0)),
    isLate ? finish : { ...finish, usage },
    ...(isLate ? [{ ...chunk({}), choices: [], usage }] : []),
  ];
}

const head = { id: "chatcmpl-01", created: 1_760_000_000, model: "m-1", system_fingerprint: "fp_1" };

function chunk(delta: JsonObject, finish_reason: string | null = null): JsonObject {
  return { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, logprobs: null, finish_reason }] };
}

const finishReasons: Readonly<Record<Ending, string>> = { done: "stop", length: "length", refused: "content_filter" };

function finishReason(answer: Answer): string {
  return answer.ending === "done" && callsIn(answer).length > 0 ? "tool_calls" : finishReasons[answer.ending];
}

function usageOf({ counts }: Answer): JsonObject {
  const { fresh, read, written, output, thinking } = counts;
  const prompt_tokens = fresh + read + written;
  return {
    prompt_tokens,
    completion_tokens: output,
    total_tokens: prompt_tokens + output,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: thinking },
  };
}

interface Numbered {
  readonly block: Block;
  /** The number of a call among the calls. */
  readonly index: number;
}

/** Calls that follow each other are one group, everything else is a group of its own. */
function groups(blocks: readonly Block[]): readonly (readonly Numbered[])[] {
  const result: Numbered[][] = [];
  let calls = 0;
  for (const block of blocks) {
    const numbered = { block, index: block.kind === "call" ? calls++ : -1 };
    const last = result.at(-1);
    if (block.kind === "call" && last?.at(-1)?.block.kind === "call") last.push(numbered);
    else result.push([numbered]);
  }
  return result;
}

/** The deltas of one block, in their order. */
function lane({ block, index }: Numbered): readonly JsonObject[] {
  switch (block.kind) {
    case "thought":
      return block.pieces.map((piece) => ({ reasoning_content: piece }));
    case "words":
      return block.pieces.map((content) => ({ content }));
    case "refused":
      return block.pieces.map((refusal) => ({ refusal }));
    case "call":
      return callDeltas(block, index);
    case "hidden":
      return [];
  }
}

function callDeltas(call: Call, index: number): readonly JsonObject[] {
  const piece = (members: JsonObject): JsonObject => ({ tool_calls: [{ index, ...members }] });
  return [
    piece({ id: callId(index), type: "function", function: { name: call.name, arguments: "" } }),
    ...call.pieces.map((text) => piece({ function: { arguments: text } })),
  ];
}

const callId = (index: number): string => `call_0${index}`;

function wholeCall({ name, pieces }: Call, index: number): JsonObject {
  return { id: callId(index), type: "function", function: { name, arguments: pieces.join("") } };
}

/** Every lane in its own order; a call begins after the one with the number before it has. */
function inTurns<T>(lanes: readonly (readonly T[])[], turns: readonly number[]): T[] {
  const at = lanes.map(() => 0);
  const taken: T[] = [];
  for (let turn = 0; at.some((place, index) => place < (lanes[index]?.length ?? 0)); turn += 1) {
    const open = lanes.flatMap((each, index) => ((at[index] ?? 0) < each.length && mayGo(at, index) ? [index] : []));
    const chosen = open[(turns[turn % turns.length] ?? 0) % open.length] ?? 0;
    taken.push(...(lanes[chosen]?.slice(at[chosen], (at[chosen] ?? 0) + 1) ?? []));
    at[chosen] = (at[chosen] ?? 0) + 1;
  }
  return taken;
}

function mayGo(at: readonly number[], index: number): boolean {
  return index === 0 || (at[index - 1] ?? 0) > 0;
}

function noisy(given: JsonObject, number: number): JsonObject {
  if (number === 2) return { ...given, obfuscation: "x8Kd" };
  return number === 3 ? { ...given, usage: null, service_tier: "default" } : given;
}
