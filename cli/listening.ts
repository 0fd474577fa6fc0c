import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UnderWay } from "../gateway/index.ts";
import { CommandError, exitCode } from "./context.ts";
import { refuseConnection } from "./refuse-unreadable.ts";

/** A port that is open. */
export interface Listening {
  readonly port: number;
  /**
   * Lets the requests finish that have begun, for at most `limitMs`, and closes the port and every connection. Until then new
   * requests are still answered, each on a connection that ends with its reply. What has not finished then is told so by `cutOff`,
   * and has a second to say it. Resolves with the number that was cut off.
   */
  drain(limitMs: number, cutOff?: () => void): Promise<number>;
}

/** How patient a port is, in milliseconds. */
export type Patience = typeof patience;

/** Opens a port. Rejects with `CommandError` in one sentence when it cannot be opened. */
export async function listenOn(
  answer: RequestListener,
  host: string,
  port: number,
  { stalledTimeout, ...limits }: Patience = patience,
): Promise<Listening> {
  const underWay = new UnderWay<ServerResponse>();
  let draining = false;
  const server = createServer(
    { ...limits, keepAlive: true, noDelay: true, joinDuplicateHeaders: true },
    function begin(incoming, outgoing) {
      outgoing.on("close", underWay.add(outgoing));
      if (draining) outgoing.shouldKeepAlive = false;
      answer(incoming, outgoing);
    },
  );
  server.on("clientError", (error, socket) => refuseConnection(error, socket, underWay));
  await open(server, host, port);
  const stopWatching = cutOffStalled(underWay, stalledTimeout);
  return {
    port: (server.address() as AddressInfo).port,
    async drain(limitMs, cutOff = () => {}) {
      draining = true;
      const begun = [...underWay];
      for (const outgoing of begun) outgoing.shouldKeepAlive = false;
      server.closeIdleConnections();
      await ended(begun, limitMs);
      const left = begun.filter((outgoing) => !outgoing.closed).length;
      if (left > 0) cutOff();
      await close(server, lastWordsMs);
      stopWatching();
      return left;
    },
  };
}

/**
 * Against clients that send slowly, send nothing or have gone without a word. A connection is kept for longer than balancers
 * keep theirs, so that they never send a request into one that closes.
 */
const patience = {
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5000,
  keepAliveInitialDelay: 30_000,
  /** For a client that has taken nothing of what is written to it for so long. */
  stalledTimeout: 300_000,
};

/** How long a request that was refused or cut off may still take to hear so. */
const lastWordsMs = 1000;

const sweepMs = 50;

/** Closes connections on which bytes wait that the client does not take. Returns the function that ends the watch. */
function cutOffStalled(underWay: Iterable<ServerResponse>, stalledMs: number): () => void {
  let before = new Map<ServerResponse, number>();
  const watch = setInterval(() => {
    const waiting = [...underWay].filter(({ writableLength }) => writableLength > 0);
    for (const outgoing of waiting) if (before.get(outgoing) === outgoing.writableLength) outgoing.destroy();
    before = new Map(waiting.map((outgoing) => [outgoing, outgoing.writableLength]));
  }, stalledMs).unref();
  return () => clearInterval(watch);
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new CommandError(exitCode.usage, portSentence(error, host, port), { cause: error })),
    );
    server.listen(port, host, done);
  });
}

/** Resolves when every reply has left or broken off, or when `limitMs` have passed. */
async function ended(replies: readonly ServerResponse[], limitMs: number): Promise<void> {
  const limit = new AbortController();
  const all = replies.map(
    (outgoing) =>
      new Promise<void>((done) => {
        if (outgoing.closed) done();
        else outgoing.on("close", () => done());
      }),
  );
  await Promise.race([Promise.all(all), sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})]);
  limit.abort();
}

/** Closes the port, idle connections at once and the others after `graceMs`. */
function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((done) => {
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const limit = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(limit);
      done();
    });
    server.closeIdleConnections();
  });
}

function portSentence({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} on ${host} is in use. Stop what listens there, or choose another with --port.`;
  if (code === "EACCES")
    return `Port ${port} on ${host} may not be opened by this user. Choose one above 1023 with --port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `This machine has no address "${host}". Choose another with --host.`;
  return `Cannot listen on ${host}:${port}: ${message}.`;
}
