import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { JudgeRequest } from "../../../evaluators/judge.ts";
import { judgeThrough } from "../../../evaluators/judge/judge-through.ts";
import { type JudgeServer, type PlayedReply, startJudgeServer } from "../../support/judge-server.ts";

const servers: JudgeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serverThat(play: () => PlayedReply): Promise<JudgeServer> {
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

describe("a judge behind a gateway", () => {
  test("is asked by alias, at temperature 0, and answers with text, model, usage and cost", async () => {
    const server = await serverThat(() => "hello");
    const reply = await judgeThrough(server.url, "judge")(request());
    expect(reply).toEqual({
      text: "hello",
      model: "judge",
      usage: { inputTokens: 100, outputTokens: 20 },
      costUsd: 0.001,
    });
    expect(server.calls[0]).toEqual({
      model: "judge",
      messages: request().messages,
      temperature: 0,
      max_tokens: 100,
      stream: false,
    });
  });

  test.each(["", "/", "/v1", "/v1/"])("is found at its address with %j at the end", async (end) => {
    const server = await serverThat(() => "hello");
    await expect(judgeThrough(server.url + end, "judge")(request())).resolves.toMatchObject({ text: "hello" });
  });

  test("is called inside the trace of the evaluation, with the key", async () => {
    const server = await serverThat(() => "hello");
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const parent = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: "b7ad6b7169203331", traceFlags: 1 });
    await judgeThrough(server.url, "judge", { apiKey: "key-1" })(request({ parent }));
    expect(server.headers[0]).toMatchObject({
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      authorization: "Bearer key-1",
    });
  });

  test("has an identity that names the alias and the address, without a password", () => {
    expect(judgeThrough("http://me:pass@judges.example/v1", "strict").identity).toBe(
      "strict at http://judges.example/v1/chat/completions, temperature 0",
    );
  });

  test("sends no key and no trace when there is none", async () => {
    const server = await serverThat(() => "hello");
    await judgeThrough(server.url, "judge")(request());
    expect(server.headers[0]).not.toHaveProperty("authorization");
    expect(server.headers[0]).not.toHaveProperty("traceparent");
  });
});

describe("when a judge behind a gateway gives no answer", () => {
  test.each([
    [400, false],
    [401, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ])("status %i is judge_failed with the status and the server's message; retryable: %s", async (status, retryable) => {
    const server = await serverThat(() => ({
      status,
      body: '{"error":{"message":"No model \\"judge\\".\\nKnown: teacher."}}',
    }));
    await expect(judgeThrough(server.url, "judge", { attempts: 1 })(request())).rejects.toMatchObject({
      code: "judge_failed",
      message: `The judge "judge" at ${server.url}/v1/chat/completions answered ${status}: No model "judge". Known: teacher.`,
      retryable,
    });
  });

  test("a message that quotes the request is left out", async () => {
    const server = await serverThat(() => ({
      status: 400,
      body: '{"error":"bad prompt: Wilhelmina Featherstone is not allowed"}',
    }));
    const error: unknown = await judgeThrough(server.url, "judge")(request()).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("left out");
    expect(String(error)).not.toContain("Wilhelmina");
  });

  test("an empty refusal is an answer without text, which the protocol cannot read", async () => {
    const body = '{"model":"m","choices":[{"message":{"content":null,"refusal":"No."}}]}';
    const server = await serverThat(() => ({ status: 200, body }));
    await expect(judgeThrough(server.url, "judge")(request())).resolves.toEqual({
      text: "",
      model: "m",
      usage: null,
      costUsd: null,
    });
  });

  test.each(["length", "content_filter"])(
    "an answer that ended with %s is none, and its tokens are counted",
    async (finish_reason) => {
      const body = JSON.stringify({
        choices: [{ message: { content: "{}" }, finish_reason }],
        usage: { prompt_tokens: 3, completion_tokens: 4 },
      });
      const server = await serverThat(() => ({ status: 200, body }));
      await expect(judgeThrough(server.url, "judge")(request())).rejects.toMatchObject({
        code: "judge_failed",
        usage: { inputTokens: 3, outputTokens: 4 },
        message: expect.stringContaining(`did not finish its answer (finish reason: ${finish_reason})`) as unknown,
      });
    },
  );

  test("a server that cannot be reached is named, without a password", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error: unknown = await judgeThrough(
      `http://me:pass@127.0.0.1:${port}`,
      "judge",
    )(request()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "judge_failed", retryable: true });
    expect(String(error)).toContain(
      `http://127.0.0.1:${port}/v1/chat/completions could not be reached, or broke off (ECONNREFUSED)`,
    );
    expect(String(error)).not.toContain("pass@");
  });

  test("its own time limit is a timeout", async () => {
    const server = await serverThat(() => ({ never: true }));
    await expect(judgeThrough(server.url, "judge", { timeoutMs: 50 })(request())).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("did not answer within 50 ms.") as unknown,
    });
  });

  test("a caller who leaves cancels at once", async () => {
    const server = await serverThat(() => ({ never: true }));
    const controller = new AbortController();
    const started = performance.now();
    setTimeout(() => controller.abort(), 30);
    const answer = judgeThrough(server.url, "judge")(request({ signal: controller.signal }));
    await expect(answer).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("a caller whose time is up gets a timeout", async () => {
    const server = await serverThat(() => ({ never: true }));
    const answer = judgeThrough(server.url, "judge")(request({ signal: AbortSignal.timeout(30) }));
    await expect(answer).rejects.toMatchObject({ code: "timeout" });
  });

  test("a reply without end is broken off", async () => {
    const server = await serverThat(() => ({ status: 200, body: "x".repeat(5 * 1024 * 1024) }));
    await expect(judgeThrough(server.url, "judge")(request())).rejects.toMatchObject({
      code: "judge_failed",
      message: expect.stringContaining("longer than") as unknown,
    });
  });
});
