import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { listenOnLoopback } from "../support/loopback.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const frame = (content: string, finish: string | null = null): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`,
  );

const megabyte = 1024 * 1024;
const pieceLength = 32 * 1024;
const piece = frame("~".repeat(pieceLength));

/** A vendor that writes as fast as it is read, and counts what was taken from it. */
interface EagerVendor {
  readonly url: string;
  readonly taken: number;
  close(): Promise<void>;
}

async function startEagerVendor(offeredBytes: number): Promise<EagerVendor> {
  let taken = 0;
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on("end", () => {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      void offer(outgoing, offeredBytes, (bytes) => (taken += bytes));
    });
  });
  const vendor: EagerVendor = {
    ...(await listenOnLoopback(server)),
    get taken() {
      return taken;
    },
  };
  open.push(vendor);
  return vendor;
}

/** Each piece counts as taken when the operating system has it. */
async function offer(outgoing: ServerResponse, bytes: number, take: (bytes: number) => void): Promise<void> {
  for (let offered = 0; offered < bytes && !outgoing.destroyed; offered += piece.length) {
    await new Promise<void>((done) => {
      outgoing.once("close", done);
      outgoing.write(piece, () => {
        outgoing.off("close", done);
        take(piece.length);
        done();
      });
    });
  }
  outgoing.write(frame("", "stop"));
  outgoing.end("data: [DONE]\n\n");
}

async function startGateway({ url }: EagerVendor): Promise<TestGateway> {
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [],
  });
  open.push(gateway);
  return gateway;
}

/** Asks for a stream and resolves at its head; nothing of the body is read. */
function askWithoutReading({ url }: TestGateway, path: string): Promise<IncomingMessage> {
  const body = { model: "student", stream: true, max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
  return new Promise((done, reject) => {
    const outgoing = httpRequest(`${url}${path}`, { method: "POST", agent: false }, (incoming) => {
      open.push({ close: async () => void incoming.destroy() });
      done(incoming);
    });
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(body));
  });
}

/** Resolves when the vendor has been taken nothing from for a second. */
async function standstill(vendor: EagerVendor): Promise<number> {
  for (let before = -1; before !== vendor.taken || before === 0; await sleep(1000)) before = vendor.taken;
  return vendor.taken;
}

describe.each([
  { what: "passed on", path: "/v1/chat/completions" },
  { what: "translated", path: "/v1/messages" },
])("a stream that is $what", ({ path }) => {
  test("waits for a client that does not read: of 200 MB the vendor gets rid of a fraction", async () => {
    const vendor = await startEagerVendor(200 * megabyte);
    const incoming = await askWithoutReading(await startGateway(vendor), path);
    const taken = await standstill(vendor);
    // What is under way is in the buffers of the operating system, up to ten megabytes for each of the two connections.
    expect(taken).toBeLessThan(40 * megabyte);
    // The client reads four megabytes, so about as much is asked for, and no more.
    await read(incoming, 4 * megabyte);
    expect(await standstill(vendor)).toBeLessThan(taken + 24 * megabyte);
  }, 60_000);

  test("comes whole to a client that pauses now and then", async () => {
    const offered = 24 * megabyte;
    const vendor = await startEagerVendor(offered);
    const incoming = await askWithoutReading(await startGateway(vendor), path);
    let said = 0;
    let tail = "";
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      said += chunk.reduce((count, byte) => count + (byte === 0x7e ? 1 : 0), 0);
      tail = `${tail}${chunk.toString("utf8")}`.slice(-300);
      if (chunk.length % 7 === 0) await sleep(1);
    }
    expect(said).toBe(Math.ceil(offered / piece.length) * pieceLength);
    expect(tail).toMatch(path === "/v1/messages" ? /event: message_stop\n[^]*\n\n$/ : /data: \[DONE\]\n\n$/);
  }, 60_000);
});

/** Reads at least so many bytes and pauses. */
async function read(incoming: IncomingMessage, bytes: number): Promise<void> {
  for (let left = bytes; left > 0;) {
    const chunk = incoming.read() as Buffer | null;
    if (chunk) left -= chunk.length;
    else await new Promise((done) => incoming.once("readable", done));
  }
}
