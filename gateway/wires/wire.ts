import {
  type AnswerSchema,
  repeatsAKey,
  type Sample,
  type TokenProbability,
  type Usage,
} from "../../evaluators/index.ts";
import type { GatewayError } from "../errors.ts";
import type { WireName } from "../providers/provider.ts";
import { type JsonObject, parseObject } from "./json.ts";
import type { ServerSentFrame } from "./server-sent-frames.ts";
import { withoutEscapes } from "./without-escapes.ts";

/** What the gateway needs to know of a request; everything else passes through unread. */
export interface RequestParts {
  readonly model: string;
  readonly stream: boolean;
  /** The system prompt and the user's last words, for the evaluators. */
  readonly system: string | undefined;
  readonly input: string | undefined;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** Passages found in the request, by where they were found. */
  readonly context: Readonly<Record<ContextSource, readonly string[]>>;
  /** Definitions of the tools that the model may call, as the client wrote them. */
  readonly tools: readonly unknown[];
  /** Sampling settings, for the span. */
  readonly parameters: JsonObject;
  /** What the request asks for that no evaluator can examine, in words; undefined when there is nothing. */
  readonly unexaminable: string | undefined;
  /** True when the client asked for a usage chunk at the end of its stream, or always gets one. */
  readonly wantsUsage: boolean;
}

/** Where passages for faithfulness may come from. */
export type ContextSource = "tool_results" | "documents" | "tags";

