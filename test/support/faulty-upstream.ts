import { type AddressInfo, createServer, type Socket } from "node:net";

/** A request as it stood on the connection, and the connection itself, to be answered byte by byte. */
export interface UpstreamCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly socket: Socket;
  /** 1 for the first request on its connection. */
  readonly nthOnSocket: number;
  /** Resolves when the bytes are handed over, or the connection is gone. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Says that the answer is whole, so that whoever asked may keep the connection. */
  finish(): void;
}

/** An HTTP server made of a bare socket: what it sends need not be HTTP. */
export interface FaultyUpstream {
  readonly url: string;
  readonly calls: readonly UpstreamCall[];
  /** Open connections, and those among them whose last request has no whole answer. */
  open(): number;
  unfinished(): number;
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback interface. Connections are kept until someone closes them. */
export async function startFaultyUpstream(
  answer: (call: UpstreamCall) => void | Promise<void>,
): Promise<FaultyUpstream> {
  const calls: UpstreamCall[] = [];
  /** Open connections; true while an answer is owed. */
  const sockets = new Map<Socket, boolean>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.set(socket, false);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let count = 0;
    onRequests(socket, (request) => {
      count += 1;
      sockets.set(socket, true);
      const finish = (): void => void (sockets.has(socket) && sockets.set(socket, false));
      const call = {
        ...request,
        socket,
        nthOnSocket: count,
        write: (bytes: string | Uint8Array) => write(socket, bytes),
        finish,
      };
      calls.push(call);
      void answer(call);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    open: () => sockets.size,
    unfinished: () => [...sockets.values()].filter((isOwed) => isOwed).length,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets.keys()) socket.destroy();
      }),
  };
}

type Request = Pick<UpstreamCall, "path" | "headers" | "json">;

/** Cuts what comes on a connection into requests: those that the gateway sends have a `content-length`. */
function onRequests(socket: Socket, receive: (request: Request) => void): void {
  let held = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (let end = held.indexOf("\r\n\r\n"); end !== -1; end = held.indexOf("\r\n\r\n")) {
      const [start = "", ...lines] = held.subarray(0, end).toString("latin1").split("\r\n");
      const headers = Object.fromEntries(lines.map(toHeader));
      const bodyEnd = end + 4 + Number(headers["content-length"] ?? 0);
      if (held.length < bodyEnd) return;
      const json = JSON.parse(held.subarray(end + 4, bodyEnd).toString("utf8")) as Request["json"];
      held = held.subarray(bodyEnd);
      receive({ path: start.split(" ")[1] ?? "", headers, json });
    }
  });
}

function toHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function write(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  return new Promise((done) => {
    if (socket.writable) socket.write(bytes, () => done());
    else done();
  });
}
