import type { AnswerSchema, Sample, TokenProbability, Usage } from "../../evaluators/index.ts";
import type { GatewayError } from "../errors.ts";
import type { WireName } from "../providers/provider.ts";
import { type JsonObject, parseObject } from "./json.ts";
import type { ServerSentFrame } from "./server-sent-frames.ts";

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
  /** Changes to the request's top level before it goes upstream, `undefined` meaning removal. */
  outgoing(body: JsonObject): JsonObject;
  readReply(body: JsonObject): readonly ReplyDelta[];
  readFrame(frame: ServerSentFrame): ReplyEvent;
  prompt(prompt: Prompt): JsonObject;
  /** Probabilities of the tokens of a reply's first choice; absent on a wire that has none. */
  readonly readLogprobs?: (body: JsonObject) => readonly TokenProbability[] | undefined;
  refusal(refusal: Refusal): JsonObject;
  /** The whole stream of a refusal. The last of its frames ends it. */
  refusalFrames(refusal: Refusal): readonly string[];
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

/** Arguments are examined as the tool will read them: `\\u0031` is a 1. */
function decoded(call: ReplyParts["toolCalls"][number]): ReplyParts["toolCalls"][number] {
  const given = parseObject(call.arguments);
  return given ? { ...call, arguments: JSON.stringify(given) } : call;
}
