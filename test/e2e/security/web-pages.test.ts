import { afterEach, describe, expect, test } from "vitest";
import { hostGuard } from "../../../gateway/access/host-guard.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import { chatReply, type FakeVendor, startFakeVendor } from "../../support/fake-vendor.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { ask, type Asking, hello } from "./ask.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const key = createKey();

async function start(more: object = {}): Promise<{ vendor: FakeVendor; url: string; errors: readonly string[] }> {
  const vendor = await startFakeVendor(() => ({
    ...chatReply("Hello."),
    headers: { "access-control-allow-origin": "*" },
  }));
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [],
    ...more,
  });
  open.push(vendor, gateway);
  return { vendor, url: gateway.url, errors: gateway.errors };
}

const stranger = "https://stranger.example";
const friend = "http://localhost:5173";

describe("a web page whose own name was made to point at this machine", () => {
  test("is answered nowhere, in the dialect of the path, and asks no model", async () => {
    const { vendor, url, errors } = await start();
    const headers = { host: "stranger.example:4141", origin: "http://stranger.example:4141" };
    const places: readonly (readonly [string, string])[] = [
      ["POST", "/v1/chat/completions"],
      ["POST", "/v1/messages"],
      ["POST", "/v1/responses"],
      ["POST", "/v1/evaluations"],
      ["GET", "/v1/models"],
      ["GET", "/metrics"],
      ["GET", "/api/v3/services"],
      ["GET", "/healthz"],
      ["OPTIONS", "/v1/chat/completions"],
    ];
    for (const [method, path] of places) {
      const {
        status,
        text,
        headers: heard,
      } = await ask(url, { method, path, headers, ...(method === "POST" ? { body: hello } : {}) });
      expect([path, status]).toEqual([path, 403]);
      expect(text).toMatch(/does not answer to the host \\"stranger\.example:4141\\".*allowed_hosts/);
      expect(JSON.parse(text)).toMatchObject(
        path === "/v1/messages" ? { type: "error" } : { error: { type: "invalid_request_error" } },
      );
      expect(heard).not.toHaveProperty("access-control-allow-origin");
    }
    expect(vendor.requests).toEqual([]);
    expect(errors).toEqual([]);
  });

  test.each([
    "localhost",
    "LOCALHOST:99",
    "app.localhost:4141",
    "127.0.0.1",
    "127.1.2.3:1",
    "[::1]:4141",
    "10.0.0.7",
    "localhost.",
  ])("is not what calls the host %s", async (host) => {
    const { url } = await start();
    expect((await ask(url, { headers: { host }, body: hello })).status).toBe(200);
  });

  test.each([
    "stranger.example",
    "localhost.stranger.example",
    "127.0.0.1.nip.io",
    "proctor",
    "a@localhost",
    "x_localhost.example",
  ])("may be what calls the host %s", async (host) => {
    const { url } = await start();
    expect((await ask(url, { headers: { host }, body: hello })).status).toBeGreaterThanOrEqual(400);
  });

  test("is answered at a host that the configuration names, in any case of its letters", async () => {
    const { url } = await start({ listen: { allowed_hosts: ["Gateway.Example.com"] } });
    expect((await ask(url, { headers: { host: "gateway.example.com:8443" }, body: hello })).status).toBe(200);
    expect((await ask(url, { headers: { host: "other.example.com" }, body: hello })).status).toBe(403);
  });

  test("gets no further than the missing key where there are keys, at any host unless hosts are named", async () => {
    const keys = [{ name: "bot", hash: hashKey(key) }];
    const host = "gateway.example.com";
    const everywhere = await start({ keys });
    expect((await ask(everywhere.url, { headers: { host }, body: hello })).status).toBe(401);
    const authorization = `Bearer ${key}`;
    expect((await ask(everywhere.url, { headers: { host, authorization }, body: hello })).status).toBe(200);
    const named = await start({ keys, listen: { allowed_hosts: ["other.example.com"] } });
    expect((await ask(named.url, { headers: { host, authorization }, body: hello })).status).toBe(403);
  });

  test("cannot take a name without a dot where the gateway listens on every address, as services of a compose file do", () => {
    const mayAnswer = hostGuard({ host: "0.0.0.0", allowedHosts: [], hasKeys: false });
    for (const host of ["proctor:4141", "host.docker.internal", "localhost", "192.168.0.2:1", undefined])
      expect([host, mayAnswer(host)]).toEqual([host, true]);
    for (const host of ["stranger.example", "proctor.stranger.example", "", "a b", "internal.example"])
      expect([host, mayAnswer(host)]).toEqual([host, false]);
  });
});

