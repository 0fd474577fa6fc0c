import { brotliCompressSync, gzipSync } from "node:zlib";
import { chunk, chunked, type Fault, type FaultyCall, head, lastChunk, sendWhole, typeOf } from "./fault.ts";

/** HTTP that is old, odd or wrong, and statuses that are no answer. */
export const httpFaults: readonly Fault[] = [
  {
    id: "http-1-0",
    does: "speaks HTTP/1.0 and ends its answer by closing",
    served: ["whole", "stream"],
    async answer(call) {
      await call.write(`HTTP/1.0 200 OK\r\ncontent-type: ${call.good.type}\r\n\r\n${call.good.body}`);
      call.socket.end();
    },
  },
  {
    id: "http-1-0-cut",
    does: "speaks HTTP/1.0 and closes in the middle of its answer",
    async answer(call) {
      await call.write(`HTTP/1.0 200 OK\r\ncontent-type: ${call.good.type}\r\n\r\n${call.good.begun}`);
      call.socket.end();
    },
  },
  {
    id: "early-hints",
    does: "sends early hints (103) before its answer",
    served: ["whole", "stream"],
    async answer(call) {
      await call.write(head("103 Early Hints", { link: "</style.css>; rel=preload" }));
      await sendWhole(call, call.good.body);
    },
  },
  {
    id: "length-too-long",
    does: "promises more bytes than it sends, and closes",
    async answer(call) {
      const length = String(Buffer.byteLength(call.good.unended) + 10);
      await call.write(
        head("200 OK", { "content-type": call.good.type, "content-length": length }) + call.good.unended,
      );
      call.socket.end();
    },
  },
  {
    id: "length-too-short",
    does: "sends more bytes than it promised",
    async answer(call) {
      const length = String(Buffer.byteLength(call.good.begun));
      await call.write(head("200 OK", { "content-type": call.good.type, "content-length": length }) + call.good.body);
    },
  },
  {
    id: "two-lengths",
    does: "names two lengths",
    answer: (call) =>
      call.write(
        head("200 OK", { "content-type": call.good.type, "content-length": "5", "Content-Length": "500" }) +
          call.good.body,
      ),
  },
  {
    id: "bad-chunk",
    does: "breaks the chunks of its answer",
    answer: (call) => call.write(`${chunked(call.good.type)}${chunk(call.good.begun).toString("utf8")}zz\r\n`),
  },
  {
    id: "huge-head",
    does: "sends a head of 100 KB",
    answer: (call) =>
      call.write(head("200 OK", { "content-type": call.good.type, "x-padding": "a".repeat(100_000) }) + call.good.body),
  },
  {
    id: "no-http",
    does: "speaks something that is not HTTP",
    answer: (call) => call.write("SSH-2.0-OpenSSH_9.9\r\n"),
  },
  {
    id: "switches-protocols",
    does: "switches protocols (101)",
    answer: (call) => call.write(head("101 Switching Protocols", { connection: "upgrade", upgrade: "websocket" })),
  },
  {
    id: "redirects",
    does: "redirects (307)",
    answer: (call) =>
      sendWhole(call, "", { status: "307 Temporary Redirect", location: "http://169.254.169.254/latest/meta-data/" }),
  },
  {
    id: "no-content",
    does: "answers with no content (204)",
    async answer(call) {
      call.finish();
      await call.write(head("204 No Content"));
    },
  },
  {
    id: "empty",
    does: "answers with an empty body (200)",
    answer: (call) => sendWhole(call, ""),
  },
  {
    id: "gzip",
    does: "compresses its answer with gzip, unasked",
    answer: (call) => sendCompressed(call, "gzip", gzipSync(call.good.body)),
  },
  {
    id: "brotli",
    does: "compresses its answer with brotli, unasked",
    answer: (call) => sendCompressed(call, "br", brotliCompressSync(call.good.body)),
  },
  {
    id: "html",
    does: "answers with a web page (200)",
    answer: (call) => sendWhole(call, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
  },
  {
    id: "error-as-success",
    does: "answers with an error as JSON (200)",
    answer: (call) => sendWhole(call, call.good.vendor.errorBody, { "content-type": typeOf.whole }),
  },
  {
    id: "rate-limits",
    does: "refuses for its rate limit (429)",
    answer: (call) => sendError(call, "429 Too Many Requests", { "retry-after": "1" }),
  },
  {
    id: "fails",
    does: "fails (500)",
    answer: (call) => sendError(call, "500 Internal Server Error"),
  },
  {
    id: "fails-in-html",
    does: "fails with a web page (503)",
    answer: (call) =>
      sendWhole(call, "<h1>Unavailable</h1>", { status: "503 Service Unavailable", "content-type": "text/html" }),
  },
  {
    id: "overloaded",
    does: "is overloaded (529)",
    answer: (call) => sendError(call, "529 Overloaded"),
  },
];

function sendError(call: FaultyCall, status: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  return sendWhole(call, call.good.vendor.errorBody, { ...headers, status, "content-type": typeOf.whole });
}

/** In chunks, as servers do that compress as they go. */
async function sendCompressed(call: FaultyCall, encoding: string, bytes: Uint8Array): Promise<void> {
  const headers = { "content-type": call.good.type, "content-encoding": encoding, "transfer-encoding": "chunked" };
  await call.write(head("200 OK", headers));
  await call.write(chunk(bytes));
  call.finish();
  await call.write(lastChunk);
}
