import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatReply, type FakeVendor, startFakeVendor } from "../../support/fake-vendor.ts";
import { admin, bearer, key, keyedConfig } from "../../support/keyed-gateway.ts";
import { repositoryRoot } from "../../support/repository.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { ask, hello } from "./ask.ts";

let vendor: FakeVendor;
let gateway: TestGateway;
const secretWords = "the words that only admins may read";

beforeAll(async () => {
  vendor = await startFakeVendor(() => chatReply(secretWords));
  gateway = await startTestGateway(keyedConfig(vendor));
  const reply = await ask(gateway.url, { headers: bearer(key), body: hello });
  await gateway.spansOf(String(reply.headers["x-proctor-trace-id"]));
});
afterAll(async () => {
  await gateway.close();
  await vendor.close();
});

const now = new Date();
const around = `query.start_time_min=${new Date(now.getTime() - 3_600_000).toISOString()}&query.start_time_max=${new Date(now.getTime() + 3_600_000).toISOString()}`;
const traces = `/api/v3/traces?query.service_name=proctor&${around}`;

/** Ways to write a path that a guard and a route could read differently. */
const disguises = (path: string): string[] => [
  path,
  `/${path}`,
  path.replace("/api/v3", "/api//v3"),
  path.replace("/api", "/API"),
  path.replace("/api", "/%61pi").replace("/metrics", "/%6detrics"),
  path.replace("/v3/", "/v3%2f").replace("/metrics", "%2fmetrics"),
  `/healthz/..${path}`,
  `/healthz/%2e%2e${path}`,
  `/v1/models/..;${path}`,
  `http://localhost${path}`,
  path.replace("?", "/?"),
  path.replace("/v3/", "/v3/./"),
  path.replace("/v3/", "/v3;x/"),
];

describe.each(["/metrics", traces])("%s", (path) => {
  test("is read by an admin", async () => {
    const { status, text } = await ask(gateway.url, { method: "GET", path, headers: bearer(admin) });
    expect(status).toBe(200);
    expect(text).toContain(path === "/metrics" ? "proctor_requests" : secretWords);
  });

  test.each(["GET", "HEAD", "POST", "OPTIONS", "PROPFIND"])(
    "is closed to everyone else, however it is written, with %s",
    async (method) => {
      for (const headers of [
        {},
        bearer(key),
        bearer(`${admin}x`),
        { "x-proctor-key": "admin" },
        { cookie: `key=${admin}` },
      ]) {
        for (const disguised of disguises(path)) {
          const { status, text } = await ask(gateway.url, { method, path: disguised, headers });
          expect([disguised, text.includes(secretWords) || text.includes("proctor_requests_total")]).toEqual([
            disguised,
            false,
          ]);
          expect([204, 400, 401, 403, 404, 405]).toContain(status);
        }
      }
    },
  );
});

test.each([
  "/api/v3/../../etc/passwd",
  "/api/v3/%2e%2e/%2e%2e/etc/passwd",
  "/api/v3/traces/../../../package.json",
  "/api/v3/traces/%2e%2e%2f%2e%2e%2fpackage.json",
  "/api/v3/traces/..%5c..%5cpackage.json",
  "/api/v3/traces/%00",
  "/api/v3/traces/%ff%fe",
  "/api/v3/traces/' OR 1=1 --".replaceAll(" ", "%20"),
  `/api/v3/traces?query.service_name='%20UNION%20SELECT%20*%20FROM%20spans%20--&${around}`,
  `/api/v3/traces?query.service_name=proctor&query.attributes=${encodeURIComponent('{"__proto__":"x","constructor":"y"}')}&${around}`,
  `/api/v3/traces?query.service_name=proctor&query.attributes=${encodeURIComponent("[".repeat(2000))}&${around}`,
  "/v1/models/../../etc/passwd",
  "/v1/models/__proto__",
  "/v1/models/constructor",
])("%s reads no file, and breaks nothing", async (path) => {
  const { status, text } = await ask(gateway.url, { method: "GET", path, headers: bearer(admin) });
  expect([200, 400, 404]).toContain(status);
  expect(text).not.toMatch(/root:|"devDependencies"|SQLITE|\bat .*\.ts:\d/);
  expect(text).not.toContain(secretWords);
  expect(gateway.errors).toEqual([]);
});

test("keys are compared with all keys and in constant time", () => {
  const source = readFileSync(join(repositoryRoot, "gateway/access/create-access.ts"), "utf8");
  const [comparison = ""] = /function keyWith\([^]*?\n\}/.exec(source) ?? [];
  expect(comparison).toContain("timingSafeEqual(key.hash, hash)");
  // Nothing leaves the loop early, and nothing else is compared.
  expect(comparison).not.toMatch(/break|\.find\(|===|\bif \(.*\) return/);
  expect(source.match(/\.hash\b/g)).toEqual([".hash", ".hash"]);
});
