import type { Context } from "@opentelemetry/api";
import { setTimeout as sleep } from "node:timers/promises";
import type { AttributeValues, OpenSpan, Tracing } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import type { ProviderReply } from "../providers/provider.ts";
import type { JsonObject } from "../wires/json.ts";
import type { Wire } from "../wires/wire.ts";
import { type Alias, chooseTarget, type Target } from "./alias.ts";
import { type Deadlines, startDeadlines } from "./deadlines.ts";
import { openGenerationSpan } from "./generation-span.ts";
import { isRetryable, retryDelayMs } from "./retry.ts";
import { brokenStream, upstreamFailure } from "./upstream-failure.ts";

/** Milliseconds that were spent waiting for others, to tell our own time from theirs. */
export interface Waiting {
  upstreamMs: number;
  judgeMs: number;
}

/** A model call to make. */
export interface GenerationRequest {
  readonly tracing: Tracing;
  readonly alias: Alias;
  /** Where it may go; at least one, all speaking `wire`. */
  readonly targets: readonly Target[];
  readonly wire: Wire;
  readonly role: string;
  readonly stream: boolean;
  readonly bodyFor: (target: Target) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly unknown[];
  readonly parameters: JsonObject;
  readonly signal: AbortSignal;
  readonly parent: Context;
  readonly attributes: AttributeValues;
  readonly waiting: Waiting;
}

/** A reply that has begun. The caller reads the body to its end or returns from it, and ends the span. */
export interface Generation {
  readonly target: Target;
  readonly span: OpenSpan;
  readonly reply: ProviderReply;
  /** Milliseconds from the request to the first byte of a stream; undefined for a reply in one piece. */
  readonly timeToFirstByteMs: number | undefined;
}

/**
 * Calls a target of the alias and waits for the first byte of its reply. Tries again as the alias' `retry` says, each
 * try a span of its own, and never after a first byte of a usable reply. Rejects with `GatewayError` when no try
 * brought a reply; a vendor's own failure (status 400 and above) is a reply.
 */
export async function generate(request: GenerationRequest): Promise<Generation> {
  const { alias, targets } = request;
  const { attempts, on } = alias.retry;
  const tried = new Set<Target>();
  for (let attempt = 1; ; attempt += 1) {
    const fresh = targets.filter((target) => !tried.has(target));
    const target = chooseTarget(fresh.length > 0 ? fresh : targets);
    tried.add(target);
    const outcome = await tryOnce(request, target, attempt - 1);
    const failure = "failure" in outcome ? outcome.failure.kind : outcome.reply.status;
    const delayMs =
      attempt < attempts && isRetryable(on, failure) && !request.signal.aborted
        ? retryDelayMs(attempt + 1, "reply" in outcome ? outcome.reply.headers["retry-after"] : undefined)
        : undefined;
    if (delayMs === undefined) {
      if ("failure" in outcome) throw outcome.failure.error;
      return outcome;
    }
    if ("reply" in outcome) await discard(outcome);
    await timed(request.waiting, () => sleep(delayMs, undefined, { signal: request.signal }).catch(() => {}));
  }
}

type TryOutcome = Generation | { readonly failure: ReturnType<typeof upstreamFailure> };

async function tryOnce(request: GenerationRequest, target: Target, transportRetry: number): Promise<TryOutcome> {
  const { wire, stream, headers, signal, waiting } = request;
  const body = request.bodyFor(target);
  const span = openGenerationSpan({ ...request, target, body, transportRetry });
  const { provider } = target;
  const deadlines = startDeadlines(provider.name, provider.timeouts, signal, stream);
  const started = performance.now();
  try {
    return await timed(waiting, async () => {
      const reply = await provider.send({
        wire: wire.name,
        model: target.model,
        body,
        headers,
        signal: deadlines.signal,
      });
      const primed = await primeBody(reply, target, deadlines, waiting);
      return { target, span, reply: primed, timeToFirstByteMs: stream ? performance.now() - started : undefined };
    });
  } catch (thrown) {
    deadlines.clear();
    const failure = upstreamFailure(deadlines.signal.aborted ? deadlines.signal.reason : thrown, provider.name);
    span.fail(failure.error.code, failure.error.message);
    span.end();
    return { failure };
  }
}

/** Waits for the first chunk, so that a provider that fails to start is still an HTTP error; the rest keeps its deadlines. */
async function primeBody(
  reply: ProviderReply,
  target: Target,
  deadlines: Deadlines,
  waiting: Waiting,
): Promise<ProviderReply> {
  const iterator = reply.body[Symbol.asyncIterator]();
  const first = await iterator.next();
  deadlines.arrived();
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      let next = first;
      while (!next.done) {
        yield next.value;
        deadlines.awaiting();
        next = await timed(waiting, () => iterator.next());
        deadlines.arrived();
      }
    } catch (thrown) {
      throw brokenStream(deadlines.signal.aborted ? deadlines.signal.reason : thrown, target.provider.name);
    } finally {
      deadlines.clear();
      await iterator.return?.();
    }
  }
  return { ...reply, body: body() };
}

/** Ends a failed try that will be tried again. */
async function discard({ span, reply, target }: Generation): Promise<void> {
  span.fail(String(reply.status), `Provider "${target.provider.name}" answered ${reply.status}; trying again.`);
  span.end();
  // Leaving the loop at its first chunk closes the connection: what a failed try still says is not waited for.
  for await (const chunk of reply.body) {
    void chunk;
    break;
  }
}

async function timed<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    waiting.upstreamMs += performance.now() - started;
  }
}

/** Reads a body whole. Throws when it is longer than `mostBytes`. */
export async function readWhole(
  body: AsyncIterable<Uint8Array>,
  provider: string,
  mostBytes = 64 * 1024 * 1024,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostBytes) {
      throw new GatewayError(
        "provider_failed",
        `Provider "${provider}" answered with more than ${mostBytes} bytes, which is more than Proctor holds.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
