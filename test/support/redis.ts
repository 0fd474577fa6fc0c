import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis of this test's own. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the process and starts another one on the same port, which knows nothing. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Leaves it without a sign of life while its connections stay open, and wakes it up again. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts `redis-server` (Debian's package of that name) on a free port of the loopback interface, with nothing kept on disk. */
export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "proctor-redis-"));
  const port = await freePort();
  let server: ChildProcess | undefined = await launch(folder, port);
  const stop = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null) return;
    ending.kill("SIGKILL");
    await once(ending, "exit");
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop,
    async start() {
      server = await launch(folder, port);
    },
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn("redis-server", ["--port", String(port), ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = once(server, "error").then(([error]: unknown[]) => {
    throw new Error(`redis-server does not start: install Debian's package of that name. ${String(error)}`);
  });
  const ended = once(server, "exit").then(([code]: unknown[]) => {
    throw new Error(`redis-server ended with ${String(code)} before it took connections.`);
  });
  await Promise.race([ready(server), failed, ended]);
  failed.catch(() => {});
  ended.catch(() => {});
  return server;
}

function ready(server: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((done) => {
    server.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes("Ready to accept connections")) done();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
