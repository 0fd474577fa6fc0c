import { Command } from "commander";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandError, type CommandContext } from "../../cli/context.ts";
import { traces } from "../../cli/traces.ts";
import { openSpanStore, type SpanStore } from "../../tracing/index.ts";
import { epoch, otlpRequest, traceIdOf } from "../support/otlp-builder.ts";
import { type SpanServer, startSpanServer } from "../support/otlp-query-server.ts";

let folder: string;
let store: SpanStore;
let server: SpanServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "traces-"));
  store = openSpanStore({ path: join(folder, ".proctor", "spans.db"), retentionMs: Infinity });
  server = await startSpanServer(store);
});

afterEach(async () => {
  await server.close();
  store.close();
  rmSync(folder, { recursive: true });
});

/** Spans of an exchange that began a number of minutes ago. */
function blocked(trace: string, minutesAgo: number, session = "s-1") {
  const start = Date.now() - epoch - minutesAgo * 60_000;
  const common = { "proctor.alias": "student", "session.id": session };
  return otlpRequest({
    spans: [
      {
        trace,
        span: "1",
        start,
        attributes: { ...common, "proctor.verdict": "block", "proctor.verdict.by": "faithfulness" },
      },
      {
        trace,
        span: "2",
        parent: "1",
        start: start + 1,
        attributes: {
          ...common,
          "openinference.span.kind": "EVALUATOR",
          "proctor.eval.name": "faithfulness",
          "proctor.eval.outcome": "fail",
          "proctor.eval.result": "faithfulness:fail",
          "evaluations.0.evaluation.score": 0.5,
          "evaluations.0.evaluation.explanation": "The number 90 is not in the context.\n- contradicted: 90 days",
          "input.value": JSON.stringify({
            input: "How long?",
            output: "You can return it within 90 days of delivery.",
          }),
        },
      },
    ],
  });
}

async function run(given: readonly string[], changes: Partial<CommandContext> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const context: CommandContext = {
    environment: { PROCTOR_GATEWAY: "http://127.0.0.1:1" },
    workingDirectory: folder,
    signal: new AbortController().signal,
    columns: 120,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    ...changes,
  };
  let code: number | undefined;
  const program = new Command().exitOverride();
  traces(program, context, (action) => async (...given) => {
    try {
      code = await action(...given);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      code = error.exitCode;
      err.push(error.message);
    }
  });
  await program.parseAsync(["traces", ...given], { from: "user" });
  return { code, out, err };
}

