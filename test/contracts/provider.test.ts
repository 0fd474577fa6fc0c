import fc from "fast-check";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Provider, ProviderKind, ProviderReply } from "../../gateway/providers/provider.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { type FakeVendor, startFakeVendor, type VendorReply } from "../support/fake-vendor.ts";
import { createOf, kinds, optionNames, reachesOut, readAll } from "../support/provider-kinds.ts";

/**
 * What holds of every kind of provider, and of those that call a server. A new kind is examined by its line in the registry,
 * with nothing to add here; one that calls nobody is examined further in `built-in-provider.test.ts`.
 */

const configuredKey = "configured-key-7f3a";
const callersKey = "callers-key-91bc";

/** Longest that an abort may take to be felt, in milliseconds, on a busy machine. */
const promptly = 1000;

describe("the registry", () => {
  test("has every kind once", () => {
    const names = kinds.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
  });
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", (name, kind) => {
  test("can be configured with nothing but its kind", () => {
    expect(() => createOf(kind)).not.toThrow();
  });

  test("refuses an option that it does not know, and another kind", () => {
    expect(() => kind.options.parse({ kind: name, base_urll: "http://127.0.0.1:1" })).toThrow(/base_urll/);
    expect(kind.options.safeParse({ kind: `${name}x` }).success).toBe(false);
  });

  test("has a JSON schema that says its kind and knows no other key", () => {
    const schema = z.toJSONSchema(kind.options, { io: "input", unrepresentable: "any" });
    expect(schema).toMatchObject({ properties: { kind: { const: name } }, additionalProperties: false });
  });

  test("says what it is and where its calls go, without the key", async () => {
    const provider = createOf(kind, optionNames(kind).includes("api_key") ? { api_key: configuredKey } : {});
    expect(provider).toMatchObject({ name: "mine", kind: name });
    expect(provider.system).not.toBe("");
    expect(provider.endpoints.filter((endpoint) => Object.hasOwn(wires, endpoint)).length).toBeGreaterThan(0);
    expect(URL.canParse(provider.url)).toBe(true);
    expect(JSON.stringify(provider)).not.toContain(configuredKey);
    await provider.close();
  });

  test("set up from the environment, takes its key and names a model for every role", () => {
    const { fromEnvironment } = kind;
    if (!fromEnvironment) return;
    expect(fromEnvironment.variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(kind.options.safeParse({ kind: name, api_key: configuredKey }).success).toBe(true);
    for (const model of Object.values(fromEnvironment.models)) expect(model).not.toBe("");
  });

  if (reachesOut(kind)) remoteSuite(kind);
});

/** A vendor, a provider that calls it, and how to ask. */
interface Call {
  readonly vendor: FakeVendor;
  readonly provider: Provider;
  ask(given?: Asked): Promise<ProviderReply>;
}

interface Asked {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Milliseconds until the promise rejects; fails when it resolves. */
async function timeToReject(promise: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await expect(promise).rejects.toBeDefined();
  return performance.now() - started;
}

/** What must hold of a kind that calls a server: it carries bytes, and decides only about headers. */
function remoteSuite(kind: ProviderKind): void {
  let open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.reverse()) await each.close();
    open = [];
  });

  async function start(reply: VendorReply, options: object = {}): Promise<Call> {
    const vendor = await startFakeVendor(() => reply);
    const provider = createOf(kind, { base_url: vendor.url, ...options });
    open.push(vendor, provider);
    return { vendor, provider, ask: (given) => askOf(provider, given) };
  }

  const fine: VendorReply = { chunks: ["{}"] };
  const vendorHeaders = ({ vendor }: Call) => JSON.stringify(vendor.requests.map(({ headers }) => headers));

  test("posts to the URL that it names, whether or not base_url ends in a slash", async () => {
    const call = await start(fine);
    await readAll(await call.ask());
    expect(call.provider.url.startsWith(call.vendor.url)).toBe(true);
    expect(call.vendor.url + (call.vendor.requests[0]?.path ?? "")).toBe(call.provider.url);
    expect(createOf(kind, { base_url: `${call.vendor.url}/` }).url).toBe(call.provider.url);
  });

  test("sends the body's bytes as they are", async () => {
    const call = await start(fine);
    const bodies = [
      `{ "model":"m",\n\t"seed": 12345678901234567890, "temperature": 1.0, "a": 1, "a": 2, "text": "\\u00e9é😀\\ud83d" }\n`,
      ...fc.sample(fc.json(), { numRuns: 20, seed: 7 }),
      JSON.stringify({ long: "ä".repeat(300_000) }),
    ];
    for (const body of bodies) await readAll(await call.ask({ body }));
    expect(call.vendor.requests.map(({ text }) => text)).toEqual(bodies);
    expect(call.vendor.requests[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(bodies[0] ?? "")),
    });
  });

  const foreign = [
    "authorization", "x-api-key", "api-key", "x-goog-api-key", "proxy-authorization", "cookie", "forwarded", "x-forwarded-for",
    "x-real-ip", "x-proctor-session", "x-proctor-user", "x-proctor-evaluators", "traceparent", "tracestate", "baggage", "referer",
    "origin", "accept-encoding", "user-agent", "x-nobody-knows",
  ]; // prettier-ignore

  test("passes on none of the caller's headers but those that the vendor knows", async () => {
    const call = await start(fine, { api_key: configuredKey });
    const headers = Object.fromEntries(foreign.map((name) => [name, `${callersKey} ${name}`]));
    await readAll(await call.ask({ headers }));
    expect(call.vendor.requests).toHaveLength(1);
    expect(vendorHeaders(call)).not.toContain(callersKey);
  });

  test("is not led astray by the caller's headers of the connection", async () => {
    const call = await start(fine);
    const headers = { host: "elsewhere.example", "content-length": "3", "transfer-encoding": "chunked", expect: "no" };
    const body = '{"whole": true}';
    await readAll(await call.ask({ body, headers: { ...headers, connection: "close", "content-type": "text/plain" } }));
    expect(call.vendor.requests[0]).toMatchObject({ text: body, headers: { host: new URL(call.vendor.url).host } });
    expect(call.vendor.requests[0]?.headers["content-type"]).toBe("application/json");
  });

  const callersAuth = { authorization: `Bearer ${callersKey}`, "x-api-key": callersKey };

  test("sends the configured key", async () => {
    const call = await start(fine, { api_key: configuredKey });
    await readAll(await call.ask({ headers: callersAuth }));
    expect(vendorHeaders(call)).toContain(configuredKey);
    expect(vendorHeaders(call)).not.toContain(callersKey);
    expect(call.provider.passesCallerKey ?? false).toBe(false);
  });

  test("sends no key when none is configured, not even the caller's", async () => {
    const call = await start(fine);
    await readAll(await call.ask({ headers: callersAuth }));
    expect(vendorHeaders(call)).not.toContain(callersKey);
    expect(call.vendor.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("with pass_through_auth sends the caller's key and never its own", async () => {
    const call = await start(fine, { api_key: configuredKey, pass_through_auth: true });
    await readAll(await call.ask({ headers: callersAuth }));
    await readAll(await call.ask());
    expect(call.provider.passesCallerKey).toBe(true);
    expect(JSON.stringify(call.vendor.requests[0]?.headers)).toContain(callersKey);
    expect(vendorHeaders(call)).not.toContain(configuredKey);
  });

  test.each([200, 201, 302, 400, 401, 404, 429, 500, 529])(
    "hands back a %i with its headers and the bytes of its body",
    async (status) => {
      const chunks = [Buffer.from([0xff, 0x00, 0xc3]), Buffer.from([0xa9, 0x0a]), Buffer.from("no JSON é")];
      const headers = {
        "content-type": "text/odd",
        "retry-after": "7",
        "X-Request-Id": "r-1",
        location: "http://127.0.0.1:9/never",
      };
      const call = await start({ status, headers, chunks }, { api_key: configuredKey });
      const reply = await call.ask();
      expect(reply.status).toBe(status);
      const { "X-Request-Id": requestId, ...others } = headers;
      expect(reply.headers).toMatchObject({ ...others, "x-request-id": requestId });
      expect(await readAll(reply)).toEqual(Buffer.concat(chunks));
      expect(call.vendor.requests).toHaveLength(1);
    },
  );

  test("is told at once that the caller has left before the reply, and hangs up", async () => {
    const call = await start({ chunks: [], delayMs: 60_000 });
    const client = new AbortController();
    const reply = call.ask({ signal: client.signal });
    while (call.vendor.requests.length === 0) await sleep(5);
    client.abort();
    expect(await timeToReject(reply)).toBeLessThan(promptly);
    await call.vendor.left;
  });

  test("is told at once that the caller has left in the middle of the body, and hangs up", async () => {
    const call = await start({ chunks: ["first"], ending: "hang" });
    const client = new AbortController();
    const reply = await call.ask({ signal: client.signal });
    const iterator = reply.body[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    client.abort();
    expect(await timeToReject(next)).toBeLessThan(promptly);
    await call.vendor.left;
  });

  test("never calls for a caller who has left already", async () => {
    const call = await start(fine);
    await expect(call.ask({ signal: AbortSignal.abort() })).rejects.toBeDefined();
    await sleep(50);
    expect(call.vendor.requests).toHaveLength(0);
  });

  test("asks for an unencoded answer, because an encoded one cannot be examined", async () => {
    const call = await start(fine);
    await readAll(await call.ask({ headers: { "accept-encoding": "gzip, br" } }));
    expect(call.vendor.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("refuses an encoded answer with a sentence, hangs up, and breaks nothing else", async () => {
    const chunks = [Buffer.from([0x1f, 0x8b]), Buffer.from("not whole")];
    const call = await start({ headers: { "content-encoding": "gzip" }, chunks });
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(call.ask()).rejects.toMatchObject({ message: expect.stringMatching(/"mine".*"gzip".*\.$/) });
    }
    // What nobody listens to would be thrown by now, and would end the process.
    await sleep(20);
  });

  test("hands a body on as it comes, and hangs up when whoever reads it returns", async () => {
    const call = await start({ chunks: ["first"], ending: "hang" });
    for await (const chunk of (await call.ask()).body) {
      expect(Buffer.from(chunk).toString()).toBe("first");
      break;
    }
    await call.vendor.left;
  });

  test("rejects when the connection is refused", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const provider = createOf(kind, { base_url: `http://127.0.0.1:${port}` });
    open.push(provider);
    await expect(askOf(provider)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("rejects when the connection breaks, before the reply or in the middle of it", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const provider = createOf(kind, { base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    open.push(provider, { close: () => new Promise((done) => server.close(() => done())) });
    await expect(askOf(provider)).rejects.toBeDefined();
    const call = await start({ headers: { "content-length": "100" }, chunks: ["half"], ending: "reset" });
    await expect(call.ask().then(readAll)).rejects.toBeDefined();
  });

  test("closes although a reply is under way, which then breaks", async () => {
    const call = await start({ chunks: ["first"], ending: "hang" });
    const reading = readAll(await call.ask());
    const broken = timeToReject(reading);
    await call.provider.close();
    expect(await broken).toBeLessThan(promptly);
  });
}

function askOf(provider: Provider, given: Asked = {}): Promise<ProviderReply> {
  const [endpoint = "chat"] = provider.endpoints;
  const { body = "{}", headers = {}, signal = new AbortController().signal } = given;
  return provider.send({ endpoint, model: "m", body, headers, signal });
}
