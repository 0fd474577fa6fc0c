import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type Listening, listenOn } from "../../cli/listening.ts";
import { webListener } from "../../cli/web-listener.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A socket that keeps what it hears. */
function dial(port: number): { readonly socket: Socket; heard(): string; readonly closed: Promise<void> } {
  const socket = connect({ port, host: "127.0.0.1" });
  let heard = "";
  socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
  socket.on("error", () => {});
  open.push(() => socket.destroy());
  return { socket, heard: () => heard, closed: new Promise((done) => socket.once("close", () => done())) };
}

async function startGateway(): Promise<TestGateway & { readonly port: number }> {
  const gateway = await startTestGateway();
  open.push(() => gateway.close());
  return { ...gateway, port: Number(new URL(gateway.url).port) };
}

const body = (content: string): string =>
  JSON.stringify({ model: "sandbox/faithful", messages: [{ role: "user", content }] });

const head = (...more: string[]): string =>
  ["POST /v1/chat/completions HTTP/1.1", "host: localhost", "content-type: application/json", ...more, "", ""].join(
    "\r\n",
  );

/** How often a text stands in what was heard. */
const times = (text: string, what: string): number => text.split(what).length - 1;

test("a body in chunks without a length is read", async () => {
  const { socket, heard } = dial((await startGateway()).port);
  const text = Buffer.from(body("häppy"));
  socket.write(head("transfer-encoding: chunked", "connection: close"));
  for (let at = 0; at < text.length; at += 7) {
    const chunk = text.subarray(at, at + 7);
    socket.write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]));
  }
  socket.write("0\r\n\r\n");
  await expect.poll(heard).toMatch(/^HTTP\/1\.1 200 [^]*"finish_reason": ?"stop"/);
});

test("a client that asks whether it may send is told to go on", async () => {
  const { socket, heard } = dial((await startGateway()).port);
  const text = body("hi");
  socket.write(head(`content-length: ${text.length}`, "expect: 100-continue"));
  await expect.poll(heard).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write(text);
  await expect.poll(heard).toContain("HTTP/1.1 200 OK");
});

test("requests that are sent one behind the other are answered in their order", async () => {
  const { socket, heard } = dial((await startGateway()).port);
  const texts = ["one", "two", "three"].map((word) => body(`<context>The word is ${word}.</context> Which word?`));
  socket.write(texts.map((text) => `${head(`content-length: ${text.length}`)}${text}`).join(""));
  await expect.poll(() => times(heard(), "HTTP/1.1 200 OK")).toBe(3);
  await expect
    .poll(() => [...heard().matchAll(/The word is (\w+)/g)].map(([, word]) => word))
    .toEqual(["one", "two", "three"]);
});

test.each([
  { what: "headers of more than 16 KiB", sent: head(`x-long: ${"a".repeat(20_000)}`), status: 431 },
  { what: "a request that is no HTTP", sent: "hello there\r\n\r\n", status: 400 },
  { what: "a body with two lengths", sent: head("content-length: 5", "content-length: 6"), status: 400 },
])("$what are refused with $status, and the next client is served", async ({ sent, status }) => {
  const { port, url } = await startGateway();
  const { socket, heard, closed } = dial(port);
  socket.write(sent);
  await closed;
  expect(heard()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test("a client that closes its half of the connection has left", async () => {
  const { port, url } = await startGateway();
  const { socket, closed } = dial(port);
  const text = JSON.stringify({ ...(JSON.parse(body("hi")) as object), model: "sandbox/slow", stream: true });
  socket.write(`${head(`content-length: ${text.length}`)}${text}`);
  await sleep(200);
  socket.end();
  await closed;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

describe("patience has an end", () => {
  async function start(patience: object, answer: () => Response): Promise<Listening> {
    const limits = {
      headersTimeout: 60_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 50,
      keepAliveInitialDelay: 60_000,
      stalledTimeout: 60_000,
      ...patience,
    };
    const listening = await listenOn(webListener(answer), "127.0.0.1", 0, limits);
    open.push(() => listening.drain(0));
    return listening;
  }

  test("with a client that sends its headers a byte at a time", async () => {
    const { port } = await start({ headersTimeout: 200 }, () => new Response("x"));
    const { socket, heard, closed } = dial(port);
    const drip = setInterval(() => socket.write("x"), 30);
    open.push(() => clearInterval(drip));
    socket.write("GET / HTTP/1.1\r\nx: ");
    await closed;
    expect(heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("with a client that takes nothing of its answer", async () => {
    let left = false;
    const { port } = await start({ stalledTimeout: 300 }, () => {
      const endless = new ReadableStream<Uint8Array>({
        pull: (to) => to.enqueue(new Uint8Array(256 * 1024)),
        cancel: () => void (left = true),
      });
      return new Response(endless);
    });
    const { socket } = dial(port);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await expect.poll(() => left, { timeout: 10_000 }).toBe(true);
  });

  test("but not with one that takes little, nor with one to which nothing is written", async () => {
    const { port } = await start({ stalledTimeout: 300 }, () => {
      let count = 0;
      const slow = new ReadableStream<Uint8Array>({
        async pull(to) {
          await sleep(250);
          count += 1;
          to.enqueue(Buffer.from(`part ${count}\n`));
          if (count === 6) to.close();
        },
      });
      return new Response(slow);
    });
    const { socket, heard } = dial(port);
    socket.write("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    await expect.poll(heard, { timeout: 10_000 }).toContain("part 6");
  });
});
