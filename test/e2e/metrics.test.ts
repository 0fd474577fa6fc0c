import { afterEach, expect, test } from "vitest";
import { createKey, hashKey } from "../../gateway/index.ts";
import { chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

async function start(config?: object): Promise<TestGateway> {
  const gateway = await startTestGateway(config);
  open.push(gateway);
  return gateway;
}

async function scrape({ url }: TestGateway, headers: Record<string, string> = {}): Promise<string> {
  const reply = await fetch(`${url}/metrics`, { headers });
  expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return reply.text();
}

function valueOf(text: string, sample: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

async function ask({ url }: TestGateway, body: object, path = "/v1/chat/completions"): Promise<Response> {
  const reply = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
  await reply.text();
  return reply;
}

const says = (content: string) => [{ role: "user", content }];

test("counts what was asked, by alias, target and verdict, and evaluations by outcome", async () => {
  const gateway = await start();
  const context = "<context>Lamps can be returned within 30 days.</context> How long can I return lamps?";
  await ask(gateway, { model: "student", messages: says(context) });
  await ask(gateway, { model: "sandbox/leaks-pii", messages: says("Hello"), stream: true });
  await ask(gateway, { model: "nobody", messages: says("hi") });
  await ask(gateway, { model: "another nobody", messages: says("hi") });
  await ask(gateway, { evaluators: "pii", sample: { output: "nothing" } }, "/v1/evaluations");
  const text = await scrape(gateway);
  const path = 'path="/v1/chat/completions"';
  expect(text).toMatch(
    new RegExp(
      `^proctor_requests_total\\{${path},alias="student",target="[^"]+",verdict="allow",status="2xx"\\} 1$`,
      "m",
    ),
  );
  expect(text).toMatch(new RegExp(`^proctor_requests_total\\{${path},alias="sandbox/leaks-pii".*verdict="block"`, "m"));
  expect(valueOf(text, `proctor_errors_total{${path},alias="unknown",code="model_not_found"}`)).toBe(2);
  expect(valueOf(text, 'proctor_evaluations_total{evaluator="safety",outcome="fail",mode="hold"}')).toBe(1);
  expect(valueOf(text, 'proctor_evaluations_total{evaluator="faithfulness",outcome="pass",mode="hold"}')).toBe(1);
  expect(valueOf(text, 'proctor_evaluations_total{evaluator="pii",outcome="pass",mode="request"}')).toBe(1);
  expect(text).toMatch(/^proctor_time_to_first_token_seconds_count\{alias="sandbox\/leaks-pii".*\} 1$/m);
  const evaluated = 'path="/v1/evaluations",alias="none",target="none",verdict="none",status="2xx"';
  expect(valueOf(text, `proctor_requests_total{${evaluated}}`)).toBe(1);
  expect(valueOf(text, "proctor_requests_in_flight")).toBe(0);
  expect(text).not.toContain("nobody");
});

test("counts the rows of a batch when they are all sent", async () => {
  const gateway = await start();
  const rows = Array.from({ length: 30 }, (_, index) => JSON.stringify({ output: `row ${index}` }));
  const reply = await fetch(`${gateway.url}/v1/evaluations?evaluators=pii`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: rows.join("\n"),
  });
  expect((await reply.text()).trim().split("\n")).toHaveLength(30);
  const text = await scrape(gateway);
  expect(valueOf(text, 'proctor_evaluations_total{evaluator="pii",outcome="pass",mode="request"}')).toBe(30);
  expect(text).toMatch(/^proctor_requests_total\{path="\/v1\/evaluations".*status="2xx"\} 1$/m);
  expect(valueOf(text, "proctor_requests_in_flight")).toBe(0);
});

test("counts evaluations that end after the reply", async () => {
  const gateway = await start({
    providers: { sandbox: { kind: "sandbox" } },
    models: { student: { targets: [{ provider: "sandbox", model: "leaks-pii" }] } },
    guardrails: [
      {
        models: ["student"],
        input: [{ evaluator: "prompt_injection", mode: "observe" }],
        output: [{ evaluator: "pii", mode: "observe" }],
      },
    ],
  });
  await ask(gateway, { model: "student", messages: says("Hello") });
  const observed = async (labels: string) => valueOf(await scrape(gateway), `proctor_evaluations_total{${labels}}`);
  await expect.poll(() => observed('evaluator="pii",outcome="fail",mode="observe"')).toBe(1);
  await expect.poll(() => observed('evaluator="prompt_injection",outcome="pass",mode="observe"')).toBe(1);
});

test("knows what is under way, and what a client left", async () => {
  const vendor = await startFakeVendor(() => ({ ...chatStream(["a"]), chunks: [": begun\n\n"], ending: "hang" }));
  open.push(vendor);
  const gateway = await start({
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
  });
  const leaving = new AbortController();
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "student", stream: true, messages: says("hi") }),
    signal: leaving.signal,
  });
  expect(reply.status).toBe(200);
  const inFlight = async () => valueOf(await scrape(gateway), "proctor_requests_in_flight");
  expect(await inFlight()).toBe(1);
  leaving.abort();
  await expect.poll(inFlight).toBe(0);
  const left = 'proctor_errors_total{path="/v1/chat/completions",alias="student",code="client_closed"}';
  expect(valueOf(await scrape(gateway), left)).toBe(1);
});

