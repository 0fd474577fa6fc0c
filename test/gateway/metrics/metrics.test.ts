import { describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../../../gateway/exchange/exchange-record.ts";
import { mergeMetrics } from "../../../gateway/metrics/merge-metrics.ts";
import { createMetrics } from "../../../gateway/metrics/metrics.ts";

const record: ExchangeRecord = {
  traceId: "0".repeat(32),
  wire: "chat",
  path: "/v1/chat/completions",
  alias: "student",
  role: "student",
  target: "vendor/m",
  caller: "anyone",
  stream: true,
  status: 200,
  error: undefined,
  verdict: "allow",
  evaluations: [],
  attempts: 1,
  durationMs: 1500,
  timeToFirstByteMs: 300,
  overheadMs: 2,
  upstreamMs: 1400,
  judgeMs: 0,
  inputTokens: 11,
  outputTokens: 7,
  generationUsd: 0.25,
  judgeUsd: null,
  cache: undefined,
};

/** The value of a sample in a text, by its name with its labels. */
function valueOf(text: string, sample: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

function seriesOf(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(`${name}{`));
}

describe("the metrics", () => {
  test("count a request, its tokens, its cost and its time by alias, target and verdict", async () => {
    const metrics = createMetrics();
    metrics.exchangeBegan();
    metrics.exchangeEnded(record);
    const text = await metrics.text();
    const answered = 'alias="student",target="vendor/m",verdict="allow"';
    expect(valueOf(text, `proctor_requests_total{path="/v1/chat/completions",${answered},status="2xx"}`)).toBe(1);
    expect(valueOf(text, 'proctor_tokens_total{alias="student",target="vendor/m",direction="input"}')).toBe(11);
    expect(valueOf(text, 'proctor_tokens_total{alias="student",target="vendor/m",direction="output"}')).toBe(7);
    expect(valueOf(text, 'proctor_cost_usd_total{role="student",alias="student",target="vendor/m"}')).toBe(0.25);
    expect(valueOf(text, `proctor_request_duration_seconds_sum{${answered}}`)).toBe(1.5);
    expect(valueOf(text, `proctor_request_duration_seconds_bucket{le="1",${answered}}`)).toBe(0);
    expect(valueOf(text, `proctor_request_duration_seconds_bucket{le="2",${answered}}`)).toBe(1);
    expect(valueOf(text, `proctor_time_to_first_token_seconds_sum{${answered}}`)).toBe(0.3);
  });

  test("say what a request that failed failed of, and put a model that nobody knows under unknown", async () => {
    const metrics = createMetrics();
    metrics.exchangeBegan();
    const failed = { alias: undefined, role: undefined, target: undefined, verdict: undefined } as const;
    metrics.exchangeEnded({ ...record, ...failed, status: 404, error: "model_not_found", attempts: 0 });
    const text = await metrics.text();
    expect(
      valueOf(text, 'proctor_errors_total{path="/v1/chat/completions",alias="unknown",code="model_not_found"}'),
    ).toBe(1);
    expect(text).toContain('alias="unknown",target="none",verdict="none",status="4xx"} 1');
    expect(seriesOf(text, "proctor_attempts_total")).toEqual([]);
  });

  test("count evaluations and what their judges cost, under the judge's own role", async () => {
    const metrics = createMetrics();
    const evaluation = { evaluator: "faithfulness", outcome: "error", mode: "observe", latencyMs: 20 } as const;
    metrics.evaluationEnded({ ...evaluation, costUsd: 0.5, judge: "judge" });
    metrics.evaluationEnded({ ...evaluation, costUsd: null, judge: undefined });
    const text = await metrics.text();
    expect(valueOf(text, 'proctor_evaluations_total{evaluator="faithfulness",outcome="error",mode="observe"}')).toBe(2);
    expect(valueOf(text, 'proctor_cost_usd_total{role="judge",alias="judge",target="none"}')).toBe(0.5);
  });

  test("know what is under way, at this moment", async () => {
    const metrics = createMetrics();
    metrics.exchangeBegan();
    metrics.exchangeBegan();
    metrics.exchangeEnded(record);
    let open = true;
    metrics.watch(() => ({
      background: 3,
      providers: open ? [{ provider: "vendor", active: 2, waiting: 5 }] : [],
      breakers: [{ target: "vendor/m", state: "half_open" }],
    }));
    const text = await metrics.text();
    expect(valueOf(text, "proctor_requests_in_flight")).toBe(1);
    expect(valueOf(text, "proctor_background_work")).toBe(3);
    expect(valueOf(text, 'proctor_provider_calls{provider="vendor"}')).toBe(2);
    expect(valueOf(text, 'proctor_provider_queue_depth{provider="vendor"}')).toBe(5);
    expect(valueOf(text, 'proctor_breaker_state{target="vendor/m"}')).toBe(1);
    open = false;
    expect(seriesOf(await metrics.text(), "proctor_provider_queue_depth")).toEqual([]);
  });

  test("have no more series than they may, whatever comes", async () => {
    const metrics = createMetrics({ mostSeries: 20 });
    for (let index = 0; index < 500; index += 1) metrics.exchangeEnded({ ...record, alias: `alias-${index}` });
    const series = seriesOf(await metrics.text(), "proctor_requests_total");
    expect(series).toHaveLength(21);
    expect(series.filter((line) => line.includes('alias="other"'))).toHaveLength(1);
    const counts = series.map((line) => Number(line.slice(line.lastIndexOf(" "))));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
  });

  test("name a unit in every name of ours, and explain each", async () => {
    const text = await createMetrics().text();
    const names = [...text.matchAll(/^# TYPE (proctor_\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({
      name,
      type,
    }));
    expect(names.length).toBeGreaterThan(12);
    for (const { name, type } of names) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\w`, "m"));
      expect(name).toMatch(type === "counter" ? /_total$/ : type === "histogram" ? /_seconds$/ : /[a-z]$/);
    }
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).toContain("nodejs_eventloop_lag_seconds");
  });

  test("of several workers are added up", async () => {
    const workers = [createMetrics(), createMetrics()];
    for (const metrics of workers) {
      metrics.exchangeBegan();
      metrics.exchangeBegan();
      metrics.exchangeEnded(record);
    }
    workers[1]?.watch(() => ({ background: 0, providers: [], breakers: [{ target: "vendor/m", state: "open" }] }));
    const parts = JSON.parse(JSON.stringify(await Promise.all(workers.map((each) => each.part())))) as object[][];
    const text = await mergeMetrics(parts);
    expect(valueOf(text, "proctor_requests_in_flight")).toBe(2);
    expect(valueOf(text, 'proctor_tokens_total{alias="student",target="vendor/m",direction="input"}')).toBe(22);
    expect(valueOf(text, 'proctor_breaker_state{target="vendor/m"}')).toBe(2);
    expect(text).toContain('proctor_request_duration_seconds_bucket{le="2",alias="student"');
  });
});
