import type { Context } from "@opentelemetry/api";
import type { AttributeValues, OpenSpan, Tracing } from "../../tracing/index.ts";
import type { ProviderReply } from "../providers/provider.ts";
import type { OutgoingCall } from "../translation/outgoing-call.ts";
import type { JsonObject } from "../wires/json.ts";
import type { Alias, Target } from "./alias.ts";
import type { GenerationSpanOptions } from "./generation-span.ts";
import type { Waiting } from "./waiting.ts";

/** A model call to make. */
export interface GenerationRequest {
  readonly tracing: Tracing;
  /** The alias that was asked for. */
  readonly alias: Alias;
  /** Where it may go; at least one. */
  readonly targets: readonly Target[];
  /** Where it may go, in this order, when every try there has failed. */
  readonly fallbacks?: readonly Fallback[] | undefined;
  readonly role: string;
  readonly stream: boolean;
  /** The call as a target is to get it; asked once for every try. Throws `GatewayError` where the target cannot take it. */
  readonly callFor: (target: Target) => OutgoingCall;
  /** Opens the span of a try; that of a model's answer when absent. */
  readonly openSpan?: ((options: GenerationSpanOptions) => OpenSpan) | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly unknown[];
  readonly parameters: JsonObject;
  readonly signal: AbortSignal;
  readonly parent: Context;
  readonly attributes: AttributeValues;
  readonly waiting: Waiting;
}

/** An alias that stands in for another, with those of its targets that may. */
export interface Fallback {
  readonly alias: Alias;
  readonly targets: readonly Target[];
}

/** An alias on whose targets and with whose retries a call is made. */
export interface Lane extends Fallback {
  readonly isFallback: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** A reply that has begun. The caller reads the body to its end or returns from it, and ends the span. */
export interface Generation {
  /** The alias that answered: the one that was asked for, or what it falls back to. */
  readonly alias: Alias;
  readonly target: Target;
  readonly span: OpenSpan;
  readonly call: OutgoingCall;
  readonly reply: ProviderReply;
  /** Milliseconds from the request to the first byte of a stream; undefined for a reply in one piece. */
  readonly timeToFirstByteMs: number | undefined;
  /** Gives the body up without reading it. */
  abandon(): Promise<void>;
}
