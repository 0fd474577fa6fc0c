import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { chatReply, chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { type ProctorProcess, startProctor } from "../support/proctor-process.ts";

// Each test starts a process or two.
vi.setConfig({ testTimeout: 60_000 });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function vendorThatSays(text: string, { chunkDelayMs = 0 } = {}): Promise<FakeVendor> {
  const vendor = await startFakeVendor(({ json }) =>
    json["stream"] === true
      ? { ...chatStream([`${text} `, "to ", "the end"], { cut: 150 }), chunkDelayMs }
      : { ...chatReply(text), delayMs: 5 },
  );
  open.push(vendor);
  return vendor;
}

const configFor = ({ url }: FakeVendor, extra: object = {}) => ({
  providers: { vendor: { kind: "openai", base_url: url } },
  models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
  guardrails: [],
  ...extra,
});

async function start(config: object): Promise<ProctorProcess> {
  const proctor = await startProctor(config);
  open.push(proctor);
  return proctor;
}

async function ask(
  { url }: ProctorProcess,
  { stream = false, headers = {} }: { stream?: boolean; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "student", stream, messages: [{ role: "user", content: "hi" }] }),
  });
  return { status: reply.status, text: await reply.text() };
}

async function reload(proctor: ProctorProcess, config: object): Promise<void> {
  const before = reloads(proctor);
  const said = proctor.err.length;
  proctor.configure(config);
  proctor.kill("SIGHUP");
  await expect.poll(() => [reloads(proctor), ...proctor.err.slice(said)], { timeout: 10_000 }).toEqual([before + 1]);
}

const reloads = ({ out }: ProctorProcess): number => out.filter((line) => line.startsWith("Reloaded ")).length;

test("reloads under load drop and fail no request, and a stream that began before ends as it began", async () => {
  const [one, two] = [await vendorThatSays("one"), await vendorThatSays("two")];
  const slow = await vendorThatSays("slow", { chunkDelayMs: 300 });
  const proctor = await start(configFor(slow));
  const longStream = ask(proctor, { stream: true });
  await expect.poll(() => slow.requests.length).toBe(1);
  let stopped = false;
  const answers: { status: number; text: string }[] = [];
  const load = Array.from({ length: 6 }, async (_, index) => {
    while (!stopped) answers.push(await ask(proctor, { stream: index % 2 === 0 }));
  });
  for (const vendor of [one, two, one]) {
    await reload(proctor, configFor(vendor));
    const seen = vendor.requests.length;
    await expect.poll(() => vendor.requests.length, { timeout: 10_000 }).toBeGreaterThan(seen + 5);
  }
  stopped = true;
  await Promise.all(load);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(answers.filter(({ text }) => !/one|two|slow/.test(text) || /"error"/.test(text))).toEqual([]);
  expect(new Set(answers.map(({ text }) => /one|two|slow/.exec(text)?.[0]))).toContain("two");
  const { text } = await longStream;
  expect(text).toContain("slow");
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  expect(proctor.err).toEqual([]);
});

test("a bad file changes nothing and every mistake in it is named with its line", async () => {
  const vendor = await vendorThatSays("still here");
  const proctor = await start(configFor(vendor));
  proctor.configure("listen: { prot: 1 }\nproviders: {}\nmodels:\n  student: { targets: [] }\n");
  proctor.kill("SIGHUP");
  await expect.poll(() => proctor.err.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  const [first, ...mistakes] = proctor.err;
  expect(first).toBe("The configuration was not reloaded; the one before stays in use:");
  expect(mistakes.join("\n")).toMatch(/^ {2}proctor\.yaml:1: The key "prot" is not known in listen/);
  expect(mistakes.join("\n")).toContain("  proctor.yaml:4: ");
  expect(await ask(proctor)).toMatchObject({ status: 200, text: expect.stringContaining("still here") as string });
  await reload(proctor, configFor(await vendorThatSays("another")));
  expect(await ask(proctor)).toMatchObject({ text: expect.stringContaining("another") as string });
});

test("what a running gateway cannot change is said, and the rest is taken up", async () => {
  const vendor = await vendorThatSays("first");
  const proctor = await start(configFor(vendor));
  const next = await vendorThatSays("second");
  await reload(proctor, configFor(next, { listen: { port: 4999 }, tracing: { retention: "1d" } }));
  await expect.poll(() => proctor.out).toContain("Not taken up before the next start: listen.port, tracing.");
  expect(await ask(proctor)).toMatchObject({ status: 200, text: expect.stringContaining("second") as string });
});

test("connections to a provider that is no longer used are closed after its last request", async () => {
  const before = await vendorThatSays("before", { chunkDelayMs: 100 });
  const proctor = await start(configFor(before));
  const stream = ask(proctor, { stream: true });
  await expect.poll(() => before.requests.length).toBe(1);
  await reload(proctor, configFor(await vendorThatSays("after")));
  expect((await stream).text).toMatch(/data: \[DONE\]\n\n$/);
  await expect.poll(() => before.connections(), { timeout: 10_000 }).toBe(0);
  expect(await ask(proctor)).toMatchObject({ text: expect.stringContaining("after") as string });
});

test("what a key has used up stays used up", async () => {
  const key = `pk-proctor-${"k".repeat(43)}`;
  const keys = [{ name: "bot", hash: `sha256:${createHash("sha256").update(key).digest("hex")}`, rpm: 3 }];
  const proctor = await start(configFor(await vendorThatSays("before"), { keys }));
  const after = configFor(await vendorThatSays("after"), { keys });
  const headers = { authorization: `Bearer ${key}` };
  expect([await ask(proctor, { headers }), await ask(proctor, { headers })].map(({ status }) => status)).toEqual([
    200, 200,
  ]);
  await reload(proctor, after);
  expect((await ask(proctor, { headers })).text).toContain("after");
  expect((await ask(proctor, { headers })).status).toBe(429);
  expect((await ask(proctor)).status).toBe(401);
});
