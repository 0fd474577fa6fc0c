import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, test } from "vitest";
import type { JudgeRequest } from "../../../evaluators/judge.ts";
import { judgeThrough } from "../../../evaluators/judge/judge-through.ts";
import { type JudgeCall, type JudgeServer, type PlayedReply, startJudgeServer } from "../../support/judge-server.ts";

const servers: JudgeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function startServer(play: (call: JudgeCall, index: number) => PlayedReply): Promise<JudgeServer> {
  const server = await startJudgeServer(play);
  servers.push(server);
  return server;
}

function request(changes: Partial<JudgeRequest> = {}): JudgeRequest {
  return {
    messages: [{ role: "user", content: "Is the customer called Wilhelmina Featherstone?" }],
    maxTokens: 100,
    signal: new AbortController().signal,
    parent: ROOT_CONTEXT,
    evaluator: "faithfulness",
    ...changes,
  };
}

const schema = { name: "policy_verdicts", schema: { type: "object" } };

describe("a question with wishes", () => {
  const refusing =
    (word: string) =>
    (call: JudgeCall): PlayedReply =>
      JSON.stringify(call).includes(`"${word}"`)
        ? { status: 400, body: JSON.stringify({ error: { message: `Unsupported parameter: '${word}'` } }) }
        : "hello";

  test("asks for the schema, strictly, and for the likeliest tokens", async () => {
    const server = await startServer(() => "hello");
    await judgeThrough(server.url, "judge")(request({ schema, logprobs: true, temperature: 0.7 }));
    expect(server.calls[0]).toMatchObject({
      response_format: { type: "json_schema", json_schema: { ...schema, strict: true } },
      logprobs: true,
      top_logprobs: 5,
      temperature: 0.7,
    });
  });

  test.each(["response_format", "logprobs", "temperature"])(
    "is asked without %s where the server refuses that, and from then on",
    async (word) => {
      const server = await startServer(refusing(word));
      const judge = judgeThrough(server.url, "judge");
      const wishing = request({ schema, logprobs: true });
      await expect(judge(wishing)).resolves.toMatchObject({ text: "hello" });
      await expect(judge(wishing)).resolves.toMatchObject({ text: "hello" });
      expect(server.calls.map((call) => word in call)).toEqual([true, false, false]);
      const others = ["response_format", "logprobs", "temperature"].filter((other) => other !== word);
      for (const other of others) expect(server.calls.at(-1)).toHaveProperty(other);
    },
  );

  test("is asked without everything where the server refuses everything, one after the other", async () => {
    const server = await startServer(
      (call) =>
        ["temperature", "logprobs", "response_format"]
          .map((word) => refusing(word)(call))
          .find((reply) => reply !== "hello") ?? "hello",
    );
    await expect(judgeThrough(server.url, "judge")(request({ schema, logprobs: true }))).resolves.toMatchObject({
      text: "hello",
    });
    expect(server.calls).toHaveLength(4);
  });

  test("is asked with everything the next time, when leaving parts out did not help", async () => {
    const echo = '{"error":"too long: temperature logprobs response_format"}';
    const server = await startServer((_call, index) => (index < 4 ? { status: 400, body: echo } : "hello"));
    const judge = judgeThrough(server.url, "judge");
    await expect(judge(request({ schema, logprobs: true }))).rejects.toMatchObject({ code: "judge_failed" });
    expect(server.calls).toHaveLength(4);
    await expect(judge(request({ schema, logprobs: true }))).resolves.toMatchObject({ text: "hello" });
    expect(Object.keys(server.calls[4] ?? {})).toEqual(
      expect.arrayContaining(["temperature", "logprobs", "response_format"]),
    );
  });

  test("is refused for good when the server refuses what was not asked for", async () => {
    const server = await startServer(() => ({ status: 400, body: '{"error":"bad response_format"}' }));
    await expect(judgeThrough(server.url, "judge")(request())).rejects.toMatchObject({ code: "judge_failed" });
    expect(server.calls).toHaveLength(1);
  });

  test("brings back the probabilities of the tokens", async () => {
    const content = [
      {
        token: "yes",
        logprob: -0.1,
        top_logprobs: [
          { token: "yes", logprob: -0.1 },
          { token: "no", logprob: -2.4 },
        ],
      },
    ];
    const body = JSON.stringify({ model: "m", choices: [{ message: { content: "yes" }, logprobs: { content } }] });
    const server = await startServer(() => ({ status: 200, body }));
    const { logprobs } = await judgeThrough(server.url, "judge")(request({ logprobs: true }));
    expect(logprobs).toEqual([
      {
        token: "yes",
        logprob: -0.1,
        top: [
          { token: "yes", logprob: -0.1 },
          { token: "no", logprob: -2.4 },
        ],
      },
    ]);
  });
});

