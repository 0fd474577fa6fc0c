import { GatewayError } from "../errors.ts";
import { joinedBytes } from "../joined-bytes.ts";

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
  return joinedBytes(chunks);
}