describe("a web page of another site", () => {
  const unasked: readonly (Asking & { readonly what: string })[] = [
    { what: "text", headers: { origin: stranger, "content-type": "text/plain" } },
    { what: "a form", headers: { origin: stranger, "content-type": "application/x-www-form-urlencoded" } },
    { what: "a form with files", headers: { origin: stranger, "content-type": "multipart/form-data; boundary=x" } },
    {
      what: "text that names JSON",
      headers: { origin: stranger, "content-type": "text/plain; charset=application/json" },
    },
    { what: "from a sandboxed frame", headers: { origin: "null", "content-type": "text/plain" } },
    { what: "without an origin", headers: { "sec-fetch-site": "cross-site", "content-type": "text/plain" } },
  ];
  test.each(unasked)(
    "cannot make a model work by sending $what, which browsers do unasked",
    async ({ headers = {} }) => {
      const { vendor, url } = await start();
      for (const path of ["/v1/chat/completions", "/v1/evaluations?evaluators=safety", "/v1/embeddings"]) {
        const { status, text } = await ask(url, { path, headers, body: hello });
        expect([path, status]).toEqual([path, 415]);
        expect(JSON.parse(text)).toMatchObject({ error: { code: "unsupported_media_type" } });
      }
      expect(vendor.requests).toEqual([]);
    },
  );

  test("hears from its preflight that it may not, and is never allowed to read", async () => {
    const { url } = await start();
    const asking = {
      origin: stranger,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const preflight = await ask(url, { method: "OPTIONS", headers: asking });
    expect(preflight.status).toBe(403);
    expect(preflight.text).toContain(`listen: { cors: [\\"${stranger}\\"] }`);
    const reading = await ask(url, { method: "GET", path: "/v1/models", headers: { origin: stranger } });
    const posting = await ask(url, { headers: { origin: stranger }, body: hello });
    for (const { headers } of [preflight, reading, posting])
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("may do everything when its origin is configured, and no other may", async () => {
    const { url } = await start({ listen: { cors: [friend] } });
    const asking = {
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    };
    const preflight = await ask(url, { method: "OPTIONS", headers: { origin: friend, ...asking } });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        "access-control-allow-origin": friend,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,content-type",
      },
    });
    expect(preflight.headers).not.toHaveProperty("access-control-allow-credentials");
    const reply = await ask(url, { headers: { origin: friend }, body: hello });
    expect(reply).toMatchObject({
      status: 200,
      headers: {
        "access-control-allow-origin": friend,
        "access-control-expose-headers": "*",
        "x-proctor-verdict": "allow",
      },
    });
    expect(String(reply.headers["vary"]).toLowerCase()).toContain("origin");
    const error = await ask(url, { headers: { origin: friend }, body: "{" });
    expect(error).toMatchObject({ status: 400, headers: { "access-control-allow-origin": friend } });
    const missing = await ask(url, { method: "PUT", headers: { origin: friend }, body: "{" });
    expect(missing).toMatchObject({ status: 405, headers: { "access-control-allow-origin": friend, allow: "POST" } });
    for (const origin of [stranger, `${friend}0`, friend.toUpperCase(), "null"])
      expect((await ask(url, { method: "OPTIONS", headers: { origin, ...asking } })).status).toBe(403);
  });
});

test("programs that are no browsers send what they like", async () => {
  const { url } = await start();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""])
    expect((await ask(url, { headers: { "content-type": type }, body: hello })).status).toBe(200);
});

test.each([
  [{ cors: ["*"] }, /listen\.cors\.0.*origin such as/s],
  [{ cors: ["https://a.example/path"] }, /listen\.cors\.0/],
  [{ allowed_hosts: ["http://a.example"] }, /listen\.allowed_hosts\.0.*host name alone/s],
])("a configuration with %j is refused", async (listen, message) => {
  await expect(start({ listen })).rejects.toThrow(message);
});