test("is not traced and not counted", async () => {
  const gateway = await start();
  await scrape(gateway);
  const text = await scrape(gateway);
  expect(text).not.toMatch(/^proctor_requests_total\{/m);
  gateway.tracing.store?.flush();
  const services = await fetch(`${gateway.url}/api/v3/services`);
  expect(await services.json()).toEqual({ services: [] });
});

test("is for admins only where there are keys", async () => {
  const [admin, ordinary] = [createKey(), createKey()];
  const gateway = await start({
    providers: { sandbox: { kind: "sandbox" } },
    models: { student: { targets: [{ provider: "sandbox", model: "faithful" }] } },
    keys: [
      { name: "prometheus", hash: hashKey(admin), admin: true },
      { name: "bot", hash: hashKey(ordinary) },
    ],
  });
  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401);
  const refused = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${ordinary}` } });
  expect(refused.status).toBe(403);
  expect(await scrape(gateway, { authorization: `Bearer ${admin}` })).toContain("proctor_requests_in_flight 0");
});

test("shows the queue before a provider and a circuit breaker that is open", async () => {
  const vendor = await startFakeVendor((request) =>
    request.json["model"] === "slow" ? { chunks: [], ending: "hang" } : { status: 500, chunks: ["{}"] },
  );
  open.push(vendor);
  const kind = { kind: "openai", base_url: vendor.url };
  const gateway = await start({
    providers: {
      narrow: { ...kind, concurrency: { limit: 1, queue: 5 } },
      broken: { ...kind, circuit_breaker: { failures: 2 } },
    },
    models: {
      slow: { targets: [{ provider: "narrow", model: "slow" }] },
      broken: { targets: [{ provider: "broken", model: "m" }] },
    },
  });
  const leaving = new AbortController();
  const waiting = [1, 2, 3].map(() =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "slow", messages: says("hi") }),
      signal: leaving.signal,
    }).catch(() => undefined),
  );
  const level = async (sample: string) => valueOf(await scrape(gateway), sample);
  await expect.poll(() => level('proctor_provider_queue_depth{provider="narrow"}')).toBe(2);
  expect(await level('proctor_provider_calls{provider="narrow"}')).toBe(1);
  leaving.abort();
  await Promise.all(waiting);
  await expect.poll(() => level('proctor_provider_queue_depth{provider="narrow"}')).toBe(0);
  await expect.poll(() => level('proctor_provider_calls{provider="narrow"}')).toBe(0);
  for (const _time of [1, 2, 3]) await ask(gateway, { model: "broken", messages: says("hi") });
  expect(await level('proctor_breaker_state{target="broken/m"}')).toBe(2);
});
