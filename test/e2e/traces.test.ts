import OpenAI from "openai";
import { afterEach, expect, test, vi } from "vitest";
import { findEvaluations } from "../../tracing/index.ts";
import { chatReply, chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of open.reverse()) await each.close();
  open = [];
});

const missing = (): never => expect.fail("there is no such span");

const models = { student: { role: "student", targets: [{ provider: "vendor", model: "m" }] } };

async function start(answer: string, guardrails: object[], extra: object = {}) {
  const vendor = await startFakeVendor(({ json }) =>
    json["stream"] === true ? chatStream([answer]) : chatReply(answer),
  );
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models,
    guardrails,
    ...extra,
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

const ask = (gateway: TestGateway, headers: Record<string, string> = {}, body: object = {}) =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      model: "student",
      messages: [{ role: "user", content: "How long is the refund window?" }],
      ...body,
    }),
  });

test.each(["00", "01"])("a caller's traceparent with the flag %s is continued and recorded", async (flag) => {
  const { gateway, vendor } = await start("30 days.", []);
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const response = await ask(gateway, { traceparent: `00-${traceId}-b7ad6b7169203331-${flag}` });
  expect(response.headers.get("x-proctor-trace-id")).toBe(traceId);
  await response.text();
  const spans = await gateway.spansOf(traceId);
  expect(spans.map(({ name }) => name).sort()).toEqual(["attempt", "chat /v1/chat/completions", "chat student"]);
  expect(spans.find(({ name }) => name.startsWith("chat /v1"))?.parentId).toBe("b7ad6b7169203331");
  expect(vendor.requests[0]?.headers).not.toHaveProperty("traceparent");
});

test("what guardrails in observe find joins the trace after the reply, on the way in and on the way out", async () => {
  const { gateway } = await start("Mail me at jane.doe@example.org.", [
    {
      models: ["student"],
      input: [{ evaluator: "prompt_injection", mode: "observe" }],
      output: [{ evaluator: "safety", mode: "observe" }],
    },
  ]);
  for (const stream of [false, true]) {
    const response = await ask(gateway, { "x-proctor-session": "s-7", "x-proctor-tags": "a, b" }, { stream });
    expect(await response.text()).toContain("jane.doe@example.org");
    expect(response.headers.get("x-proctor-verdict")).toBe("allow");
    const traceId = response.headers.get("x-proctor-trace-id") ?? "";
    const spans = await gateway.spansOf(traceId);
    const evaluator = spans.find(({ name }) => name === "evaluate safety");
    expect(evaluator?.attributes).toMatchObject({
      "proctor.eval.outcome": "fail",
      "proctor.eval.mode": "observe",
      "session.id": "s-7",
      "proctor.alias": "student",
    });
    expect(evaluator?.links).toEqual([{ traceId, spanId: response.headers.get("x-proctor-span-id") }]);
    const input = spans.find(({ name }) => name === "evaluate prompt_injection");
    expect(input?.attributes).toMatchObject({ "proctor.eval.outcome": "pass" });
    expect(input?.links).toEqual([]);
    expect(spans.find(({ name }) => name === "guardrail input")?.attributes).toMatchObject({
      "proctor.guardrail.mode": "observe",
    });
    const rows = await findEvaluations({
      url: gateway.url,
      evaluator: "safety",
      outcome: "fail",
      since: new Date(Date.now() - 60_000),
      until: new Date(Date.now() + 60_000),
      limit: 10,
    });
    expect(rows.map((row) => row.traceId)).toContain(traceId);
  }
});

test("observers that a caller asks for are run, and only watch", async () => {
  const { gateway } = await start("Mail me at jane.doe@example.org.", []);
  const response = await ask(gateway, { "x-proctor-evaluators": "safety" });
  expect(await response.text()).toContain("jane.doe");
  const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
  expect(spans.find(({ name }) => name === "evaluate safety")?.attributes["proctor.eval.result"]).toBe("safety:fail");
});

