import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { wires } from "../../../../gateway/wires/registry.ts";
import {
  bare,
  type Changes,
  type ClientFault,
  type Outcome,
  refused,
  served,
  unread,
  type Visit,
} from "./client-fault.ts";

const patience = { timeout: 15_000 };
const chunked = { "content-length": undefined, "transfer-encoding": "chunked" };
const last = { ...served, connection: "closed" } as const;

/** HTTP as few clients speak it, or as none should. */
export const httpHabits: readonly ClientFault[] = [
  {
    does: "sends its body in chunks, without a length",
    async play({ client, body, request }) {
      client.write(request("", { headers: chunked }));
      const bytes = Buffer.from(body());
      for (let at = 0; at < bytes.length; at += 7) {
        const chunk = bytes.subarray(at, at + 7);
        client.write(`${chunk.length.toString(16)}\r\n`, chunk, "\r\n");
      }
      client.write("0\r\n\r\n");
    },
    expected: served,
  },
  {
    does: "sends its request byte by byte",
    async play({ client, body, request }) {
      client.socket.setNoDelay(true);
      for (const byte of request(body())) {
        client.write(Buffer.from([byte]));
        await sleep(0);
      }
    },
    expected: served,
  },
  {
    does: "sends three requests one behind the other",
    play: ({ client, body, request }) => client.write(request(body()), request(body()), request(body())),
    expected: { ...served, answers: ["200", "200", "200"] },
  },
  {
    does: "asks whether it may send its body",
    async play({ client, body, request }) {
      const whole = request(body(), { headers: { expect: "100-continue" } });
      const length = Buffer.byteLength(body());
      client.write(whole.subarray(0, -length));
      await expect.poll(() => client.replies()[0]?.status, patience).toBe(100);
      client.write(whole.subarray(-length));
    },
    expected: { ...served, answers: ["100", "200"] },
  },
  habit("expects something that nobody offers", { headers: { expect: "a-miracle" } }, bare(417, "kept")),
  habit(
    "names a whole address in its request line",
    ({ wire }) => `POST http://elsewhere.example${wires[wire].path} HTTP/1.1`,
    served,
  ),
  habit("speaks HTTP/1.0", ({ wire }) => `POST ${wires[wire].path} HTTP/1.0`, last),
  {
    does: "speaks HTTP/1.0, without a host, and asks for a stream",
    play: ({ client, wire, body, request }) =>
      client.write(
        request(body("ready", true), { line: `POST ${wires[wire].path} HTTP/1.0`, headers: { host: undefined } }),
      ),
    expected: last,
  },
  habit("asks for a WebSocket", { headers: { connection: "upgrade", upgrade: "websocket" } }, served),
  habit("sends 800 headers", { extra: Array.from({ length: 800 }, (_, index) => `x${index}: 1`) }, served),
  habit("sends headers of more than 16 KiB", { headers: { "x-long": "a".repeat(20_000) } }, unread(431)),
  habit("sends a control character in a header", { headers: { "x-odd": "a\u0001b" } }, unread(400)),
  habit("sends a line break inside a header", { headers: { "x-odd": "a\nb" } }, unread(400)),
  habit("sends no host", { headers: { host: undefined } }, bare(400, "closed")),
  habit("sends two lengths", { extra: ["content-length: 5"] }, unread(400)),
  habit("sends a length and chunks", { headers: { "transfer-encoding": "chunked" } }, unread(400)),
  {
    does: "sends more than its length",
    async play({ client, body, request }) {
      client.write(request(body()));
      await expect.poll(() => client.replies()[0]?.isWhole, patience).toBe(true);
      client.write("trailing words\r\n\r\n");
    },
    expected: { ...served, answers: ["200", "400 invalid_request"], connection: "closed" },
  },
  {
    does: "sends no HTTP in the middle of its stream",
    async play({ client, body, request }) {
      client.write(request(body("halting", true)));
      await expect.poll(() => client.replies()[0]?.body, patience).toContain("One, ");
      client.write("trailing words\r\n\r\n");
      await expect.poll(() => client.isClosed, patience).toBe(true);
      expect(client.replies()).toHaveLength(1);
      expect(client.replies()[0]).toMatchObject({
        isWhole: false,
        body: expect.not.stringContaining("invalid_request") as string,
      });
    },
    expected: { answers: ["200"], span: "client_closed", provider: "left", connection: "closed" },
  },
  habit("writes its method small", ({ wire }) => `post ${wires[wire].path} HTTP/1.1`, unread(400)),
  habit("speaks HTTP/2 without being asked", () => "PRI * HTTP/2.0", unread(400)),
  {
    does: "speaks TLS",
    play: ({ client }) => client.write(Buffer.from("1603010200010001fc0303", "hex")),
    expected: unread(400),
  },
  habit("asks with GET", ({ wire }) => `GET ${wires[wire].path} HTTP/1.1`, wrongMethod()),
  habit("asks with PUT", ({ wire }) => `PUT ${wires[wire].path} HTTP/1.1`, wrongMethod()),
  habit("asks what is served (OPTIONS)", ({ wire }) => `OPTIONS ${wires[wire].path} HTTP/1.1`, {
    ...wrongMethod(),
    answers: ["204"],
  }),
  habit("ends the path with a slash", ({ wire }) => `POST ${wires[wire].path}/ HTTP/1.1`, unknownPath()),
  habit("doubles a slash of the path", ({ wire }) => `POST /${wires[wire].path} HTTP/1.1`, unknownPath()),
  habit(
    "encodes a slash of the path",
    ({ wire }) => `POST ${wires[wire].path.replace("/v1/", "/v1%2F")} HTTP/1.1`,
    unknownPath(),
  ),
  habit(
    "encodes a letter of the path",
    ({ wire }) => `POST ${wires[wire].path.replace("v1", "%761")} HTTP/1.1`,
    served,
  ),
  habit("goes up and down the path", ({ wire }) => `POST /api/v3/../..${wires[wire].path} HTTP/1.1`, served),
  habit("writes a backslash in the path", () => "POST /v1\\chat HTTP/1.1", unread(400)),
  habit(
    "is a web page that sends text",
    { headers: { origin: "https://stranger.example", "content-type": "text/plain" } },
    pageRefused(),
  ),
  habit(
    "is a web page at a name that points here",
    { headers: { host: "stranger.example" } },
    refused(403, "host_not_allowed", "none"),
  ),
];

function habit(does: string, changes: Changes | ((visit: Visit) => string), expected: Outcome): ClientFault {
  const made = (visit: Visit) => (typeof changes === "function" ? { line: changes(visit) } : changes);
  return { does, play: (visit) => visit.client.write(visit.request(visit.body(), made(visit))), expected };
}

function wrongMethod(): Outcome {
  return refused(405, "method_not_allowed", "none");
}

function unknownPath(): Outcome {
  return refused(404, "not_found", "none");
}

function pageRefused(): Outcome {
  return refused(415, "unsupported_media_type", "none");
}
