import { request as httpRequest, Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { openSpanStore, plainAttributes } from "../../tracing/index.ts";
import { chatReply, chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { type ProctorProcess, startProctor } from "../support/proctor-process.ts";

// Each test starts a process or two.
vi.setConfig({ testTimeout: 60_000 });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** Answers in one piece after `wholeMs`, and as a stream over about `streamMs`. */
async function slowVendor(streamMs = 1500, wholeMs = 400): Promise<FakeVendor> {
  const pieces = Array.from({ length: 20 }, (_, index) => `piece ${index} `);
  const stream = chatStream(pieces, { cut: 250 });
  const vendor = await startFakeVendor(({ json }) =>
    json["stream"] === true
      ? { ...stream, chunkDelayMs: streamMs / stream.chunks.length }
      : { ...chatReply("a whole answer"), delayMs: wholeMs },
  );
  open.push(vendor);
  return vendor;
}

async function start(vendor: FakeVendor, listen: object = {}): Promise<ProctorProcess> {
  const proctor = await startProctor({
    listen,
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [],
  });
  open.push(proctor);
  return proctor;
}

const body = (stream = false): string =>
  JSON.stringify({ model: "student", stream, max_tokens: 50, messages: [{ role: "user", content: "hi" }] });

const ask = ({ url }: ProctorProcess, stream = false, path = "/v1/chat/completions"): Promise<Response> =>
  fetch(`${url}${path}`, { method: "POST", body: body(stream), headers: { "content-type": "application/json" } });

/** Asks over a connection of its own, so that it is answered while others are ended. */
function askAnew({ url }: ProctorProcess, path: string, method = "POST") {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((done, reject) => {
    const outgoing = httpRequest(`${url}${path}`, { method, agent: new Agent({ keepAlive: true }) }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      incoming.on("end", () => done({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
    });
    outgoing.on("error", reject);
    outgoing.end(method === "POST" ? body() : undefined);
  });
}

test("every request that has begun is answered whole, new ones are refused in their dialect, and the spans are kept", async () => {
  const vendor = await slowVendor();
  const proctor = await start(vendor);
  const begun = Array.from({ length: 30 }, (_, index) => ask(proctor, index % 2 === 0));
  await expect.poll(() => vendor.requests.length, { timeout: 10_000 }).toBe(30);
  proctor.kill("SIGTERM");
  await expect.poll(() => proctor.out.at(-1)).toBe("Proctor shuts down: finishing what is under way.");

  expect(await askAnew(proctor, "/readyz", "GET")).toMatchObject({ status: 503, headers: { connection: "close" } });
  const refused = { status: 503, headers: { "retry-after": "5", connection: "close" } };
  const chat = await askAnew(proctor, "/v1/chat/completions");
  expect(chat).toMatchObject(refused);
  expect(JSON.parse(chat.text)).toMatchObject({ error: { code: "shutting_down" } });
  const messages = await askAnew(proctor, "/v1/messages");
  expect(messages).toMatchObject(refused);
  expect(JSON.parse(messages.text)).toMatchObject({ type: "error", error: { type: "overloaded_error" } });
  expect(await askAnew(proctor, "/v1/evaluations")).toMatchObject(refused);

  for (const [index, asked] of begun.entries()) {
    const reply = await asked;
    expect(reply.status).toBe(200);
    expect(await reply.text()).toMatch(index % 2 === 0 ? /piece 19 [^]*data: \[DONE\]\n\n$/ : /a whole answer[^]*\}$/);
  }
  expect(await proctor.ended).toBe(0);
  expect(proctor.err).toEqual([]);
  expect(exchangesIn(proctor)).toEqual({ 200: 30, 503: 2 });
  await expect(ask(proctor)).rejects.toThrow("fetch failed");
});

/** How many exchanges the store holds, by status. */
function exchangesIn({ folder }: ProctorProcess): Record<string, number> {
  const store = openSpanStore({ path: join(folder, ".proctor", "spans.db"), retentionMs: Infinity, readOnly: true });
  const found: Record<string, number> = {};
  const traces = store.find({ startMin: 0n, startMax: 2n ** 62n, attributes: {}, limit: 1000 });
  for (const { spans } of traces.flatMap((id) => store.trace(id))) {
    const [root] = spans.filter(({ parentSpanId }) => !parentSpanId);
    const status = String(plainAttributes(root?.attributes)["http.response.status_code"]);
    found[status] = (found[status] ?? 0) + 1;
  }
  store.close();
  return found;
}

test("what takes longer than listen.drain ends with an error in its dialect, and that is said", async () => {
  const vendor = await slowVendor(60_000, 60_000);
  const proctor = await start(vendor, { drain: "300ms" });
  const stream = await ask(proctor, true);
  const whole = ask(proctor);
  await expect.poll(() => vendor.requests.length).toBe(2);
  proctor.kill("SIGTERM");
  const text = await stream.text();
  expect(text).toMatch(/"code":"shutting_down"[^]*\n\n$/);
  expect(text).not.toContain("[DONE]");
  expect((await whole).status).toBe(503);
  expect(await (await whole).json()).toMatchObject({ error: { code: "shutting_down" } });
  expect(await proctor.ended).toBe(0);
  expect(proctor.err).toEqual(["2 requests were not finished after 300 ms (listen.drain) and cut off."]);
  expect(exchangesIn(proctor)).toEqual({ 200: 1, 503: 1 });
  await vendor.left;
});

test("a second signal ends the process at once", async () => {
  const vendor = await slowVendor(60_000);
  const proctor = await start(vendor);
  const reply = await ask(proctor, true);
  proctor.kill("SIGTERM");
  await expect.poll(() => proctor.out.at(-1)).toBe("Proctor shuts down: finishing what is under way.");
  await sleep(400);
  proctor.kill("SIGTERM");
  expect(await proctor.ended).toBe(130);
  await expect(reply.text()).rejects.toThrow("terminated");
});

test("idle connections do not hold up the end", async () => {
  const proctor = await start(await slowVendor());
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((done, reject) => {
    httpRequest(`${proctor.url}/healthz`, { agent }, (incoming) => incoming.resume().on("end", done))
      .on("error", reject)
      .end();
  });
  const started = performance.now();
  proctor.kill("SIGINT");
  expect(await proctor.ended).toBe(130);
  expect(performance.now() - started).toBeLessThan(15_000);
  agent.destroy();
});
