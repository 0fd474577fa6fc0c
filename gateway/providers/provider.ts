import type { z } from "zod";

/** The dialects that a client or a provider can speak: chat completions, messages and responses. */
export type WireName = "chat" | "messages" | "responses";

/** What a provider can be asked for: an exchange in a dialect, or something smaller. */
export type Endpoint = WireName | "count_tokens" | "embeddings";

/** Settled time limits, in milliseconds. */
export interface Timeouts {
  readonly connect: number;
  /** Until the first event of a stream. */
  readonly first_event: number;
  /** Between two events of a stream. */
  readonly idle: number;
  readonly total: number;
}

/** One request on its way to a model. */
export interface ProviderRequest {
  readonly endpoint: Endpoint;
  /** The provider's own name for the model. */
  readonly model: string;
  /** JSON text as it goes out: the caller's bytes, with the model's name replaced. */
  readonly body: string;
  /** The caller's headers, lower case; a provider passes on those that its vendor knows. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that name the trace, for a provider that may know it. */
  readonly trace?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

/** What came back, before anyone has read it. Reading `body` to its end or returning from it frees the connection. */
export interface ProviderReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A model vendor's wire, configured. Rejects when no reply began: refused, timed out, cancelled. */
export interface Provider {
  readonly name: string;
  readonly kind: string;
  /** What OpenInference calls `llm.system`. */
  readonly system: string;
  /** What it serves natively. Dialects that it does not speak are translated. */
  readonly endpoints: readonly Endpoint[];
  /** Where calls go, for spans and for `doctor`; never contains a key. */
  readonly url: string;
  /** Members of a translated request that its servers know by another name. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Time limits in milliseconds; none when absent. */
  readonly timeouts?: Timeouts;
  /** True when calls carry the caller's own key, so that a refused key is the caller's to mend. */
  readonly passesCallerKey?: boolean;
  /** A digest of what of the caller's headers goes to the vendor, which may change its answer; nothing does when absent. */
  variesBy?(headers: Readonly<Record<string, string>>): string;
  send(request: ProviderRequest): Promise<ProviderReply>;
  close(): Promise<void>;
}

/** How a kind of provider is declared; `registry.ts` lists them. */
export interface ProviderKind<Options extends z.ZodType = z.ZodType> {
  readonly kind: string;
  /** Strict schema of the provider's entry in `providers:`, `kind` included. */
  readonly options: Options;
  create(name: string, options: z.output<Options>): Provider;
  /** Model names that can be asked for directly once such a provider is configured; each is guarded as `student` is. */
  readonly models?: readonly string[];
  /** How the kind is set up without a configuration file when its key is in the environment. */
  readonly fromEnvironment?: {
    readonly variable: string;
    readonly models: Readonly<Record<"teacher" | "student" | "judge", string>>;
  };
}
