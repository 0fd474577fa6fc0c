import { type Arrival, gatherBody } from "./arrival.ts";

/** A request without a port, such as one from the same process. */
export function webArrival(request: Request): Arrival {
  return {
    headers: Object.fromEntries(request.headers),
    onLeave(leave) {
      if (request.signal.aborted) leave();
      else request.signal.addEventListener("abort", leave, { once: true });
    },
    readBytes: (mostBytes) => readBytes(request.body ?? [], mostBytes),
    reply: ({ status, headers, body }) => new Response(body, { status, headers }),
    stream: (chunks, headers, status = 200) => new Response(toWebStream(chunks), { status, headers }),
  };
}

async function readBytes(
  body: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  mostBytes: number,
): Promise<Buffer | undefined> {
  const gathered = gatherBody(mostBytes);
  for await (const chunk of body) if (!gathered.add(chunk)) break;
  return gathered.whole();
}

/** Async generators become web streams only at the edge. */
export function toWebStream(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  let hasBegun = false;
  const iterator: AsyncIterator<Uint8Array> = {
    next() {
      hasBegun = true;
      return chunks.next();
    },
    async return() {
      // A generator that never began would not clean up: its client left before the first byte could be read.
      if (!hasBegun) await chunks.next();
      return chunks.return(undefined);
    },
  };
  return ReadableStream.from<Uint8Array>({ [Symbol.asyncIterator]: () => iterator });
}