/** Tokens of a reply. What was read from or written into the vendor's prompt cache is part of `inputTokens`, reasoning of `outputTokens`. */
export interface ReplyUsage extends Usage {
  readonly cacheReadTokens?: number;
  /** All that was written. */
  readonly cacheWriteTokens?: number;
  /** What was written for the longer of the vendor's two times, where it says so. */
  readonly longCacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

/** A piece of text. Pieces of the same choice, type and `part` belong together; different parts are different passages. */
export interface TextDelta {
  /** `other-delta` is text in places that no evaluator knows by name, which clients may show all the same. */
  readonly type: "text-delta" | "refusal-delta" | "reasoning-delta" | "other-delta";
  readonly choice: number;
  readonly part: string;
  readonly text: string;
  /** True for a part that a stream says again as a whole after its pieces: what it says is kept beside them only where it differs. */
  readonly whole?: boolean;
}

/** One thing that a reply said. Choices are numbered from 0. */
export type ReplyDelta =
  | { readonly type: "start"; readonly id: string | undefined; readonly model: string | undefined }
  | TextDelta
  | {
      readonly type: "tool-call-delta";
      readonly choice: number;
      readonly index: number;
      readonly name: string | undefined;
      readonly arguments: string;
      /** True for a call that a stream says again as a whole after its pieces. */
      readonly whole?: boolean;
    }
  | { readonly type: "usage"; readonly usage: Partial<ReplyUsage> }
  | { readonly type: "finish"; readonly choice: number; readonly reason: string }
  | { readonly type: "error"; readonly message: string };

/** One frame of a streamed reply: its bytes as they came, and what they said. */
export interface ReplyEvent {
  readonly bytes: Uint8Array;
  /** The event's name where the wire has names, and it is the one that the data states. */
  readonly event?: string | undefined;
  readonly deltas: readonly ReplyDelta[];
  /** `usage` carries nothing else and may be hidden; `end` closes the stream; `error` is the vendor's own. */
  readonly kind: "content" | "usage" | "end" | "error";
}

/** A text in the JSON of a reply, or of one event of a stream, that can be replaced where it stands. */
export interface TextPlace {
  /** As the delta has it that the reader makes of this place; of `other-delta` only the tokens of a text, which any `set` removes. */
  readonly type: TextDelta["type"] | "tool-call-delta";
  readonly choice: number;
  /** The delta's `part`; of a tool call its index. */
  readonly part: string;
  readonly text: string;
  /** True where it is said again as a whole. */
  readonly whole?: boolean;
  /** Replaces it in the object that was given to `places`. */
  set(text: string): void;
}

/** What kinds of text a request holds. `attachments` are images, audio and files as data: no evaluator of text can read them. */
export const inputKinds = [
  "system",
  "user",
  "assistant",
  "tool_results",
  "documents",
  "image_urls",
  "tools",
  "attachments",
] as const;
export type InputKind = (typeof inputKinds)[number];

/** What kinds of text a reply holds. `other` stands in places that have no name here, such as citations. */
export const outputKinds = ["text", "refusal", "reasoning", "tool_calls", "other"] as const;
export type OutputKind = (typeof outputKinds)[number];

/** A text of a request that the model will read. */
export interface InputText {
  readonly kind: InputKind;
  /** For attachments what it is, in words: `image/png`. */
  readonly text: string;
  /** Replaces it in the object that was given to `inputTexts`; absent where that cannot be done. */
  readonly set?: (text: string) => void;
}

/** What is added to a request so that its model answers again. */
export interface Retort {
  /** What it had answered. */
  readonly answer: string;
  /** What is wrong with that. */
  readonly critique: string;
}

/** What a wire says when an answer is withheld. */
export interface Refusal {
  /** The alias that the client asked for. */
  readonly model: string;
  readonly message: string;
  readonly usage: Usage | null;
  /** True when the client asked for a usage chunk in its stream. */
  readonly wantsUsage: boolean;
  /** Rides in the body as `proctor`. */
  readonly proctor: JsonObject;
}

/** Follows what a client is sent of a stream, so that it can be ended before its time. */
export interface StreamCut {
  /** Told of the data of every frame that is sent. */
  sent(body: JsonObject): void;
  /** The frames that close what is open and end the stream as a refusal; the last of them ends it. */
  refuse(refusal: Refusal): readonly string[];
}

/** A question of our own to a model on this wire. */
export interface Prompt {
  readonly model: string;
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
  readonly maxTokens: number;
  /** Left to the model when absent. */
  readonly temperature?: number | undefined;
  /** What the answer must look like. */
  readonly schema?: AnswerSchema | undefined;
  /** Asks for the probabilities of the answer's tokens, on a wire that knows them. */
  readonly logprobs?: boolean | undefined;
}

/** One dialect: how to read its requests and replies and how to refuse and fail in it. Adding one is a file and a line in `registry.ts`. */
export interface Wire {
  readonly name: WireName;
  readonly path: string;
  /** For people: "chat completions". */
  readonly label: string;
  /** Throws `GatewayError` with the field that is wrong. */
  readRequest(body: JsonObject): RequestParts;
  /** Every text of a request that the model will read, in order, and what is there that cannot be read. */
  inputTexts(body: JsonObject): readonly InputText[];
  /** The request's text with the answer and what is wrong with it as its last turns; every other byte stays. */
  withRetort(request: { readonly text: string; readonly json: JsonObject }, retort: Retort): string;
  /** Changes to the request's top level before it goes upstream, `undefined` meaning removal. */
  outgoing(body: JsonObject): JsonObject;
  readReply(body: JsonObject): readonly ReplyDelta[];
  readFrame(frame: ServerSentFrame): ReplyEvent;
  /** The texts of a whole reply, or of the data of one event, that can be replaced where they stand. */
  places(body: JsonObject): readonly TextPlace[];
  prompt(prompt: Prompt): JsonObject;
  /** Probabilities of the tokens of a reply's first choice; absent on a wire that has none. */
  readonly readLogprobs?: (body: JsonObject) => readonly TokenProbability[] | undefined;
  refusal(refusal: Refusal): JsonObject;
  /** The whole stream of a refusal. The last of its frames ends it. */
  refusalFrames(refusal: Refusal): readonly string[];
  /** For a stream that may have to end in the middle of an answer. */
  followStream(): StreamCut;
  /** One event of a stream, as a frame. */
  eventFrame(event: JsonObject): string;
  /** The frame that ends every whole stream; empty on a wire whose last event has something to say. */
  readonly endFrame: string;
  error(error: GatewayError): JsonObject;
  errorFrame(error: GatewayError): string;
  /** True when the JSON body of a vendor's failure already has this dialect's shape. */
  isError(body: JsonObject): boolean;
}

/** The text of a reply, whole. */
export interface ReplyParts {
  readonly id: string | undefined;
  readonly model: string | undefined;
  /** Content and refusal text of each choice. */
  readonly choices: readonly string[];
  /** Thinking, and text in places that no evaluator knows by name. */
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  readonly usage: ReplyUsage | null;
  readonly finishReasons: readonly string[];
  /** The texts that `choices` and `reasoning` are joined from, in the order in which they are read. */
  readonly passages: readonly TextDelta[];
  /** Where each of `toolCalls` stands. */
  readonly calls: readonly SaidCall[];
}

/** A tool call, put together or said as a whole; a whole may leave its name out. */
export interface SaidCall {
  readonly choice: number;
  readonly index: number;
  readonly name: string;
  readonly arguments: string;
}

/** The parts of a sample that come from the reply. */
export function sampleOf(reply: ReplyParts): Pick<Sample, "output" | "reasoning" | "tool_calls"> {
  const output = reply.choices.filter((text) => text !== "").join("\n\n");
  return {
    // Also when it is empty: an answer without text must not be mistaken for a request without an answer.
    output,
    ...(reply.reasoning === "" ? {} : { reasoning: reply.reasoning }),
    ...(reply.toolCalls.length === 0 ? {} : { tool_calls: reply.toolCalls.map(decoded) }),
  };
}

/**
 * Arguments are examined as the tool will read them: `\\u0031` is a 1. What readers may read in several ways, half an object or one that
 * names a key twice, is examined whole.
 */
function decoded(call: ReplyParts["toolCalls"][number]): ReplyParts["toolCalls"][number] {
  const given = parseObject(call.arguments);
  if (given && !repeatsAKey(call.arguments)) return { ...call, arguments: JSON.stringify(given) };
  return /^\s*[[{]/.test(call.arguments) ? { ...call, arguments: withoutEscapes(call.arguments) } : call;
}
