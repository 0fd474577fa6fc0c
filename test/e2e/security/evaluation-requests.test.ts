import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { ask } from "./ask.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const nest = (levels: number, open = "["): string =>
  `${open.repeat(levels)}1${(open === "[" ? "]" : "}").repeat(levels)}`;

test.each([
  ["a hundred thousand levels in a sample", `{"output":"x","context":${nest(100_000)}}`],
  ["a hundred thousand objects in a sample", `{"output":"x","more":${nest(100_000, '{"a":')}}`],
  ["keys that steer objects", '{"output":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
  ["a key twice", '{"output":"good","output":"bad"}'],
  ["a number beyond numbers", '{"output":1e999}'],
])("%s is answered, alone and as one line of many, and the next request is served", async (_what, sample) => {
  const evaluators = "length,json_schema,equals";
  const one = await ask(gateway.url, { path: "/v1/evaluations", body: `{"evaluators":["length"],"sample":${sample}}` });
  expect(one.status).toBe(400);
  expect(JSON.parse(one.text)).toMatchObject({ error: { type: "invalid_request_error" } });
  const rows = await ask(gateway.url, {
    path: `/v1/evaluations?evaluators=${evaluators}`,
    headers: { "content-type": "application/x-ndjson" },
    body: `{"output":"before"}\n${sample}\n{"output":"after"}\n`,
  });
  expect(rows.status).toBe(200);
  const lines = rows.text.trim().split("\n");
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect({}).not.toHaveProperty("polluted");
  const next = await ask(gateway.url, {
    path: "/v1/evaluations",
    body: '{"evaluators":["length"],"sample":{"output":"x"}}',
  });
  expect(next.status).toBe(200);
  expect(gateway.errors).toEqual([]);
});

test.each(["__proto__", "constructor", "toString", "../../etc/passwd"])("no evaluator is called %s", async (name) => {
  const { status, text } = await ask(gateway.url, {
    path: "/v1/evaluations",
    body: JSON.stringify({ evaluators: [name], sample: { output: "x" } }),
  });
  expect(status).toBe(400);
  expect(text).toContain("No evaluator");
  const header = await ask(gateway.url, {
    headers: { "x-proctor-evaluators": name },
    body: JSON.stringify({ model: "student", messages: [{ role: "user", content: "Hello?" }] }),
  });
  expect(header.status).toBe(400);
});
