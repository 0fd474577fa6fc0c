import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

interface Answer {
  readonly trace_id: string;
  readonly evaluations: readonly (object & { readonly outcome: string })[];
  readonly results: readonly Pick<Answer, "trace_id" | "evaluations">[];
  readonly error: { readonly message: string };
}

async function evaluations(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}/v1/evaluations`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Answer };
}

const faithful = {
  response: "Refunds are possible within 30 days.",
  contexts: ["Refunds are possible within 30 days."],
};
const unfaithful = {
  output: "Refunds are possible within 90 days.",
  context: ["Refunds are possible within 30 days."],
};

test("one sample, several evaluators, the whole result of each", async () => {
  const { status, json } = await evaluations({ evaluators: ["faithfulness", "safety"], sample: unfaithful });
  expect(status).toBe(200);
  expect(json.evaluations).toHaveLength(2);
  expect(json.evaluations[0]).toMatchObject({
    evaluator: "faithfulness",
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    outcome: "fail",
    score: expect.any(Number),
    threshold: 0.7,
    engine: "local",
    calibrated: false,
    claims: [expect.objectContaining({ verdict: "contradicted", start: 0, end: 36 })],
    path: [expect.objectContaining({ stage: "local", decided: true })],
    error: null,
  });
  expect(json.evaluations[1]).toMatchObject({ evaluator: "safety", outcome: "pass", score: 1 });
});

test("an array of samples, results in its order, each in a trace of its own", async () => {
  const { json } = await evaluations({ evaluators: "faithfulness", sample: [faithful, unfaithful, { output: "x" }] });
  expect(json.results.map((row) => row.evaluations[0]?.outcome)).toEqual(["pass", "fail", "skipped"]);
  expect(new Set(json.results.map((row) => row.trace_id)).size).toBe(3);
  expect(json.results[2]?.evaluations[0]).toMatchObject({
    score: null,
    reason: "Not examined: the sample has no context.",
  });
});

test("with a target the EVALUATOR span joins the trace of the generation it judges", async () => {
  const generation = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "teacher", messages: [{ role: "user", content: "hi" }] }),
  });
  const trace_id = generation.headers.get("x-proctor-trace-id") ?? "";
  const span_id = generation.headers.get("x-proctor-span-id") ?? "";
  const { json } = await evaluations({
    evaluators: ["faithfulness"],
    sample: unfaithful,
    target: { trace_id, span_id },
  });
  expect(json.trace_id).toBe(trace_id);
  const spans = await gateway.spansOf(trace_id);
  const evaluator = spans.find(({ name }) => name === "evaluate faithfulness");
  expect(evaluator?.attributes).toMatchObject({ "proctor.alias": "teacher", "proctor.role": "teacher" });
  expect(evaluator).toMatchObject({ parentId: span_id, links: [{ traceId: trace_id, spanId: span_id }] });
  expect(spans.find(({ spanId }) => spanId === span_id)?.name).toBe("chat teacher");
});

test("with traceparent it joins the caller's trace and links the caller's span", async () => {
  const { json } = await evaluations(
    { evaluators: ["faithfulness"], sample: faithful },
    { traceparent: "00-11111111111111111111111111111111-2222222222222222-00" },
  );
  expect(json.trace_id).toBe("1".repeat(32));
  const spans = await gateway.spansOf("1".repeat(32));
  expect(spans[0]).toMatchObject({
    parentId: "2".repeat(16),
    links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16) }],
  });
});

test.each([
  [{ evaluators: ["nonsense"], sample: faithful }, /No evaluator "nonsense"\. Known: faithfulness/],
  [{ evaluators: ["faithfulness"], sample: { outpt: "x" } }, /A sample has no field "outpt"\. Known: /],
  [
    { evaluators: ["faithfulness"], sample: [faithful, { output: 7 }] },
    /sample\[1\]: The sample's field "output" is not right/,
  ],
  [{ evaluators: ["faithfulness"] }, /"sample"/],
  [
    { evaluators: ["faithfulness"], sample: faithful, target: { trace_id: "xyz", span_id: "1" } },
    /"target\.trace_id".*32 hexadecimal digits/,
  ],
])("bad input %#: one sentence and 400", async (body, message) => {
  const { status, json } = await evaluations(body);
  expect(status).toBe(400);
  expect(json.error.message).toMatch(message);
});
