import { joinedBytes } from "../joined-bytes.ts";

/** A request of which nothing but its head has been read, and the way back to its client. */
export interface Arrival {
  /** Lower-case names; what came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Calls back when the client leaves before its reply is whole. */
  onLeave(leave: () => void): void;
  /**
   * The body, or undefined when it is longer than `mostBytes`: then it is read and forgotten, so that the client hears the
   * answer instead of a reset, or dropped when it is very much longer. Rejects when the client leaves before it is whole.
   */
  readBytes(mostBytes: number): Promise<Buffer | undefined>;
  reply(whole: WholeReply): Response;
  /** A reply that is sent chunk by chunk, as fast as the client takes it. `chunks` is ended also when the client leaves. */
  stream(chunks: AsyncGenerator<Uint8Array>, headers: ReplyHeaders, status?: number): Response;
}

export type ReplyHeaders = Readonly<Record<string, string>>;

/** A reply in one piece, without the headers that tell how long it is. */
export interface WholeReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string | Buffer<ArrayBuffer>;
}

/** A reply that is an object. */
export function jsonReply(body: object, status: number, headers: ReplyHeaders): WholeReply & { body: string } {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

export interface BodyGatherer {
  /** False for a chunk so far beyond the limit that no more need be read. */
  add(chunk: Uint8Array): boolean;
  /** Undefined when it is longer than the limit. */
  whole(): Buffer | undefined;
}

/** Gathers a body of at most `mostBytes`. */
export function gatherBody(mostBytes: number): BodyGatherer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(chunk) {
      length += chunk.length;
      if (length <= mostBytes) chunks.push(chunk);
      return length <= mostBytes + mostDrainedBytes;
    },
    whole: () => (length <= mostBytes ? joinedBytes(chunks) : undefined),
  };
}

/** Past this much over its limit a body is dropped rather than drained. */
const mostDrainedBytes = 64 * 1024 * 1024;
