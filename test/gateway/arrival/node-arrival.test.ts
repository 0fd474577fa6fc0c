import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { nodeArrival } from "../../../gateway/arrival/node-arrival.ts";
import { type Loopback, listenOnLoopback } from "../../support/loopback.ts";

const open: Loopback[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function listen(handler: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<number> {
  const server = await listenOnLoopback(createServer({ joinDuplicateHeaders: true }, handler));
  open.push(server);
  return server.port;
}

function post(port: number, headers: Record<string, string | string[]> = {}) {
  return request({ host: "127.0.0.1", port, method: "POST", headers }).on("error", () => {});
}

/** Chunks without end, and whether they were begun and ended. */
function endless() {
  const seen = { begun: false, ended: false };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    seen.begun = true;
    try {
      for (;;) {
        await sleep(5);
        yield Buffer.alloc(1024, "x");
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, chunks: chunks() };
}

test("ends the chunks of a client that leaves in their middle", async () => {
  const { seen, chunks } = endless();
  const left = vi.fn<() => void>();
  const port = await listen((incoming, outgoing) => {
    const arrival = nodeArrival(incoming, outgoing);
    arrival.onLeave(left);
    arrival.stream(chunks, { "content-type": "text/plain" });
  });
  const call = post(port);
  call.on("response", (reply) => reply.once("data", () => call.destroy()));
  call.end();
  await expect.poll(() => seen).toEqual({ begun: true, ended: true });
  expect(left).toHaveBeenCalledOnce();
});

test("ends the chunks of a client that left before the first one", async () => {
  const { seen, chunks } = endless();
  const port = await listen((incoming, outgoing) => {
    const arrival = nodeArrival(incoming, outgoing);
    arrival.onLeave(() => arrival.stream(chunks, {}));
    call.destroy();
  });
  const call = post(port);
  call.end();
  await expect.poll(() => seen).toEqual({ begun: true, ended: true });
});

test("tells nobody of a client that heard all", async () => {
  const left = vi.fn<() => void>();
  const port = await listen((incoming, outgoing) => {
    nodeArrival(incoming, outgoing).onLeave(left);
    outgoing.end("all");
  });
  const call = post(port);
  const closed = new Promise((done) => call.on("response", (reply) => reply.resume().on("close", done)));
  call.end();
  await closed;
  expect(left).not.toHaveBeenCalled();
});

test("reads a body up to its limit, and says of a longer one that it was longer", async () => {
  const read: (number | undefined)[] = [];
  const port = await listen((incoming, outgoing) => {
    void nodeArrival(incoming, outgoing)
      .readBytes(100_000)
      .then((bytes) => {
        read.push(bytes?.length);
        outgoing.end("read");
      });
  });
  for (const length of [0, 100_000, 100_001, 5_000_000]) {
    const call = post(port);
    const answered = new Promise((done) => call.on("response", (reply) => reply.resume().on("close", done)));
    call.end(Buffer.alloc(length, "x"));
    await answered;
  }
  expect(read).toEqual([0, 100_000, undefined, undefined]);
});

test("rejects a body whose client leaves before it is whole", async () => {
  const broken = vi.fn<() => void>();
  const port = await listen((incoming, outgoing) => {
    void nodeArrival(incoming, outgoing).readBytes(1000).catch(broken);
  });
  const call = post(port, { "content-length": "500" });
  call.write("half");
  await sleep(50);
  call.destroy();
  await expect.poll(() => broken).toHaveBeenCalledOnce();
});

test("joins what came more than once, as the web does", async () => {
  const port = await listen((incoming, outgoing) => {
    outgoing.end(JSON.stringify(nodeArrival(incoming, outgoing).headers));
  });
  const call = post(port, { "x-proctor-tags": ["a", "b"], authorization: ["Bearer one", "Bearer two"] });
  const text = new Promise<string>((done) =>
    call.on("response", (reply) => {
      let all = "";
      reply.on("data", (piece: Buffer) => (all += piece.toString())).on("end", () => done(all));
    }),
  );
  call.end();
  const headers = JSON.parse(await text) as Record<string, string>;
  expect(headers).toMatchObject({ "x-proctor-tags": "a, b", authorization: "Bearer one, Bearer two" });
});
