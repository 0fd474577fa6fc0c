import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runProctor } from "../../cli/proctor.ts";
import { openSpanStore } from "../../tracing/index.ts";
import { chatReply, chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { type ProctorProcess, startProctor } from "../support/proctor-process.ts";
import { testContext } from "../support/test-gateway.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function vendorThatSays(text: string, delayMs = 0): Promise<FakeVendor> {
  const vendor = await startFakeVendor(({ json }) =>
    json["stream"] === true
      ? { ...chatStream([`${text} `, "to ", "the end"], { cut: 150 }), chunkDelayMs: 100 }
      : { ...chatReply(text), delayMs },
  );
  open.push(vendor);
  return vendor;
}

const limited = { keys: [{ name: "bot", hash: `sha256:${"a".repeat(64)}`, rpm: 100 }] };

const configFor = ({ url }: Pick<FakeVendor, "url">, extra: object = {}) => ({
  providers: { vendor: { kind: "openai", base_url: url } },
  models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
  guardrails: [],
  ...extra,
});

/** Two workers, and the ids of their processes. */
async function start(config: object): Promise<ProctorProcess> {
  const proctor = await startProctor(config, ["--workers", "2"]);
  open.push(proctor);
  await expect.poll(() => proctor.out.join("\n")).toContain("2 processes share the port");
  return proctor;
}

/** Asks on a connection of its own, so that the workers take turns. */
function ask({ url }: ProctorProcess, { stream = false, path = "/v1/chat/completions", method = "POST" } = {}) {
  return new Promise<{ status: number; text: string }>((done, reject) => {
    const outgoing = httpRequest(`${url}${path}`, { method, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      incoming.on("end", () => done({ status: incoming.statusCode ?? 0, text }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    const body = { model: "student", stream, messages: [{ role: "user", content: "hi" }] };
    outgoing.end(method === "POST" ? JSON.stringify(body) : undefined);
  });
}

const many = (count: number, proctor: ProctorProcess) => Promise.all(Array.from({ length: count }, () => ask(proctor)));

/** What was said of workers that ended. */
const deathsOf = ({ err }: ProctorProcess): string[] => err.filter((line) => /^Worker \d+ \(process/.test(line));

test("workers share one port, one banner, one store and one count", async () => {
  const vendor = await vendorThatSays("hello");
  const proctor = await start(configFor(vendor));
  expect(proctor.out.filter((line) => /^Proctor .* listens on/.test(line))).toHaveLength(1);
  const answers = await many(120, proctor);
  expect(answers.filter(({ status, text }) => status !== 200 || !text.includes("hello"))).toEqual([]);
  for (let round = 0; round < 3; round += 1) {
    const { status, text } = await ask(proctor, { path: "/metrics", method: "GET" });
    expect(status).toBe(200);
    expect(requestsIn(text)).toBe(120);
    expect(processesIn(text)).toBeGreaterThan(0);
  }
  proctor.kill("SIGTERM");
  expect(await proctor.ended).toBe(0);
  expect(proctor.err).toEqual([]);
  const store = openSpanStore({
    path: join(proctor.folder, ".proctor/spans.db"),
    retentionMs: Infinity,
    readOnly: true,
  });
  expect(store.stats().traces).toBe(120);
  store.close();
}, 120_000);

/** The sum of `proctor_requests_total` over its labels. */
function requestsIn(metrics: string): number {
  const lines = metrics.split("\n").filter((line) => /^proctor_requests_total\{.*path="\/v1\/chat/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

const processesIn = (metrics: string): number => Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(metrics)?.[1]);

test("another worker takes the place of one that dies, and no new request fails after it", async () => {
  const vendor = await vendorThatSays("hello");
  const proctor = await start(configFor(vendor));
  expect((await many(10, proctor)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  const counted = async () => requestsIn((await ask(proctor, { path: "/metrics", method: "GET" })).text);
  expect(await counted()).toBe(10);
  const [victim = 0] = await childrenOf(proctor.pid);
  process.kill(victim, "SIGKILL");
  await expect.poll(() => deathsOf(proctor), { timeout: 10_000 }).toHaveLength(1);
  expect(proctor.err[0]).toBe(`Worker 1 (process ${victim}) ended by SIGKILL.`);
  await expect.poll(() => proctor.err[1]).toBe("Another worker starts in 200 ms.");
  expect((await many(20, proctor)).map(({ status }) => status)).toEqual(Array(20).fill(200));
  await expect.poll(async () => (await childrenOf(proctor.pid)).length, { timeout: 15_000 }).toBe(2);
  expect(await counted()).toBe(30);
  expect((await many(20, proctor)).map(({ status }) => status)).toEqual(Array(20).fill(200));
}, 120_000);

/** The processes that were started by `pid`, oldest first. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

test("a reload reaches every worker and is said once; SIGTERM lets all of them finish", async () => {
  const proctor = await start(configFor(await vendorThatSays("before")));
  const slow = await vendorThatSays("after", 300);
  proctor.configure(configFor(slow));
  proctor.kill("SIGHUP");
  await expect.poll(() => proctor.out.filter((line) => line.startsWith("Reloaded "))).toHaveLength(1);
  expect((await many(12, proctor)).filter(({ text }) => !text.includes("after"))).toEqual([]);
  proctor.configure("providers: 7\n");
  proctor.kill("SIGHUP");
  await expect.poll(() => proctor.err.join("\n"), { timeout: 10_000 }).toContain("proctor.yaml:1: ");
  expect(proctor.err.filter((line) => line.startsWith("The configuration was not reloaded"))).toHaveLength(1);

  const begun = Array.from({ length: 10 }, (_, index) => ask(proctor, { stream: index % 2 === 0 }));
  await expect.poll(() => slow.requests.length, { timeout: 10_000 }).toBe(22);
  proctor.kill("SIGTERM");
  for (const [index, { status, text }] of (await Promise.all(begun)).entries()) {
    expect(status).toBe(200);
    expect(text).toMatch(index % 2 === 0 ? /the end[^]*data: \[DONE\]\n\n$/ : /after/);
  }
  expect(await proctor.ended).toBe(0);
}, 120_000);

test("what keeps workers from starting is said once and is the exit code", async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
  const { port } = taken.address() as AddressInfo;
  const vendor = await vendorThatSays("hello");
  await expect(startProctor(configFor(vendor), ["--workers", "2", "--port", String(port)])).rejects.toThrow(
    new Error(
      `proctor serve ended with 4: Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another with --port.`,
    ),
  );
  await new Promise((done) => taken.close(done));
}, 120_000);

test.each<[string, readonly string[], object, RegExp]>([
  ["a number that is none", ["--workers", "two"], {}, /^"two" is no number of workers\. Give one from 1 to 256\.$/],
  ["a replay", ["--workers", "2", "--replay", "."], {}, /^--replay keeps the order .* Leave --workers out\.$/],
  ["limits without a Redis", ["--workers", "2"], limited, /^2 workers would let the key "bot" use 2 times .* Redis /],
  ["a wrong configuration", ["--workers", "2"], { listen: { prot: 1 } }, /^proctor\.yaml:1: The key "prot"/],
])("workers with %s do not start", async (_, argv, extra, sentence) => {
  const folder = mkdtempSync(join(tmpdir(), "proctor-workers-"));
  open.push({ close: async () => rmSync(folder, { recursive: true, force: true }) });
  writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(configFor({ url: "http://127.0.0.1:9" }, extra)));
  const errors: string[] = [];
  expect(await runProctor(["serve", "--port", "0", ...argv], testContext(folder, errors))).toBe(4);
  expect(errors.join("\n")).toMatch(sentence);
});