test("a guardrail that is not meant for a request is not run, and the span says so; one that lacks its input degrades", async () => {
  const context = { proctor: { context: ["The refund window is 30 days."] } };
  const guarded = [
    {
      models: ["student"],
      output: [
        { evaluator: "faithfulness", when: "context", mode: "hold" },
        { evaluator: "safety", mode: "hold" },
      ],
    },
  ];
  const { gateway } = await start("The refund window is 30 days.", guarded);
  const without = await ask(gateway);
  expect(without.headers.get("x-proctor-verdict")).toBe("allow");
  expect(without.headers.get("x-proctor-evaluations")).toBe("safety:pass");
  const spans = await gateway.spansOf(without.headers.get("x-proctor-trace-id") ?? "");
  expect(spans.find(({ name }) => name === "guardrail output")?.attributes["proctor.guardrail.not_run"]).toEqual([
    "faithfulness:no_context",
  ]);
  const given = await ask(gateway, {}, context);
  expect(given.headers.get("x-proctor-evaluations")).toBe("faithfulness:pass, safety:pass");

  const always = await start("The refund window is 30 days.", [
    { models: ["student"], output: [{ evaluator: "faithfulness", mode: "hold" }] },
  ]);
  const skipped = await ask(always.gateway);
  expect(skipped.headers.get("x-proctor-verdict")).toBe("degraded");
  expect(skipped.headers.get("x-proctor-evaluations")).toBe("faithfulness:skipped");
  const strict = await start("The refund window is 30 days.", [
    { models: ["student"], output: [{ evaluator: "faithfulness", mode: "hold", on_skip: "block" }] },
  ]);
  expect((await ask(strict.gateway)).headers.get("x-proctor-verdict")).toBe("block");
});

test("a conversation of 300 messages keeps its answer, its tokens and its verdict", async () => {
  const { gateway } = await start("The refund window is 30 days.", [
    { models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] },
  ]);
  const messages = Array.from({ length: 300 }, (_, index) => ({
    role: index % 2 ? "assistant" : "user",
    content: `message ${index}`,
  }));
  const response = await ask(gateway, {}, { messages });
  const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
  const generation = spans.find(({ name }) => name === "chat student");
  expect(generation?.attributes).toMatchObject({
    "output.value": "The refund window is 30 days.",
    "llm.token_count.total": 18,
  });
  expect(spans.find(({ name }) => name === "evaluate safety")?.attributes["proctor.eval.outcome"]).toBe("pass");
});

test("a long body is cut on its span, marked, and hashed", async () => {
  const long = `The refund window is 30 days. ${"ä".repeat(20_000)}`;
  const { gateway } = await start(long, []);
  const response = await ask(gateway);
  const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
  const { attributes } = spans.find(({ name }) => name === "chat student") ?? missing();
  expect(Buffer.byteLength(String(attributes["output.value"]))).toBeLessThanOrEqual(16_384);
  expect(attributes).toMatchObject({
    "proctor.truncated": true,
    "proctor.bytes.output.value": Buffer.byteLength(long),
  });
  expect(attributes["proctor.sha256.output.value"]).toMatch(/^[0-9a-f]{64}$/);
});

test("a collector that is away is said once, and requests are served all the same", async () => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "500");
  const { gateway } = await start("30 days.", [], { tracing: { otlp: "http://127.0.0.1:9" } });
  expect((await ask(gateway)).status).toBe(200);
  await gateway.tracing.flush().catch(() => {});
  expect(
    gateway.errors.filter((line) => line.includes("The collector at http://127.0.0.1:9/v1/traces does not take spans")),
  ).toHaveLength(1);
  expect((await ask(gateway)).status).toBe(200);
}, 30_000);

test("spans reach an OTLP collector too", async () => {
  const collector = await startFakeVendor(() => ({ chunks: ["{}"] }));
  open.push(collector);
  const { gateway } = await start("30 days.", [], { tracing: { otlp: collector.url } });
  await (await ask(gateway)).text();
  await gateway.tracing.flush();
  expect(collector.requests[0]?.path).toBe("/v1/traces");
  expect(collector.requests[0]?.headers["content-type"]).toBe("application/x-protobuf");
  expect(collector.requests[0]?.text).toContain("chat student");
});

test("the official client can send context and read the headers", async () => {
  const { gateway, vendor } = await start("The refund window is 30 days.", [
    { models: ["student"], output: [{ evaluator: "faithfulness", when: "context", mode: "hold" }] },
  ]);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
  const withContext = {
    model: "student",
    messages: [{ role: "user" as const, content: "How long?" }],
    proctor: { context: ["The refund window is 30 days."] },
  };
  const { response } = await client.chat.completions.create(withContext).withResponse();
  expect(response.headers.get("x-proctor-evaluations")).toBe("faithfulness:pass");
  expect(vendor.requests[0]?.text).not.toContain("proctor");
});
