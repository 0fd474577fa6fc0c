import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { chatReply, startFakeVendor } from "../../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { ask, hello } from "./ask.ts";
import { listenOnLoopback } from "../../support/loopback.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function gatewayFor(url: string, more: object = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [],
    ...more,
  });
  open.push(gateway);
  return gateway;
}

async function vendorWith(headers: Readonly<Record<string, string>> = {}) {
  const vendor = await startFakeVendor(() => ({ ...chatReply("Hello."), headers }));
  open.push(vendor);
  return vendor;
}

const evil = "line\r\nx-evil: 1\r\n\r\nHTTP/1.1 200 OK ünïcode 🦊 \u0000";

describe("what a configuration names", () => {
  test("adds no header and ends none, however it is spelled", async () => {
    const vendor = await vendorWith();
    const { url } = await gatewayFor(vendor.url, {
      providers: { [`v ${evil}`]: { kind: "openai", base_url: vendor.url } },
      models: { [`alias ${evil}`]: { targets: [{ provider: `v ${evil}`, model: `m ${evil}` }] } },
    });
    const body = JSON.stringify({ ...(JSON.parse(hello) as object), model: `alias ${evil}` });
    const reply = await ask(url, { body });
    expect(reply.status).toBe(200);
    expect(reply.headers).not.toHaveProperty("x-evil");
    expect(reply.headers["x-proctor-target"]).toMatch(/^v line%0D%0Ax-evil: 1[\x20-\x7e]*%F0%9F%A6%8A[\x20-\x7e]*$/);
    expect(vendor.requests[0]?.headers).not.toHaveProperty("x-evil");
    expect(vendor.requests[0]?.json["model"]).toBe(`m ${evil}`);
  });

  test("is said in an error's body, where nothing can break", async () => {
    const vendor = await vendorWith();
    const { url } = await gatewayFor(vendor.url);
    const reply = await ask(url, { body: JSON.stringify({ ...(JSON.parse(hello) as object), model: evil }) });
    expect(reply).toMatchObject({ status: 404, headers: { "content-type": "application/json" } });
    expect(reply.headers).not.toHaveProperty("x-evil");
    expect(JSON.parse(reply.text)).toMatchObject({ error: { message: expect.stringContaining(evil) as string } });
  });
});

describe("what a client says of itself", () => {
  const said = {
    "x-proctor-session": `"><script>alert(1)</script>, caf\u00e9`,
    "x-proctor-user": "' OR 1=1; DROP TABLE spans; -- Zoë",
    "x-proctor-tags": " a,, b\t, __proto__ ,constructor,${jndi:ldap://x}, %0d%0ax-evil: 1",
  };

  // The client writes its headers in UTF-8.
  test("stands on the spans as it came, and in no header of a reply or of a request to a vendor", async () => {
    const vendor = await vendorWith();
    const gateway = await gatewayFor(vendor.url);
    const reply = await ask(gateway.url, { headers: said, body: hello });
    expect(reply.status).toBe(200);
    const spans = await gateway.spansOf(String(reply.headers["x-proctor-trace-id"]));
    expect(spans.find(({ parentId }) => parentId === "")?.attributes).toMatchObject({
      "session.id": said["x-proctor-session"],
      "user.id": "' OR 1=1; DROP TABLE spans; -- Zoë",
      "tag.tags": ["a", "b", "__proto__", "constructor", "${jndi:ldap://x}", "%0d%0ax-evil: 1"],
    });
    for (const words of ["script", "DROP TABLE", "jndi", "x-evil"]) {
      expect(JSON.stringify(reply.headers)).not.toContain(words);
      expect(JSON.stringify(vendor.requests[0]?.headers)).not.toContain(words);
    }
  });

  test("joins no trace that is none, and starts one of its own", async () => {
    const vendor = await vendorWith();
    const { url } = await gatewayFor(vendor.url);
    const traces = ["00-zz", `00-${"0".repeat(32)}-${"1".repeat(16)}-01`, `00-${"a".repeat(4000)}-b-01`, "x\ty"];
    for (const traceparent of traces) {
      const reply = await ask(url, {
        headers: { traceparent, tracestate: "a=".repeat(2000), baggage: "k=%00" },
        body: hello,
      });
      expect([traceparent, reply.status]).toEqual([traceparent, 200]);
      expect(reply.headers["x-proctor-trace-id"]).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    }
  });
});

