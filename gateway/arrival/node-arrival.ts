import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Arrival, gatherBody } from "./arrival.ts";

// Whatever made it, read once it is the kind of response in which the adapter looks for the mark.
void RESPONSE_ALREADY_SENT.body;

/** A request that came through a port. */
export function nodeArrival(incoming: IncomingMessage, outgoing: ServerResponse): Arrival {
  return {
    headers: flatHeaders(incoming),
    onLeave(leave) {
      const onClose = (): void => {
        if (!outgoing.writableFinished) leave();
      };
      if (outgoing.closed) onClose();
      else outgoing.on("close", onClose);
    },
    readBytes: (mostBytes) => readBytes(incoming, mostBytes),
    reply({ status, headers, body }) {
      outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
      outgoing.end(body);
      return RESPONSE_ALREADY_SENT;
    },
    stream(chunks, headers, status = 200) {
      outgoing.writeHead(status, headers);
      void writeAll(outgoing, chunks);
      return RESPONSE_ALREADY_SENT;
    },
  };
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

function readBytes(incoming: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const body = gatherBody(mostBytes);
  const onData = (chunk: Buffer): void => {
    if (body.add(chunk)) return;
    incoming.off("data", onData);
    resolve(undefined);
  };
  const onClose = (): void => {
    if (!incoming.readableEnded) reject(new Error("The connection closed."));
  };
  if (incoming.destroyed) onClose();
  incoming.on("data", onData);
  incoming.on("end", () => resolve(body.whole()));
  incoming.on("error", reject);
  incoming.on("close", onClose);
  return promise;
}

/** Writes no faster than the client reads. Ends `chunks` in every case, also when the client left before the first one. */
async function writeAll(outgoing: ServerResponse, chunks: AsyncGenerator<Uint8Array>): Promise<void> {
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      if (!outgoing.destroyed && !outgoing.write(next.value)) await drained(outgoing);
      if (outgoing.destroyed) await chunks.return(undefined);
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((go) => {
    const done = (): void => {
      outgoing.off("drain", done).off("close", done);
      go();
    };
    outgoing.on("drain", done).on("close", done);
  });
}
