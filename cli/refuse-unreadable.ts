import { RequestError } from "@hono/node-server";
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Answers what failed before the gateway saw it: a path or a host that cannot be read. */
export function refuseUnreadable(thrown: unknown): Response {
  if (!(thrown instanceof RequestError)) return new Response(null, { status: 500 });
  const body = errorBody(`The request's path or host cannot be read: ${thrown.message}.`);
  return Response.json(body, { status: 400, headers: { connection: "close" } });
}

/** Answers what is no request, or came too slowly to be one, unless an answer is already on its way; then the connection is closed. */
export function refuseConnection(
  { code = "", message, rawPacket }: ClientError,
  socket: Duplex,
  underWay: Iterable<ServerResponse>,
): void {
  const isAnswering = [...underWay].some((outgoing) => outgoing.socket === socket && outgoing.headersSent);
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const { status, sentence } = reasons[code] ?? { status: 400, sentence: `The request is not right HTTP: ${message}.` };
  const body = JSON.stringify(errorBody(sentence));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  // Whoever asks for a head alone takes what follows it for the next reply.
  const isForHead = rawPacket?.toString("latin1", 0, 5) === "HEAD ";
  socket.end(`${head.join("\r\n")}\r\n\r\n${isForHead ? "" : body}`, () => socket.destroy());
}

interface ClientError extends NodeJS.ErrnoException {
  /** What came when it failed. */
  readonly rawPacket?: Buffer;
}

const reasons: Readonly<Record<string, { readonly status: number; readonly sentence: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    sentence: "The request's headers are longer than 16 KiB. Send fewer or shorter ones.",
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, sentence: "The extensions of the request's chunks are too long." },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, sentence: "The request did not come whole in time. Send it again." },
};

/** In a shape that clients of every dialect understand, since nobody knows which one this is. */
function errorBody(message: string): object {
  return { type: "error", error: { type: "invalid_request_error", message, param: null, code: "invalid_request" } };
}
