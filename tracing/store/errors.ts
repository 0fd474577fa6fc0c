/** The span store cannot be opened or read. The message names the path and the way out. */
export class SpanStoreError extends Error {
  override readonly name = "SpanStoreError";
}

/** What an unknown thrown value says, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
