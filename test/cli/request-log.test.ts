import { expect, test } from "vitest";
import { openRequestLog } from "../../cli/request-log.ts";
import { proctorConfig } from "../../cli/config.ts";
import { createRequestLog } from "../../gateway/index.ts";

const config = (log?: object) => proctorConfig.parse({ providers: {}, models: {}, ...(log ? { log } : {}) }).log;

const record = {
  traceId: "",
  wire: "chat",
  path: "/v1/evaluations",
  alias: undefined,
  role: undefined,
  target: undefined,
  caller: "bot",
  stream: false,
  status: 200,
  error: undefined,
  verdict: undefined,
  evaluations: [],
  attempts: 0,
  durationMs: 1.23456,
  timeToFirstByteMs: undefined,
  overheadMs: undefined,
  upstreamMs: 0,
  judgeMs: 0,
  inputTokens: undefined,
  outputTokens: undefined,
  generationUsd: null,
  judgeUsd: null,
  cache: undefined,
} as const;

function logged(change: object, content = false, said = { input: "in", output: "out", error: undefined }): unknown {
  const lines: string[] = [];
  createRequestLog({ destination: { write: (line) => void lines.push(line) }, content })(
    { ...record, ...change },
    said,
  );
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

test("nothing is logged by default, and without content where content is not asked for", async () => {
  const log = openRequestLog(() => {});
  expect(log.under(config())).toBeUndefined();
  expect(config({ format: "json" })).toEqual({ format: "json", content: false });
  await log.close();
});

test("a line holds what is known and nothing else", () => {
  expect(logged({})).toEqual({
    level: "info",
    time: expect.any(String) as string,
    service: "proctor",
    path: "/v1/evaluations",
    caller: "bot",
    stream: false,
    status: 200,
    attempts: 0,
    duration_ms: 1.23,
    upstream_ms: 0,
    judge_ms: 0,
    msg: "/v1/evaluations 200",
  });
});

test.each([
  [{ status: 200 }, "info"],
  [{ status: 429 }, "warn"],
  [{ status: 502 }, "error"],
  [{ status: 200, error: "stream_broken" }, "error"],
  [{ status: 200, error: "client_closed" }, "info"],
  [{ status: 499, error: "client_closed" }, "info"],
])("%j is said at the level %s", (change, level) => {
  expect(logged(change)).toMatchObject({ level });
});

test("a text without end is cut, and the line says so", () => {
  const said = { input: "a".repeat(20_000), output: "b", error: undefined };
  expect(logged({}, true, said)).toMatchObject({ input: "a".repeat(16_384), output: "b", truncated: true });
  expect(logged({}, true)).not.toHaveProperty("truncated");
});
