import { connect, type Socket } from "node:net";

/** A client that writes its own bytes. */
export interface RawClient {
  readonly socket: Socket;
  /** Replies so far, the last of which may not be whole yet. */
  replies(): readonly RawReply[];
  readonly isClosed: boolean;
  write(...parts: readonly (string | Uint8Array)[]): void;
}

export interface RawReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the frames of chunked encoding. */
  readonly body: string;
  readonly isWhole: boolean;
}

/** Opens a connection. */
export function dial(port: number): RawClient {
  const socket = connect({ port, host: "127.0.0.1" });
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("close", () => (isClosed = true));
  socket.on("error", () => {});
  return {
    socket,
    get isClosed() {
      return isClosed;
    },
    replies: () => readReplies(Buffer.concat(chunks), isClosed),
    write: (...parts) => void socket.write(Buffer.concat(parts.map((part) => Buffer.from(part)))),
  };
}

function readReplies(heard: Buffer, isClosed: boolean): RawReply[] {
  const replies: RawReply[] = [];
  let rest = heard;
  for (let end = rest.indexOf("\r\n\r\n"); end !== -1; end = rest.indexOf("\r\n\r\n")) {
    const [line = "", ...fields] = rest.subarray(0, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(
      fields.map((field) => splitAt(field, ": ")).map(([k, v]) => [k.toLowerCase(), v]),
    );
    const status = Number(line.split(" ")[1]);
    const { body, length, isWhole } = readBody(rest.subarray(end + 4), { status, headers, isClosed });
    replies.push({ status, headers, body: body.toString("utf8"), isWhole });
    if (!isWhole) break;
    rest = rest.subarray(end + 4 + length);
  }
  return replies;
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isClosed: boolean;
}

function readBody(rest: Buffer, { status, headers, isClosed }: Head) {
  if (headers["transfer-encoding"] === "chunked") return readChunks(rest);
  const announced = headers["content-length"];
  if (status === 100 || status === 204) return { body: Buffer.alloc(0), length: 0, isWhole: true };
  const length = announced === undefined ? rest.length : Number(announced);
  return {
    body: rest.subarray(0, length),
    length,
    isWhole: announced === undefined ? isClosed : rest.length >= length,
  };
}

function readChunks(rest: Buffer) {
  const parts: Buffer[] = [];
  for (let at = 0, line = rest.indexOf("\r\n"); line !== -1; line = rest.indexOf("\r\n", at)) {
    const size = Number.parseInt(rest.subarray(at, line).toString("latin1"), 16);
    at = line + 2 + size + 2;
    if (at > rest.length) break;
    if (size === 0) return { body: Buffer.concat(parts), length: at, isWhole: true };
    parts.push(rest.subarray(line + 2, line + 2 + size));
  }
  return { body: Buffer.concat(parts), length: rest.length, isWhole: false };
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
