import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const anything = (body: unknown) => JSON.stringify(body);

describe("what a client gets wrong", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  const post = async (path: string, body: string) => {
    const response = await fetch(gateway.url + path, { method: "POST", body });
    return {
      status: response.status,
      body: (await response.json()) as {
        error: { message: string; type: string; code?: string; param?: string | null };
        type?: string;
      },
    };
  };

  const mistakes = [
    {
      what: "malformed JSON",
      body: '{"model": ',
      status: 400,
      message: /not JSON: .*(end|Unexpected|Expected)/,
      code: "malformed_json",
      kind: "invalid_request_error",
    },
    {
      what: "an empty body",
      body: "",
      status: 400,
      message: /not JSON: it is empty/,
      code: "malformed_json",
      kind: "invalid_request_error",
    },
    {
      what: "a body that is no object",
      body: "[1]",
      status: 400,
      message: /must be a JSON object/,
      code: "malformed_json",
      kind: "invalid_request_error",
    },
    {
      what: "no model",
      body: anything({ messages: [{ role: "user", content: "x" }] }),
      status: 400,
      message: /names no model/,
      code: "invalid_request",
      kind: "invalid_request_error",
    },
    {
      what: "an unknown alias",
      body: anything({ model: "gpt-9", messages: [{ role: "user", content: "x" }] }),
      status: 404,
      message: /^No model "gpt-9"\. Known: teacher, student, judge/,
      code: "model_not_found",
      kind: "not_found_error",
    },
    {
      what: "no messages",
      body: anything({ model: "student" }),
      status: 400,
      message: /"messages" must be a list/,
      code: "invalid_request",
      kind: "invalid_request_error",
    },
    {
      what: "an unknown proctor field",
      body: anything({ model: "student", messages: [{ role: "user", content: "x" }], proctor: { contxt: [] } }),
      status: 400,
      message: /"proctor" field is not right .*contxt/,
      code: "invalid_request",
      kind: "invalid_request_error",
    },
  ];

  test.each(mistakes)("$what is one sentence in the chat dialect", async ({ body, status, message, code }) => {
    const reply = await post("/v1/chat/completions", body);
    expect(reply.status).toBe(status);
    expect(reply.body.error).toMatchObject({
      message: expect.stringMatching(message),
      type: "invalid_request_error",
      code,
    });
    expect(reply.body.error).toHaveProperty("param");
  });

  test.each(mistakes)("$what is one sentence in the messages dialect", async ({ body, status, message, kind }) => {
    const reply = await post("/v1/messages", body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ type: "error", error: { type: kind, message: expect.stringMatching(message) } });
  });

  test("a body of 25 MB is refused with the limit and the way to raise it, and the next request is served", async () => {
    for (const path of ["/v1/chat/completions", "/v1/messages"]) {
      const { status, body } = await post(
        path,
        anything({ model: "student", messages: [{ role: "user", content: "x".repeat(25_000_000) }] }),
      );
      expect(status).toBe(413);
      expect(body.error.message).toMatch(/larger than 20971520 bytes.*max_body_bytes/);
    }
    const next = await post(
      "/v1/chat/completions",
      anything({ model: "student", messages: [{ role: "user", content: "hi" }] }),
    );
    expect(next.status).toBe(200);
  });

  test("an unknown evaluator in the header is named with the known ones", async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "x-proctor-evaluators": "faithfullness" },
      body: anything({ model: "student", messages: [{ role: "user", content: "hi" }] }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringMatching(/No evaluator "faithfullness"\. Known: faithfulness/) },
    });
  });

  test("a path that nobody serves is answered with those that are", async () => {
    const response = await fetch(`${gateway.url}/v1/completions`, { method: "POST", body: "{}" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("POST /v1/chat/completions") },
    });
  });
});