describe("headers of the connection", () => {
  test("of a client stay here, with everything else that no vendor asks for", async () => {
    const vendor = await vendorWith();
    const { url } = await gatewayFor(vendor.url);
    const headers = {
      connection: "keep-alive, x-secret-hop, openai-beta",
      "keep-alive": "timeout=1000",
      "proxy-authorization": "Basic c2VjcmV0",
      "proxy-connection": "keep-alive",
      te: "trailers",
      "x-secret-hop": "hop",
      cookie: "session=secret",
      "x-forwarded-for": "10.9.8.7",
      forwarded: "for=10.9.8.7",
      authorization: "Bearer sk-of-the-client",
      "x-api-key": "sk-of-the-client",
    };
    expect((await ask(url, { headers, body: hello })).status).toBe(200);
    expect(Object.keys(vendor.requests[0]?.headers ?? {}).toSorted()).toEqual([
      "accept-encoding",
      "connection",
      "content-length",
      "content-type",
      "host",
    ]);
    expect(vendor.requests[0]?.headers["connection"]).toBe("keep-alive");
  });

  test("of a vendor stay here, and what it says to browsers of itself", async () => {
    const dropped = {
      "keep-alive": "timeout=1",
      "proxy-authenticate": "Basic",
      "set-cookie": "a=b",
      "x-hop": "1",
      "access-control-allow-origin": "*",
      "access-control-allow-credentials": "true",
      "strict-transport-security": "max-age=99999",
      "clear-site-data": '"*"',
      "alt-svc": 'h3=":443"',
      "x-proctor-verdict": "forged",
      "x-proctor-anything": "forged",
    };
    const kept = { "x-request-id": "r-1", "x-ratelimit-limit-requests": "5", "openai-version": "2020-10-01" };
    const vendor = await vendorWith({ connection: "close, x-hop", ...dropped, ...kept });
    const { url } = await gatewayFor(vendor.url);
    const { status, headers } = await ask(url, { body: hello });
    expect(status).toBe(200);
    expect(headers).toMatchObject(kept);
    expect(headers["x-proctor-verdict"]).toBe("allow");
    for (const name of Object.keys(dropped).filter((each) => each !== "x-proctor-verdict" && each !== "keep-alive"))
      expect(headers).not.toHaveProperty(name);
    expect(headers["keep-alive"]).not.toBe("timeout=1");
  });
});

describe("a vendor's header", () => {
  test.each([
    ["bytes that are no ASCII", "x-odd: caf\u00e9 \u00ff\u0080"],
    ["a tab and other signs", 'x-odd: a\tb <script> "%0d%0aset-cookie: a=b'],
    ["very much", `x-odd: ${"a".repeat(12_000)}`],
  ])("with %s comes as printable text", async (_what, line) => {
    const url = await startRawVendor(line);
    const { status, headers } = await ask((await gatewayFor(url)).url, { body: hello });
    expect(status).toBe(200);
    expect(headers["x-odd"]).toMatch(/^[\x20-\x7e]+$/);
    expect(headers).not.toHaveProperty("set-cookie");
  });

  test.each([
    ["a line break of its own", "x-odd: a\rx-evil: 1"],
    ["a folded line", "x-odd: a\r\n x-evil: 1"],
    ["a zero", "x-odd: a\u0000b"],
    ["a name that is none", "x odd: a"],
    ["more than any buffer", `x-odd: ${"a".repeat(200_000)}`],
  ])("with %s never becomes two", async (_what, line) => {
    const url = await startRawVendor(line);
    const { status, headers, text } = await ask((await gatewayFor(url)).url, { body: hello });
    expect(headers).not.toHaveProperty("x-evil");
    // Whether it is taken or refused, the client hears something whole.
    expect([200, 502]).toContain(status);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

/** A vendor that writes one header line as it is. */
async function startRawVendor(line: string): Promise<string> {
  const body = String(chatReply("Hello.").chunks[0]);
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${line}\r\nconnection: close\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  open.push({ close: () => new Promise((done) => server.close(() => done())) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("names of fields that were dropped stay few and short, however many a client invents", async () => {
  const vendor = await vendorWith();
  const { url } = await gatewayFor(vendor.url);
  const invented = Array.from({ length: 3000 }, (_, index) => [
    `k${index} \r\nx-evil: ünïcode ${"🦊".repeat(index % 90)}`,
    "v",
  ]);
  const body = { model: "student", max_tokens: 5, messages: [{ role: "user", content: "Hello?" }] };
  for (const more of [Object.fromEntries(invented), { metadata: Object.fromEntries(invented) }]) {
    const { status, headers } = await ask(url, { path: "/v1/messages", body: JSON.stringify({ ...body, ...more }) });
    expect([200, 400]).toContain(status);
    expect(String(headers["x-proctor-dropped"] ?? "").length).toBeLessThan(12_000);
    expect(headers).not.toHaveProperty("x-evil");
  }
});

test("an error page of a vendor is no page of ours", async () => {
  const server = createServer((_, outgoing) => {
    outgoing.writeHead(500, { "content-type": "text/html", "content-security-policy": "none" });
    outgoing.end("<script>alert(document.domain)</script>");
  });
  const vendor = await listenOnLoopback(server);
  open.push(vendor);
  const gateway = await gatewayFor(vendor.url);
  const reply = await ask(gateway.url, { body: hello });
  expect(reply).toMatchObject({ status: 500, headers: { "content-type": "application/json" } });
});
