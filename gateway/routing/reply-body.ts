import { GatewayError } from "../errors.ts";
import type { ProviderReply } from "../providers/provider.ts";
import type { Deadlines } from "./deadlines.ts";
import { brokenStream } from "./upstream-failure.ts";
import type { Waiting } from "./waiting.ts";

/** What stands around a reply's body. */
export interface BodyCare {
  readonly provider: string;
  readonly deadlines: Deadlines;
  readonly waiting: Waiting;
  /** Told once when the body is over: read to its end, given up by whoever read it, or broken, and then with the error. */
  onEnd(error?: GatewayError): void;
}

/** A reply whose first chunk is there. */
export interface PrimedReply {
  readonly reply: ProviderReply;
  /** Gives the body up and its connection back. */
  abandon(): Promise<void>;
}

/**
 * Waits for the first chunk of a success, so that a provider that fails to start is still an HTTP error; the rest keeps its deadlines. The
 * body is over at the latest when they abort, also when nobody reads it. Throws when a success has no first chunk.
 */
export async function primeReply(reply: ProviderReply, care: BodyCare): Promise<PrimedReply> {
  const { provider, deadlines } = care;
  const source = reply.body[Symbol.asyncIterator]();
  const isSuccess = reply.status >= 200 && reply.status <= 299;
  // The head of a failure says enough: some vendors take their time for the rest.
  const first = isSuccess ? await source.next() : undefined;
  deadlines.arrived();
  if (first?.done) throw nothingSaid(provider, reply.status);
  const body = new CaredBody(source, first, care);
  return { reply: { status: reply.status, headers: reply.headers, body }, abandon: () => body.return().then(() => {}) };
}

/** The first chunk and then the rest. A class, because it is made for every reply: V8 names a closure under a computed key slowly. */
class CaredBody implements AsyncIterableIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #care: BodyCare;
  #first: IteratorResult<Uint8Array> | undefined;
  #isOver = false;

  constructor(source: AsyncIterator<Uint8Array>, first: IteratorResult<Uint8Array> | undefined, care: BodyCare) {
    this.#source = source;
    this.#first = first;
    this.#care = care;
    care.deadlines.onAbort((reason) => this.#end(brokenStream(reason, care.provider)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#first) {
      const chunk = this.#first;
      this.#first = undefined;
      return chunk;
    }
    const { provider, deadlines, waiting } = this.#care;
    const started = performance.now();
    deadlines.awaiting();
    try {
      const chunk = await this.#source.next();
      if (chunk.done) this.#end();
      return chunk;
    } catch (thrown) {
      const { signal } = deadlines;
      const error = brokenStream(signal.aborted ? signal.reason : thrown, provider);
      this.#end(error);
      throw error;
    } finally {
      deadlines.arrived();
      waiting.upstreamMs += performance.now() - started;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    const isEarly = !this.#isOver;
    this.#end();
    // Also where a chunk is being waited for: nothing would end that wait any more.
    if (isEarly) this.#care.deadlines.abandon();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #end(error?: GatewayError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#care.deadlines.clear();
    this.#care.onEnd(error);
  }
}

/** A success without a body is an answer that broke off before it began. */
function nothingSaid(provider: string, status: number): GatewayError {
  return new GatewayError("stream_broken", `Provider "${provider}" answered ${status} with an empty body.`);
}
