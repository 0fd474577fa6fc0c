import { SpanStatusCode } from "@opentelemetry/api";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSpanStore, type SpanStore, type SpanStoreOptions, SpanStoreError } from "../../../tracing/index.ts";
import { epoch, otlpRequest, traceIdOf } from "../../support/otlp-builder.ts";

let folder: string;
let opened: { close(): void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "span-store-"));
  opened = [];
});

afterEach(() => {
  for (const each of opened.toReversed()) each.close();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<SpanStoreOptions> = {}): SpanStore {
  const store = openSpanStore({ path: join(folder, "deep", "spans.db"), retentionMs: Infinity, ...options });
  opened.push(store);
  return store;
}

function tracerFor(store: SpanStore, exporter = new InMemorySpanExporter()) {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "proctor" }),
    spanProcessors: [store.processor, new SimpleSpanProcessor({ exporter })],
  });
  return provider.getTracer("tests", "1.0.0");
}

/** Keeps every writer out until it is released. */
function lock(path: string): { release(): void } {
  const database = new DatabaseSync(path);
  database.exec("BEGIN IMMEDIATE");
  opened.push({ close: () => database.isOpen && database.close() });
  return { release: () => database.close() };
}

const everything = { startMin: 0n, startMax: 2n ** 62n, limit: 1000 };

describe("spans from the SDK", () => {
  test("are found as soon as they have ended", () => {
    const store = open({ path: ":memory:" });
    const span = tracerFor(store).startSpan("evaluate faithfulness");
    expect(store.find({ ...everything, attributes: {} })).toEqual([]);
    span.setAttribute("proctor.eval.result", "faithfulness:fail").end();
    expect(store.find({ ...everything, attributes: { "proctor.eval.result": "faithfulness:fail" } })).toEqual([
      span.spanContext().traceId,
    ]);
  });

  test("reach the file within a moment without a question, where another process sees them", async () => {
    const store = open();
    tracerFor(store).startSpan("chat").end();
    expect(store.counters).toMatchObject({ received: 1, stored: 0, waiting: 1 });
    await expect.poll(() => store.counters.stored, { timeout: 3000 }).toBe(1);
    const reader = open({ path: store.path, readOnly: true });
    expect(reader.stats()).toMatchObject({ spans: 1, traces: 1 });
  });

  test("come back as OpenTelemetry's own serializer writes them", () => {
    const exporter = new InMemorySpanExporter();
    const store = open({ path: ":memory:" });
    const tracer = tracerFor(store, exporter);
    const target = tracer.startSpan("chat student");
    const span = tracer.startSpan("evaluate", {
      links: [{ context: target.spanContext(), attributes: { role: "target" } }],
    });
    span.setAttributes({ text: "höflich 🙂", whole: 3, part: 0.25, flag: false, list: ["a", "b"] });
    span.addEvent("exception", { "exception.type": "Oops" });
    span.setStatus({ code: SpanStatusCode.ERROR, message: "broke" }).end();
    const [group] = store.trace(span.spanContext().traceId);
    expect(group?.spans).toEqual([serialized(exporter.getFinishedSpans()[0])]);
    expect(group?.origin).toMatchObject({ scope: { name: "tests", version: "1.0.0" } });
  });

  test("carry what their resource learned a moment after they began", async () => {
    const store = open({ path: ":memory:" });
    const resource = resourceFromAttributes({ "service.name": "proctor", "host.id": Promise.resolve("h-1") });
    const provider = new TracerProvider({ resource, spanProcessors: [store.processor] });
    provider.getTracer("tests").startSpan("chat").end();
    await expect.poll(() => store.counters.stored, { timeout: 3000 }).toBe(1);
    expect(store.find({ ...everything, attributes: { "resource.host.id": "h-1" } })).toHaveLength(1);
    expect(resource.asyncAttributesPending).toBe(false);
  });

  test("survive a restart", () => {
    const first = open();
    const span = tracerFor(first).startSpan("chat");
    span.end();
    first.close();
    expect(open().trace(span.spanContext().traceId)).toHaveLength(1);
  });
});

describe("when the file cannot be written", () => {
  test("spans wait, the program goes on, and they are written afterwards", async () => {
    const reports: string[] = [];
    const store = open({ report: (problem) => reports.push(problem) });
    const locked = lock(store.path);
    const tracer = tracerFor(store);
    for (let index = 0; index < 300; index += 1) tracer.startSpan(`span ${index}`).end();
    store.flush();
    expect(store.counters).toMatchObject({ received: 300, stored: 0, failed: 1, dropped: 0, waiting: 300 });
    await expect(store.processor.forceFlush()).rejects.toThrow(
      "300 spans wait because the span store cannot be written.",
    );
    locked.release();
    await expect.poll(() => store.counters.stored, { timeout: 5000 }).toBe(300);
    expect(store.counters).toMatchObject({ dropped: 0, waiting: 0 });
    expect(reports).toEqual([
      "The span store cannot be written (database is locked). Spans wait in memory.",
      "The span store can be written again.",
    ]);
  });

  test("no more wait than the bound allows, and what is lost is counted and reported once", () => {
    const reports: string[] = [];
    const store = open({ maxWaitingBytes: 10_000, report: (problem) => reports.push(problem) });
    const tracer = tracerFor(store);
    for (let index = 0; index < 50; index += 1) tracer.startSpan("chat").setAttribute("text", "x".repeat(1000)).end();
    const { received, dropped, waiting } = store.counters;
    expect(received).toBe(50);
    expect(waiting).toBeGreaterThan(0);
    expect(dropped).toBe(50 - waiting);
    expect(reports).toEqual([`The span store lost a span: ${waiting} others wait, and there is room for no more.`]);
    expect(store.stats().spans).toBe(waiting);
  });

  test("a span that cannot be encoded is lost alone and by name", () => {
    const reports: string[] = [];
    const store = open({ report: (problem) => reports.push(problem) });
    const tracer = tracerFor(store);
    tracer.startSpan("fine").end();
    tracer.startSpan("from the far future", { startTime: [1e11, 0] }).end([1e11, 1]);
    tracer.startSpan("also fine").end();
    expect(store.stats().spans).toBe(2);
    expect(store.counters).toMatchObject({ received: 3, stored: 2, dropped: 1, waiting: 0 });
    expect(reports.join()).toContain('"from the far future" cannot be encoded');
  });

  test("closing counts what is lost", () => {
    const store = open();
    lock(store.path);
    tracerFor(store).startSpan("chat").end();
    store.close();
    expect(store.counters).toMatchObject({ received: 1, stored: 0, dropped: 1, waiting: 0 });
  });
});