describe("proctor traces", () => {
  test("lists what an evaluator failed as a table that fits the terminal, trace ids whole", async () => {
    store.ingest(blocked("a1", 10));
    store.ingest(blocked("b2", 20));
    const { code, out, err } = await run(["--failed", "faithfulness", "--gateway", server.url]);
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out[0]).toMatch(/^time +model +evaluator +score +reason +answer +trace id$/);
    expect(out[1]).toMatch(/student +faithful\S* +0\.50 +The num.*You/);
    expect(out.slice(1).map((line) => line.slice(-32))).toEqual([traceIdOf("a1"), traceIdOf("b2")]);
    for (const line of out) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("prints one JSON array with --json", async () => {
    store.ingest(blocked("a1", 10));
    const { out } = await run(["--failed", "faithfulness", "--json", "--jaeger", server.url]);
    expect(JSON.parse(out.join("\n"))).toMatchObject([
      { evaluator: "faithfulness", outcome: "fail", score: 0.5, model: "student", traceId: traceIdOf("a1") },
    ]);
  });

  test("lists exchanges by verdict", async () => {
    store.ingest(blocked("a1", 10, "s-1"));
    store.ingest(blocked("b2", 10, "s-2"));
    const { out } = await run(["--verdict", "block", "--session", "s-2", "--gateway", server.url]);
    expect(out).toHaveLength(2);
    expect(out[1]).toMatch(new RegExp(`student +block +faithfulness +${traceIdOf("b2")}$`));
  });

  test("narrows by model, session, time and number", async () => {
    for (const [trace, minutes] of [
      ["a1", 10],
      ["b2", 30],
      ["c3", 90],
    ] as const)
      store.ingest(blocked(trace, minutes));
    const ids = async (...given: string[]) => {
      const { out } = await run(["--failed", "faithfulness", "--json", "--gateway", server.url, ...given]);
      return (JSON.parse(out.join("\n")) as { traceId: string }[]).map(({ traceId }) => traceId.slice(-2));
    };
    expect(await ids()).toEqual(["a1", "b2"]);
    expect(await ids("--since", "2h")).toEqual(["a1", "b2", "c3"]);
    expect(await ids("--since", new Date(Date.now() - 20 * 60_000).toISOString())).toEqual(["a1"]);
    expect(await ids("--since", "2h", "--limit", "1")).toEqual(["a1"]);
    expect(await ids("--model", "teacher")).toEqual([]);
  });

  test("says when there is nothing, and that is no failure", async () => {
    const table = await run(["--failed", "faithfulness", "--gateway", server.url]);
    expect(table).toEqual({
      code: 0,
      out: [],
      err: ["Nothing found since 1h. A longer time may show more: --since 7d."],
    });
    const json = await run(["--failed", "faithfulness", "--json", "--gateway", server.url]);
    expect(json).toMatchObject({ code: 0, out: ["[]"] });
  });
});

describe("where it asks", () => {
  test("the store file when no gateway answers and none was named, which it says", async () => {
    store.ingest(blocked("a1", 10));
    const { code, out, err } = await run(["--failed", "faithfulness"]);
    expect(code).toBe(0);
    expect(out[1]).toContain(traceIdOf("a1"));
    expect(err).toEqual([`No gateway answers at http://127.0.0.1:1: reading the span store ${store.path}.`]);
  });

  test("the store file that was named, and no gateway", async () => {
    store.ingest(blocked("a1", 10));
    expect(await run(["--failed", "faithfulness", "--store", ".proctor/spans.db"])).toMatchObject({ code: 0, err: [] });
  });

  test("nowhere, when there is neither gateway nor file: exit code 3 and the way out", async () => {
    const { code, out, err } = await run([], { workingDirectory: join(folder, "elsewhere") });
    expect({ code, out }).toEqual({ code: 3, out: [] });
    expect(err.join()).toMatch(/No gateway answers at .* no span store at .*proctor serve/);
  });

  test("never another place than the one that was named", async () => {
    store.ingest(blocked("a1", 10));
    const gateway = await run(["--gateway", "http://127.0.0.1:1"]);
    expect(gateway).toMatchObject({ code: 3, out: [] });
    expect(gateway.err.join()).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:1 /);
    expect(await run(["--store", "missing.db"])).toMatchObject({ code: 3, out: [] });
    writeFileSync(join(folder, "text.db"), "no database ".repeat(1000));
    const text = await run(["--store", "text.db"]);
    expect(text.code).toBe(3);
    expect(text.err.join()).toContain("file is not a database");
  });
});

describe("a wrong option is exit code 4 with a sentence", () => {
  test.for([
    [["--since", "yesterday"], /--since takes a duration such as 30m, 1h or 7d, or an ISO time, not "yesterday"/],
    [["--since", "2999-01-01"], /is in the future/],
    [["--limit", "0"], /--limit takes a whole number from 1, not "0"/],
    [["--limit", "ten"], /not "ten"/],
    [["--verdict", "purple"], /--verdict takes one of allow, redact, block, degraded, not "purple"/],
    [["--outcome", "failed"], /--outcome takes one of pass, fail, error/],
    [["--failed", "faithfulness", "--outcome", "pass"], /--failed already names/],
    [["--verdict", "block", "--failed", "faithfulness"], /Ask one at a time/],
    [["--gateway", "http://a", "--jaeger", "http://b"], /choose one of --gateway, --jaeger/],
    [["--jaeger", "localhost:16686"], /^"localhost:16686" is not an address\. Write it as http:\/\/host:port\.$/],
  ] as const)("%j", async ([given, message]) => {
    const { code, out, err } = await run(given);
    expect({ code, out }).toEqual({ code: 4, out: [] });
    expect(err.join()).toMatch(message);
  });
});
