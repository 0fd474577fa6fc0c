/** The pieces as one; without a copy where only one of them is not empty. */
export function joinedBytes(pieces: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const filled = pieces.filter(({ length }) => length > 0);
  const [only] = filled;
  if (filled.length !== 1 || !only) return Buffer.concat(filled);
  return Buffer.from(only.buffer as ArrayBuffer, only.byteOffset, only.length);
}
