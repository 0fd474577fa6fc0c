import type { ProviderReply } from "./provider.ts";

const credentialHeaders = ["authorization", "x-api-key"] as const;

/** A shorter one would blank words of ordinary text. */
const shortestKey = 8;

/**
 * The reply without the keys that were sent with its request: some servers repeat the key that they refuse, and would hand ours to
 * the client, to the spans and to the log. In a success, whose chunks go on as they come, a key that two chunks share is not found.
 */
export function withoutEcho(reply: ProviderReply, sent: Readonly<Record<string, string>>): ProviderReply {
  const keys = keysIn(sent);
  if (keys.length === 0) return reply;
  const { status, headers, body } = reply;
  const masked = Object.entries(headers).map(([name, value]) => [
    name,
    keys.reduce((text, key) => text.replaceAll(key, stars(key)), value),
  ]);
  return {
    status,
    headers: Object.fromEntries(masked) as Record<string, string>,
    body: status >= 200 && status <= 299 ? new MaskedChunks(body, keys) : withoutKeys(body, keys),
  };
}

function keysIn(sent: Readonly<Record<string, string>>): readonly string[] {
  const keys: string[] = [];
  for (const name of credentialHeaders) {
    const value = sent[name];
    const key = value === undefined || value.length < shortestKey ? "" : value.replace(/^Bearer +/i, "").trim();
    if (key.length >= shortestKey) keys.push(key);
  }
  return keys;
}

class MaskedChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #keys: readonly string[];

  constructor(body: AsyncIterable<Uint8Array>, keys: readonly string[]) {
    this.#source = body[Symbol.asyncIterator]();
    this.#keys = keys;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = await this.#source.next();
    if (chunk.done) return chunk;
    const { buffer, byteOffset, byteLength } = chunk.value;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    for (const key of this.#keys) blank(bytes, key);
    return { done: false, value: bytes };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    return (await this.#source.return?.()) ?? { done: true, value: undefined };
  }
}

/** Keeps so many bytes back that no key can pass in two pieces. */
async function* withoutKeys(body: AsyncIterable<Uint8Array>, keys: readonly string[]): AsyncGenerator<Uint8Array> {
  const longest = Math.max(...keys.map((key) => Buffer.byteLength(key)));
  let held = Buffer.alloc(0);
  for await (const chunk of body) {
    const joined = Buffer.concat([held, chunk]);
    for (const key of keys) blank(joined, key);
    const free = Math.max(0, joined.length - longest + 1);
    held = joined.subarray(free);
    if (free > 0) yield joined.subarray(0, free);
  }
  if (held.length > 0) yield held;
}

function blank(bytes: Buffer, key: string): void {
  for (let at = bytes.indexOf(key); at !== -1; at = bytes.indexOf(key, at)) bytes.write(stars(key), at);
}

function stars(key: string): string {
  return "*".repeat(Buffer.byteLength(key));
}