describe("retention", () => {
  const day = 86_400_000;
  const old = {
    trace: "a",
    span: "1",
    start: -2 * day,
    attributes: { "proctor.verdict": "block", note: "x".repeat(5000) },
  };

  test("deletes at the start what ended too long ago, with everything that belonged to it", () => {
    const path = join(folder, "spans.db");
    const writer = open({ path });
    writer.ingest(otlpRequest({ spans: [old, { trace: "b", span: "2", start: -day / 2, attributes: { note: "y" } }] }));
    writer.close();
    const store = open({ path, retentionMs: day, now: () => epoch });
    expect(store.trace(traceIdOf("a"))).toEqual([]);
    expect(store.stats()).toMatchObject({ spans: 1, traces: 1, oldest: new Date(epoch - day / 2 + 10) });
    const database = new DatabaseSync(path);
    opened.push(database);
    expect(
      database.prepare("SELECT (SELECT count(*) FROM attribute) AS pairs, (SELECT count(*) FROM body) AS bodies").get(),
    ).toEqual({ pairs: 1, bodies: 1 });
  });

  test("keeps a long span that ended lately, and the rest of a trace of which one span is old", () => {
    const path = join(folder, "spans.db");
    const writer = open({ path });
    writer.ingest(otlpRequest({ spans: [old, { ...old, span: "2", ms: 2 * day }] }));
    writer.close();
    const store = open({ path, retentionMs: day, now: () => epoch });
    expect(store.trace(traceIdOf("a"))[0]?.spans.map(({ spanId }) => spanId)).toEqual(["0000000000000002"]);
  });

  test("goes on while the store is open, portion by portion", async () => {
    const path = join(folder, "spans.db");
    const spans = Array.from({ length: 250 }, (_, index) => ({
      trace: `a${index}`,
      span: `${index}`,
      start: -2 * day,
    }));
    const writer = open({ path });
    writer.ingest(otlpRequest({ spans }));
    writer.close();
    const store = open({ path, retentionMs: day, now: () => epoch });
    await expect.poll(() => store.stats().spans, { timeout: 3000 }).toBe(0);
  });

  test("does not touch a store that is only read", () => {
    const path = join(folder, "spans.db");
    const writer = open({ path });
    writer.ingest(otlpRequest({ spans: [old] }));
    writer.close();
    expect(open({ path, retentionMs: 1, readOnly: true }).stats().spans).toBe(1);
  });
});

describe("a store that cannot be opened says why and what to do", () => {
  test.for([
    [
      "a file in the place of a folder",
      "file/spans.db",
      /Cannot open the span store .*spans\.db: .* Make the folder writable or choose another path\./,
    ],
    [
      "a file that is no database",
      "file",
      /Cannot open the span store .*file: file is not a database\. Move the file away/,
    ],
    [
      "a database of something else",
      "other.db",
      /other\.db is a SQLite database, but not a span store\. Choose another path/,
    ],
    [
      "a database of another version",
      "newer.db",
      /newer\.db has schema version 99, and this Proctor reads version 1\. Move the file away/,
    ],
  ] as const)("%s", ([, name, message]) => {
    writeFileSync(join(folder, "file"), "This is a text and no database. ".repeat(100));
    makeDatabase("other.db", "CREATE TABLE customer (id INTEGER)");
    open({ path: join(folder, "newer.db") }).close();
    makeDatabase("newer.db", "PRAGMA user_version = 99");
    const before = readFileSync(join(folder, "other.db"));
    expect(() => open({ path: join(folder, name) })).toThrow(SpanStoreError);
    expect(() => open({ path: join(folder, name) })).toThrow(message);
    expect(readFileSync(join(folder, "other.db")).subarray(100)).toEqual(before.subarray(100));
  });

  test("a request that is no OTLP is refused whole", () => {
    const store = open({ path: ":memory:" });
    const request = otlpRequest({
      spans: [
        { trace: "1", span: "1" },
        { trace: "nonsense", span: "2" },
      ],
    });
    expect(() => store.ingest(request)).toThrow(SpanStoreError);
    expect(store.stats().spans).toBe(0);
  });

  function makeDatabase(name: string, sql: string): void {
    const database = new DatabaseSync(join(folder, name));
    database.exec(sql);
    database.close();
  }
});

function serialized(span: ReadableSpan | undefined): unknown {
  const bytes = JsonTraceSerializer.serializeRequest(span ? [span] : []);
  const request = JSON.parse(new TextDecoder().decode(bytes)) as {
    resourceSpans: { scopeSpans: { spans: unknown[] }[] }[];
  };
  return request.resourceSpans[0]?.scopeSpans[0]?.spans[0];
}
