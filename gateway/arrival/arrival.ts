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
  /** A reply that is sent chunk by chunk, as fast as the client takes it. `chunks` is ended also when the client leaves. */
  stream(chunks: AsyncGenerator<Uint8Array>, headers: Readonly<Record<string, string>>, status?: number): Response;
}

/** Past this much over its limit a body is dropped rather than drained. */
export const mostDrainedBytes = 64 * 1024 * 1024;
