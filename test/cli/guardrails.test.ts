import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { epoch, otlpRequest, type SpanInput } from "../support/otlp-builder.ts";
import { type SpanServer, startSpanServer } from "../support/otlp-query-server.ts";
import { type ReportFolder, reportFolder } from "./guardrails-report-folder.ts";

let folder: ReportFolder;
let servers: SpanServer[];

beforeEach(() => {
  folder = reportFolder();
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  folder.remove();
});

describe("the table", () => {
  test("has every figure in a line, and two lines where the terminal is too narrow", async () => {
    for (const outcome of ["pass", "fail", "abstained"]) folder.evaluated({ outcome, ms: 12 });
    const { lines } = await folder.text();
    expect(lines.slice(2, 5)).toEqual([
      "safety (output, observe)",
      "  model    evaluated  pass  fail  error  timeout  skipped  abstained  would change          95 %  p50 ms  p95 ms  judge USD  per 1,000",
      "  student          3     1     1      0        0        0          1    1 (33.3 %)  6.1 %–79.2 %      12      12          0          0",
    ]);
    const narrow = await folder.run(["guardrails", "report", "--store", "spans.db"], { columns: 100 });
    expect(narrow.lines.slice(3, 7)).toEqual([
      "  model    evaluated  pass  fail  error  timeout  skipped  abstained  would change          95 %",
      "  student          3     1     1      0        0        0          1    1 (33.3 %)  6.1 %–79.2 %",
      "  model    p50 ms  p95 ms  judge USD  per 1,000",
      "  student      12      12          0          0",
    ]);
  });

  test("shows names from outside without what would steer the terminal", async () => {
    folder.evaluated({ model: "stu\u001b[31mdent", outcome: "fail" });
    const { out } = await folder.text();
    expect(out).toContain("student");
    expect(out).not.toContain("\u001b");
  });
});

describe("examples", () => {
  test("are the newest three that would have been changed, with how to see them whole", async () => {
    const ids = [40, 10, 30, 20].map((minutesAgo) => folder.evaluated({ outcome: "fail", minutesAgo }));
    folder.evaluated({ outcome: "timeout", minutesAgo: 1 });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.examples).toMatchObject(
      [ids[1], ids[3], ids[2]].map((traceId) => ({
        traceId,
        outcome: "fail",
        effect: "block",
        verdict: "allow",
        reason: "It is fail.",
      })),
    );
    const { out } = await folder.text("--model", "student");
    expect(out).toContain(
      "What was said there: proctor traces --evaluator safety --outcome fail --since 7d --model student --store spans.db --json",
    );
    const look = await folder.run([
      "traces",
      "--evaluator",
      "safety",
      "--outcome",
      "fail",
      "--store",
      "spans.db",
      "--json",
    ]);
    expect(look.out).toContain(ids[1]);
  });

  test("without an explanation say that none was kept", async () => {
    folder.evaluated({ outcome: "fail", attributes: { "evaluations.0.evaluation.explanation": 0 } });
    expect((await folder.text()).out).toContain("(not kept)");
  });
});

