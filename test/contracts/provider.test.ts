import fc from "fast-check";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Provider, ProviderKind, ProviderReply, WireName } from "../../gateway/providers/provider.ts";
import { providerKinds } from "../../gateway/providers/registry.ts";
import { createCollector } from "../../gateway/wires/collect.ts";
import { isJsonObject, type JsonObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import { type FakeVendor, startFakeVendor, type VendorReply } from "../support/fake-vendor.ts";

/** What holds of every kind of provider. A new kind is examined by its line in the registry, with nothing to add here. */
const kinds: readonly ProviderKind[] = providerKinds;

const configuredKey = "configured-key-7f3a";
const callersKey = "callers-key-91bc";

/** Longest that an abort may take to be felt, in milliseconds, on a busy machine. */
const promptly = 1000;

function optionNames({ options }: ProviderKind): readonly string[] {
  return Object.keys(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }).properties ?? {});
}

function create(kind: ProviderKind, given: object = {}): Provider {
  return kind.create("mine", kind.options.parse({ kind: kind.kind, ...given }));
}

const reachesOut = (kind: ProviderKind) => optionNames(kind).includes("base_url");

describe("the registry", () => {
  test("has every kind once", () => {
    const names = kinds.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
  });
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", (name, kind) => {
  test("can be configured with nothing but its kind", () => {
    expect(() => create(kind)).not.toThrow();
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
    const provider = create(kind, optionNames(kind).includes("api_key") ? { api_key: configuredKey } : {});
    expect(provider).toMatchObject({ name: "mine", kind: name });
    expect(provider.system).not.toBe("");
    expect(provider.wires.length).toBeGreaterThan(0);
    for (const wire of provider.wires) expect(Object.keys(wires)).toContain(wire);
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
  else builtInSuite(kind);
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

async function readAll({ body }: ProviderReply): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body));
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
    const provider = create(kind, { base_url: vendor.url, ...options });
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
    expect(create(kind, { base_url: `${call.vendor.url}/` }).url).toBe(call.provider.url);
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
    const provider = create(kind, { base_url: `http://127.0.0.1:${port}` });
    open.push(provider);
    await expect(askOf(provider)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("rejects when the connection breaks, before the reply or in the middle of it", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const provider = create(kind, { base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
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
  const [wire = "chat"] = provider.wires;
  const { body = "{}", headers = {}, signal = new AbortController().signal } = given;
  return provider.send({ wire, model: "m", body, headers, signal });
}

/** What must hold of a kind that calls nobody: on every wire it claims it speaks as a vendor of that wire does. */
function builtInSuite(kind: ProviderKind): void {
  const provider = create(kind);
  const silence = new AbortController().signal;

  const bodyOn = (wire: WireName, changes: JsonObject = {}) => {
    const messages = [{ role: "user" as const, content: "<context>Lamps cost 5 euros.</context> What do lamps cost?" }];
    return JSON.stringify({ ...wires[wire].prompt({ model: "m", messages, maxTokens: 200 }), ...changes });
  };
  const send = (wire: WireName, body: string, signal = silence, model = "m") =>
    provider.send({ wire, model, body, headers: {}, signal });

  describe.each([...provider.wires])("on %s", (wireName) => {
    const wire = wires[wireName];

    test("answers in one piece, the same every time", async () => {
      const reply = await send(wireName, bodyOn(wireName));
      expect(reply).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
      const bytes = await readAll(reply);
      const collector = createCollector();
      const body: unknown = JSON.parse(bytes.toString());
      collector.add(wire.readReply(isJsonObject(body) ? body : {}));
      const { choices, usage, finishReasons, model } = collector.parts();
      expect(choices[0]).toMatch(/\w/);
      expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
      expect(finishReasons).toHaveLength(1);
      expect(model).toBeTypeOf("string");
      expect(await readAll(await send(wireName, bodyOn(wireName)))).toEqual(bytes);
    });

    test("streams the same answer, ended as the wire ends", async () => {
      const reply = await send(wireName, bodyOn(wireName, { stream: true, ...wire.outgoing({ stream: true }) }));
      expect(reply.headers["content-type"]).toMatch(/^text\/event-stream/);
      const collector = createCollector();
      const seen: string[] = [];
      for await (const frame of readFrames(reply.body)) {
        const { deltas, kind: kindOfEvent } = wire.readFrame(frame);
        collector.add(deltas);
        seen.push(kindOfEvent);
      }
      expect(seen.at(-1)).toBe("end");
      expect(seen.filter((each) => each === "end" || each === "error")).toEqual(["end"]);
      const whole = createCollector();
      const body: unknown = JSON.parse((await readAll(await send(wireName, bodyOn(wireName)))).toString());
      whole.add(wire.readReply(isJsonObject(body) ? body : {}));
      const { choices, usage, finishReasons, toolCalls } = collector.parts();
      expect({ choices, usage, finishReasons, toolCalls }).toEqual({
        choices: whole.parts().choices,
        usage: whole.parts().usage,
        finishReasons: whole.parts().finishReasons,
        toolCalls: whole.parts().toolCalls,
      });
    });

    test.each(["", "no JSON", "[]", "{}"])("refuses the body %j as a vendor does", async (body) => {
      const reply = await send(wireName, body);
      expect(reply.status).toBe(400);
      const answer: unknown = JSON.parse((await readAll(reply)).toString());
      expect(isJsonObject(answer) && wire.isError(answer)).toBe(true);
    });

    test("rejects for a caller who has left, before the reply and in the middle of it", async () => {
      const reason = new Error("left");
      await expect(send(wireName, bodyOn(wireName), AbortSignal.abort(reason))).rejects.toBe(reason);
      const client = new AbortController();
      const reply = await send(wireName, bodyOn(wireName, { stream: true }), client.signal);
      const iterator = reply.body[Symbol.asyncIterator]();
      await iterator.next();
      client.abort(reason);
      await expect(iterator.next()).rejects.toBe(reason);
    });

    test("serves every model that it brings", async () => {
      for (const model of kind.models ?? []) {
        expect(model.startsWith(`${kind.kind}/`)).toBe(true);
        const own = model.slice(model.indexOf("/") + 1);
        const client = new AbortController();
        const { status, body } = await send(wireName, bodyOn(wireName), client.signal, own);
        expect({ model, status }).toEqual({ model, status: 200 });
        client.abort();
        await body[Symbol.asyncIterator]().return?.();
      }
    });
  });
}