describe("a judge that is busy", () => {
  const busy = (headers: Record<string, string> = {}) => ({ status: 429, body: '{"error":"slow down"}', headers });

  test("is asked again, no sooner than it says", async () => {
    const server = await startServer((_call, index) => (index === 0 ? busy({ "retry-after": "0.2" }) : "hello"));
    const started = Date.now();
    await expect(judgeThrough(server.url, "judge")(request())).resolves.toMatchObject({ text: "hello" });
    expect(Date.now() - started).toBeGreaterThanOrEqual(199);
    expect(server.calls).toHaveLength(2);
  });

  test("is asked so often and no more", async () => {
    const server = await startServer(() => busy());
    await expect(judgeThrough(server.url, "judge", { attempts: 2 })(request())).rejects.toMatchObject({
      code: "judge_failed",
      retryable: true,
    });
    expect(server.calls).toHaveLength(2);
  });

  test("is not waited for when it asks for more time than there is", async () => {
    const server = await startServer(() => busy({ "retry-after": "3600" }));
    const started = performance.now();
    await expect(judgeThrough(server.url, "judge", { timeoutMs: 5_000 })(request())).rejects.toMatchObject({
      code: "judge_failed",
      message: expect.stringContaining("answered 429: slow down") as unknown,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(server.calls).toHaveLength(1);
  });

  test("is left at once by a caller who leaves while waiting", async () => {
    const server = await startServer(() => busy({ "retry-after": "20" }));
    const controller = new AbortController();
    const answer = judgeThrough(server.url, "judge")(request({ signal: controller.signal }));
    await expect.poll(() => server.calls.length).toBe(1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: "cancelled" });
  });

  test.each(["-5", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"])(
    "is not waited for beyond its time when it asks for %j",
    async (asked) => {
      const server = await startServer(() => busy({ "retry-after": asked }));
      const started = performance.now();
      await expect(
        judgeThrough(server.url, "judge", { timeoutMs: 4_000, attempts: 2 })(request()),
      ).rejects.toMatchObject({ code: "judge_failed" });
      expect(performance.now() - started).toBeLessThan(3_000);
    },
  );

  test("is not asked again when it says that the question is wrong", async () => {
    const server = await startServer(() => ({ status: 401, body: "{}" }));
    await expect(judgeThrough(server.url, "judge")(request())).rejects.toMatchObject({ code: "judge_failed" });
    expect(server.calls).toHaveLength(1);
  });
});

describe("the span of a call", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer("test");
  afterEach(() => exporter.reset());
  const completion = {
    model: "m-2026",
    choices: [{ message: { content: "hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 20 },
  };

  test("is that of the model call where no gateway writes one, with role, tokens and cost", async () => {
    const server = await startServer(() => ({ status: 200, body: JSON.stringify(completion) }));
    const price = { input: 10, output: 100 };
    const reply = await judgeThrough(server.url, "examiner", { tracer, price })(request());
    expect(reply.costUsd).toBeCloseTo(0.003, 12);
    const [span, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: "chat examiner", kind: SpanKind.CLIENT });
    expect(span?.attributes).toMatchObject({
      "openinference.span.kind": "LLM",
      "proctor.role": "judge",
      "proctor.eval.name": "faithfulness",
      "llm.model_name": "m-2026",
      "llm.token_count.prompt": 100,
      "llm.token_count.completion": 20,
      "llm.token_count.total": 120,
      "llm.cost.total": 0.003,
      "output.value": "hello",
    });
    expect(server.headers[0]?.["traceparent"]).toContain(span?.spanContext().spanId);
  });

  test("counts no tokens where a gateway has counted them", async () => {
    const headers = { "x-proctor-span-id": "b7ad6b7169203331" };
    const server = await startServer(() => ({ status: 200, body: JSON.stringify(completion), headers }));
    await judgeThrough(server.url, "judge", { tracer })(request());
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes["openinference.span.kind"]).toBe("CHAIN");
    expect(span?.attributes).not.toHaveProperty(["proctor.role"]);
    expect(span?.attributes).not.toHaveProperty(["llm.token_count.total"]);
  });

  test("is an error when there is no answer", async () => {
    const server = await startServer(() => ({ status: 400, body: "{}" }));
    await judgeThrough(server.url, "judge", { tracer })(request()).catch(() => {});
    expect(exporter.getFinishedSpans()[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "judge_failed" },
    });
  });
});
