import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a server of a test can be reached, and how it ends. */
export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Ends connections too that are in use. */
  close(): Promise<void>;
}

/** Has a server listen on a port of its own. */
export async function listenOnLoopback(server: Server): Promise<Loopback> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => new Promise((done) => server.getConnections((_, count) => done(count))),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
