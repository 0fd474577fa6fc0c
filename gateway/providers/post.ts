import type { Dispatcher } from "undici";
import type { ProviderReply } from "./provider.ts";

/** A request to post. */
export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** So many bytes that nobody has read yet wait in memory; then the connection is not read any further. */
const mostWaitingBytes = 64 * 1024;

/**
 * Posts a body and resolves when the reply's head is there. The same as undici's `request`, without the Node streams that it
 * lays around a reply, which cost as much as all else. An abort rejects at once, wherever the call is.
 */
export function post(dispatcher: Dispatcher, { url, headers, body, signal }: PostRequest): Promise<ProviderReply> {
  const { promise, resolve, reject } = Promise.withResolvers<ProviderReply>();
  const chunks = new ReplyChunks();
  const fail = (error: Error): void => {
    signal.removeEventListener("abort", onAbort);
    chunks.fail(error);
    reject(error);
  };
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    const error = reason instanceof Error ? reason : new Error(String(reason));
    fail(error);
    chunks.close(error);
  };
  if (signal.aborted) {
    onAbort();
    return promise;
  }
  signal.addEventListener("abort", onAbort, { once: true });
  const options = { origin: url.origin, path: url.pathname, method: "POST", headers, body } as const;
  dispatcher.dispatch(options, {
    onRequestStart: (controller) => chunks.open(controller),
    onResponseStart(_controller, status, received) {
      if (status >= 200) resolve({ status, headers: flatHeaders(received), body: chunks });
    },
    onResponseData: (_controller, chunk) => chunks.push(chunk),
    onResponseEnd() {
      signal.removeEventListener("abort", onAbort);
      chunks.end();
    },
    onResponseError: (_controller, error) => fail(error),
  });
  return promise;
}

/** The chunks of one reply, read once. Whoever leaves before the end closes the connection. */
class ReplyChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #closed: Error | undefined;
  #ending: { readonly error?: Error } | undefined;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined;

  [Symbol.asyncIterator](): this {
    return this;
  }

  open(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#closed) controller.abort(this.#closed);
  }

  push(chunk: Uint8Array): void {
    if (this.#ending) return;
    if (this.#reader) {
      this.#reader.resolve({ done: false, value: chunk });
      this.#reader = undefined;
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > mostWaitingBytes) this.#controller?.pause();
  }

  end(): void {
    this.#ending ??= {};
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  fail(error: Error): void {
    this.#ending ??= { error };
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Ends the call upstream, or makes it end as soon as it has begun. */
  close(error: Error): void {
    this.#closed = error;
    this.#controller?.abort(error);
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#waiting.shift();
    if (chunk) {
      this.#waitingBytes -= chunk.length;
      if (this.#controller?.paused && this.#waitingBytes <= mostWaitingBytes / 2) this.#controller.resume();
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#ending?.error) return Promise.reject(this.#ending.error);
    if (this.#ending) return Promise.resolve({ done: true, value: undefined });
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#ending) {
      this.end();
      this.close(new Error("Nobody reads the reply any more."));
    }
    this.#waiting.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