describe("what is no guardrail's is left out", () => {
  test("evaluations over /v1/evaluations and of shadows, with their number", async () => {
    folder.evaluated({ mode: "request", guardrail: null });
    folder.evaluated({ attributes: { "proctor.shadow": true }, outcome: "fail" });
    folder.evaluated({});
    const { report: found } = await folder.report();
    expect(found.leftOut).toEqual({ requested: 1, shadow: 1, withoutGuardrail: 0, withoutOutcome: 0 });
    expect(found.guardrails[0]?.rows).toMatchObject([{ evaluated: 1, outcomes: { pass: 1, fail: 0 } }]);
    expect((await folder.text()).out).toContain(
      "Not the guardrails', and not counted: 1 asked for over /v1/evaluations, 1 of copies (shadow).",
    );
  });

  test("those whose guardrail's span, or whose outcome, is not there: the first line says so", async () => {
    folder.evaluated({ guardrail: null });
    folder.evaluated({ outcome: "purple" });
    const { report: found } = await folder.report();
    expect(found).toMatchObject({ guardrails: [], leftOut: { withoutGuardrail: 1, withoutOutcome: 1 } });
    expect((await folder.text()).lines[0]).toMatch(/^LEFT OUT: 2 of the guardrails' evaluations, because the span/);
  });
});

describe("what the figures cannot say", () => {
  test("stands in the first line: more in a millisecond than a server lists", async () => {
    const start = Date.now() - epoch - 60_000;
    const spans = Array.from({ length: 130 }, (_, index): SpanInput => {
      const attributes = { "openinference.span.kind": "EVALUATOR", "proctor.eval.mode": "observe" };
      return { trace: (index + 1).toString(16), span: "1", start, attributes };
    });
    folder.store.ingest(otlpRequest({ spans }));
    const shallow = await startSpanServer({
      ...folder.store,
      find: (criteria) => folder.store.find({ ...criteria, limit: Math.min(criteria.limit, 100) }),
    });
    servers.push(shallow);
    const argv = ["guardrails", "report", "--jaeger", shallow.url];
    const { code, lines } = await folder.run(argv);
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      `NOT EXACT: in 1 millisecond, the first at ${new Date(start + epoch).toISOString()}, more traces match than the server lists. All counts may be too small. Narrow it with --model or --evaluator.`,
    );
    expect(JSON.parse((await folder.run([...argv, "--json"])).out)).toMatchObject({ isExact: false });
    const { report: whole } = await folder.report();
    expect(whole).toMatchObject({ isExact: true, leftOut: { withoutGuardrail: 130 } });
  });

  test("a time before what is kept, and guardrails of which nothing was seen", async () => {
    folder.evaluated({});
    const { report: found } = await folder.report("--since", "30d");
    expect(found.notes).toEqual([expect.stringMatching(/^Spans are kept for 7 d \(tracing\.retention\)/)]);
    expect(found.unseen).toMatchObject([
      { evaluator: "safety", stage: "output", mode: "observe" },
      { evaluator: "toxicity" },
    ]);
    const { lines } = await folder.text();
    expect(lines.slice(-2)).toEqual([
      "Nothing evaluated by safety (output, observe) on small, sandbox/*.",
      "Nothing evaluated by toxicity (output, observe) on student, small, sandbox/*.",
    ]);
  });

  test("an empty store: exit code 0, no figures, and where else to look", async () => {
    const { code, errors, report: found } = await folder.report("--model", "studnet");
    expect({ code, found }).toMatchObject({ code: 0, found: { guardrails: [], isExact: true } });
    expect(errors).toBe(
      'No guardrail has evaluated anything since 7d for "studnet". A longer time may show more: --since 7d. No model "studnet" is configured. Known: student, small, teacher, sandbox/*.',
    );
  });
});

describe("exit codes", () => {
  test.for([
    [["--since", "last week"], 4, /--since takes a duration such as 30m, 1h or 7d, or an ISO time, not "last week"/],
    [["--since", "2999-01-01"], 4, /is in the future/],
    [["--gateway", "http://a", "--jaeger", "http://b"], 4, /choose one of --gateway, --jaeger/],
    [["--jaeger", "localhost:16686"], 4, /is not an address/],
    [["--config", "missing.yaml"], 4, /Cannot read missing\.yaml/],
    [["--jaeger", "http://127.0.0.1:1"], 3, /Nothing answers at http:\/\/127\.0\.0\.1:1/],
    [["--store", "missing.db"], 3, /There is no span store at .*missing\.db/],
    [["--stroe", "x"], 4, /unknown option '--stroe'/],
  ] as const)("%j", async ([argv, code, message]) => {
    const done = await folder.run(["guardrails", "report", ...argv]);
    expect(done).toMatchObject({ code, out: "" });
    expect(done.errors).toMatch(message);
  });
});
