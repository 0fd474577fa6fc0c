import { afterEach, expect, test } from "vitest";
import { createKey, hashKey } from "../../gateway/index.ts";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { type ProctorProcess, startProctor } from "../support/proctor-process.ts";

let open: (FakeVendor | ProctorProcess)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const key = createKey();
const vendorKey = "sk-vendor-secret-5e1f";

/** A gateway of its own process, with a sandbox and a vendor that is always broken. */
async function start(log: object): Promise<ProctorProcess> {
  const vendor = await startFakeVendor(() => ({
    status: 500,
    chunks: ['{"error":{"message":"the answer was Berlin"}}'],
  }));
  const proctor = await startProctor({
    log,
    providers: { sandbox: { kind: "sandbox" }, broken: { kind: "openai", base_url: vendor.url, api_key: vendorKey } },
    models: {
      student: { targets: [{ provider: "sandbox", model: "faithful" }], price: { input: 1, output: 1 } },
      broken: { targets: [{ provider: "broken", model: "m" }] },
    },
    guardrails: [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }],
    keys: [{ name: "bot", hash: hashKey(key) }],
  });
  open.push(vendor, proctor);
  return proctor;
}

function ask({ url }: ProctorProcess, model: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Where is the lighthouse?" }] }),
  });
}

const logged = ({ out }: ProctorProcess) => out.filter((line) => line.startsWith("{"));

async function lines(proctor: ProctorProcess, count: number): Promise<Record<string, unknown>[]> {
  await expect.poll(() => logged(proctor).length, { timeout: 5000 }).toBe(count);
  return logged(proctor).map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("a line for each request, with its trace and without what was said", async () => {
  const proctor = await start({ format: "json" });
  const reply = await ask(proctor, "student");
  await reply.text();
  await (await ask(proctor, "broken")).text();
  await (await ask(proctor, "nobody")).text();
  const [served, broken, unknown] = await lines(proctor, 3);
  expect(served).toMatchObject({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    service: "proctor",
    trace_id: reply.headers.get("x-proctor-trace-id"),
    path: "/v1/chat/completions",
    alias: "student",
    target: "sandbox/faithful",
    caller: "bot",
    stream: false,
    status: 200,
    verdict: "allow",
    evaluations: ["safety:pass"],
    attempts: 1,
    duration_ms: expect.any(Number) as number,
    input_tokens: expect.any(Number) as number,
    generation_usd: expect.any(Number) as number,
    msg: "/v1/chat/completions 200",
  });
  expect(broken).toMatchObject({ level: "error", alias: "broken", status: 500, error: "provider_failed" });
  expect(unknown).toMatchObject({ level: "warn", status: 404, error: "model_not_found" });
  const all = [...proctor.out, ...proctor.err].join("\n");
  for (const secret of ["lighthouse", "Berlin", key, vendorKey]) expect(all).not.toContain(secret);
});

test("what was said is logged where that is asked for, keys are not, and no line is lost at the end", async () => {
  const proctor = await start({ format: "json", content: true });
  await (await ask(proctor, "student")).text();
  await (await ask(proctor, "broken")).text();
  await Promise.all(Array.from({ length: 30 }, async () => (await ask(proctor, "student")).text()));
  proctor.kill("SIGTERM");
  expect(await proctor.ended).toBe(0);
  const [served, broken] = await lines(proctor, 32);
  expect(served).toMatchObject({
    input: expect.stringContaining("lighthouse") as string,
    output: expect.any(String) as string,
  });
  expect(broken).toMatchObject({ error_message: expect.stringContaining("Berlin") as string });
  for (const secret of [key, vendorKey]) expect(proctor.out.join("\n")).not.toContain(secret);
});
