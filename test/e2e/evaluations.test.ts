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
    threshold: expect.any(Number),
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

test("rows that are sent as if they were one JSON text are told how to be sent", async () => {
  const response = await fetch(`${gateway.url}/v1/evaluations?evaluators=pii`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"output":"a"}\n{"output":"b"}',
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(
    /"The request body is not JSON: .*\. Rows, one object a line, are sent with the content-type application\/x-ndjson\.".*"malformed_json"/,
  );
});

async function batch(lines: readonly string[], query = "", headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}/v1/evaluations${query}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", ...headers },
    body: lines.join("\n"),
  });
  const text = await response.text();
  const results = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as BatchLine);
  return { response, results: results.toSorted((left, right) => (left.row ?? 0) - (right.row ?? 0)) };
}

interface BatchLine {
  readonly row?: number;
  readonly trace_id?: string;
  readonly decision?: string;
  readonly carried?: object;
  readonly evaluations?: readonly { readonly evaluator: string; readonly outcome: string }[];
  readonly error?: { readonly message: string };
}

const lines = [
  JSON.stringify({ id: "a", team: "billing", ...faithful }),
  "nonsense",
  "",
  JSON.stringify({ output: "Write to ana@example.com." }),
  JSON.stringify({ output: 7 }),
];

test.each([
  ["the query", lines, "?evaluators=pii,secrets", {}],
  ["a header", lines, "", { "x-proctor-evaluators": "pii, secrets" }],
])("JSONL in, JSONL out, the evaluators named in %s", async (_where, given, query, headers) => {
  const { response, results } = await batch(given, query, headers);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  expect(results.map(({ row, decision }) => [row, decision])).toEqual([
    [1, "kept"],
    [2, "unscored"],
    [4, "dropped"],
    [5, "unscored"],
  ]);
  expect(results[0]).toMatchObject({
    carried: { id: "a", team: "billing" },
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    evaluations: [
      { evaluator: "pii", outcome: "pass" },
      { evaluator: "secrets", outcome: "pass" },
    ],
  });
  expect(results[1]).toEqual({
    row: 2,
    decision: "unscored",
    error: { message: "Line 2 is not JSON: one object a line is expected." },
  });
  expect(results[3]?.error?.message).toMatch(/The sample's field "output" is not right/);
  const spans = await gateway.spansOf(results[2]?.trace_id ?? "");
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["evaluate /v1/evaluations", "evaluate pii", "evaluate secrets"]),
  );
});

test("the evaluators may be named in a first line, which is no row; the others keep their numbers", async () => {
  const { results } = await batch(['{"evaluators": ["pii"]}', ...lines.slice(0, 2)]);
  expect(results.map(({ row, decision }) => [row, decision])).toEqual([
    [2, "kept"],
    [3, "unscored"],
  ]);
});

test("a row of a batch may name the generation that it judges", async () => {
  const target = { trace_id: "3".repeat(32), span_id: "4".repeat(16) };
  const bad = { trace_id: "x", span_id: "y" };
  const { results } = await batch(
    [JSON.stringify({ ...faithful, target }), JSON.stringify({ ...faithful, target: bad })],
    "?evaluators=pii",
  );
  expect(results[0]).toMatchObject({ row: 1, trace_id: target.trace_id });
  expect(results[0]).not.toHaveProperty("carried");
  expect(results[1]?.error?.message).toMatch(/"target" is not right at "trace_id"/);
});

test.each([
  ["", /A batch names its evaluators: in the query/],
  ["?evaluators=nonsense", /No evaluator "nonsense"\. Known: /],
  ["?evaluators=pii&cache=maybe", /"cache" may be "bypass"/],
])("a batch that cannot begin (%s) is 400 and a sentence", async (query, message) => {
  const response = await fetch(`${gateway.url}/v1/evaluations${query}`, {
    method: "POST",
    headers: { "content-type": "application/jsonl" },
    body: lines.join("\n"),
  });
  expect(response.status).toBe(400);
  expect(((await response.json()) as Answer).error.message).toMatch(message);
});

test("results are streamed while the body is still arriving, and a client that leaves ends it", async () => {
  let send: (line: string) => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (line) => controller.enqueue(new TextEncoder().encode(line));
    },
  });
  const left = new AbortController();
  const pending = fetch(`${gateway.url}/v1/evaluations?evaluators=pii`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body,
    duplex: "half",
    signal: left.signal,
  });
  send(`${lines[0]}\n`);
  const response = await pending;
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(JSON.parse(Buffer.from(first?.value ?? []).toString("utf8"))).toMatchObject({ row: 1, decision: "kept" });
  left.abort();
  await expect(reader?.read()).rejects.toThrow(/abort/i);
});

test("two answers are compared by the judge, in both orders", async () => {
  const { status, json } = await evaluations({
    pair: { a: "Refunds are possible within 30 days.", b: "No idea.", input: "How long do I have for a refund?" },
  });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    outcome: expect.any(String),
    reason: expect.any(String),
  });
});

test("equal answers are a tie without a judge", async () => {
  const { json } = await evaluations({ pair: { a: "Same.", b: "Same.", input: "Which?" } });
  expect(json).toMatchObject({ preferred: "tie", outcome: "decided", orders: [] });
});

test.each([
  [{ pair: { a: "x", b: "y" } }, /"pair\.input"/],
  [
    { pair: { a: "x", b: "y", input: "z" }, judge: "nobody" },
    /No model "nobody" to be the judge\. Known: teacher, student, judge/,
  ],
])("a pair that makes no sense %# is 400 and a sentence", async (body, message) => {
  const { status, json } = await evaluations(body);
  expect(status).toBe(400);
  expect(json.error.message).toMatch(message);
});

test("a judge's verdict is kept, marked, and not asked for again unless the request says so", async () => {
  const sample = { input: "Say hello.", output: `Hello, it is ${Date.now()}.` };
  const rubric = await startTestGateway({
    providers: { sandbox: { kind: "sandbox" } },
    models: { judge: { role: "judge", targets: [{ provider: "sandbox", model: "judge" }] } },
    evaluators: { polite: { kind: "rubric", criteria: [{ id: "greets", question: "Does the answer say hello?" }] } },
  });
  try {
    const ask = async (more: object = {}) => {
      const body = JSON.stringify({ evaluators: ["polite"], sample, ...more });
      const response = await fetch(`${rubric.url}/v1/evaluations`, { method: "POST", body });
      return ((await response.json()) as { evaluations: { outcome: string; path: { cached: boolean }[] }[] })
        .evaluations[0];
    };
    const [first, second, third] = [await ask(), await ask(), await ask({ cache: "bypass" })];
    expect([first, second, third].map((each) => each?.path.at(-1)?.cached)).toEqual([false, true, false]);
    expect(second?.outcome).toBe(first?.outcome);
    expect(["pass", "fail"]).toContain(first?.outcome);
  } finally {
    await rubric.close();
  }
});
