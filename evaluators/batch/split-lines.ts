/** A line of a text as bytes, without its end. `isTooLong` says that the rest of it was passed over. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly isTooLong: boolean;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Splits a text that arrives in pieces, at line feeds, holding no more than `longest` bytes of a line. */
export async function* splitLines(
  pieces: AsyncIterable<Uint8Array | string>,
  longest: number,
): AsyncGenerator<Line, void, undefined> {
  let number = 0;
  let held: Uint8Array[] = [];
  let length = 0;
  const add = (bytes: Uint8Array): void => {
    // A byte more than may be is kept, to tell a line that is too long from one that just fits.
    const room = longest + 1 - length;
    if (room > 0 && bytes.length > 0) held.push(bytes.length > room ? bytes.subarray(0, room) : bytes);
    length += bytes.length;
  };
  const take = (): Line => {
    number += 1;
    const bytes = withoutReturn(held.length === 1 && held[0] ? held[0] : Buffer.concat(held));
    const isTooLong = length > longest;
    held = [];
    length = 0;
    return { number, bytes, isTooLong };
  };
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      add(bytes.subarray(start, end));
      start = end + 1;
      yield take();
    }
    // Copied, because whoever read the piece may fill the same memory again.
    add(Buffer.from(bytes.subarray(start)));
  }
  if (length > 0) yield take();
}

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
