import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askForTraces, type Trace } from "../../cli/guardrails-report-ask.ts";
import { readSlices, type SliceSearch } from "../../cli/guardrails-report-slices.ts";
import { openSpanStore, type SpanStore } from "../../tracing/index.ts";
import { epoch, otlpRequest } from "../support/otlp-builder.ts";
import { type SpanServer, startFixedServer, startSpanServer } from "../support/otlp-query-server.ts";

let store: SpanStore;
let servers: SpanServer[];

beforeEach(() => {
  store = openSpanStore({ path: ":memory:", retentionMs: Infinity });
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  store.close();
});

const attributes = { "openinference.span.kind": "EVALUATOR" };
const hour = { from: epoch, to: epoch + 3_600_000, attributes };

/** Traces with an EVALUATOR span each, which begin so many milliseconds after the epoch. */
function keep(starts: readonly number[], into = store): void {
  for (const [index, start] of starts.entries())
    into.ingest(otlpRequest({ spans: [{ trace: (index + 1).toString(16), span: "1", start, attributes }] }));
}

/** How many spans were taken in their slice, and what was not whole. */
async function read(source: Parameters<typeof askForTraces>[0], search: SliceSearch) {
  const taken: string[] = [];
  const startOf = (trace: Trace) => Number(BigInt(trace[0]?.startTimeUnixNano ?? 0) / 1_000_000n);
  const incomplete = await readSlices(
    askForTraces(source, new AbortController().signal),
    search,
    (traces, { from, to }) => {
      const inside = traces.filter((trace) => startOf(trace) >= from && startOf(trace) < to);
      taken.push(...inside.map((trace) => trace[0]?.traceId ?? ""));
    },
  );
  return { taken, incomplete };
}

async function listening(server: Promise<SpanServer>): Promise<SpanServer> {
  servers.push(await server);
  return server;
}

describe("a list that is full", () => {
  test("is halved until nothing is missing: every trace is taken once, however they lie in time", async () => {
    const anyStarts = fc.array(fc.integer({ min: 0, max: 3_599_999 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyStarts, fc.integer({ min: 1, max: 7 }), async (starts, depth) => {
        const own = openSpanStore({ path: ":memory:", retentionMs: Infinity });
        try {
          keep(starts, own);
          const { taken, incomplete } = await read({ store: own }, { ...hour, depth });
          // As many as are asked for, in one millisecond: nobody can tell that from a server that lists no more.
          const inMillisecond = Map.groupBy(starts, (start) => start);
          const isDoubtful = (start: number) => inMillisecond.get(start)?.length === depth;
          expect(incomplete.every(({ from }) => isDoubtful(from - epoch))).toBe(true);
          expect(new Set(taken).size).toBe(starts.length);
          expect(taken).toHaveLength(starts.length);
        } finally {
          own.close();
        }
      }),
      { numRuns: 30 },
    );
  });

  test("of one millisecond is asked for deeper, since it cannot be halved", async () => {
    keep([5, 5, 5, 5]);
    const { url, asked } = await listening(startSpanServer(store));
    const { taken, incomplete } = await read({ url }, { ...hour, depth: 3, deepest: 5 });
    expect({ taken: taken.length, incomplete }).toEqual({ taken: 4, incomplete: [] });
    expect(asked.some((parameters) => parameters.get("query.searchDepth") === "5")).toBe(true);
  });

  test("of one millisecond that is full however deep is taken as it is, and named", async () => {
    keep([5, 5, 5, 5, 9]);
    const { taken, incomplete } = await read({ store }, { ...hour, depth: 2, deepest: 3 });
    expect(taken).toHaveLength(4);
    expect(incomplete).toEqual([{ from: epoch + 5, to: epoch + 6 }]);
  });

  test("of one millisecond, of a server that lists no more, is taken as it is, and named", async () => {
    keep([5, 5, 5]);
    const { taken, incomplete } = await read({ store }, { ...hour, depth: 2, deepest: 100_001 });
    expect(taken).toHaveLength(2);
    expect(incomplete).toEqual([{ from: epoch + 5, to: epoch + 6 }]);
  });
});

describe("a server that gives no answer", () => {
  test("is not taken for an empty one", async () => {
    const wrong = [
      [
        500,
        JSON.stringify({ error: { httpCode: 500, message: "no storage." } }),
        /refused .*HTTP 500.*: no storage\.$/,
      ],
      [404, "<h1>Not found</h1>", /does not answer \/api\/v3\/traces as expected \(HTTP 404\)/],
      [200, "{}", /does not answer/],
      [401, "{}", /Give the admin key in PROCTOR_API_KEY/],
    ] as const;
    for (const [status, text, message] of wrong) {
      const { url } = await listening(startFixedServer(status, "application/json", text));
      await expect(read({ url }, hour)).rejects.toThrow(message);
    }
    await expect(read({ url: "http://127.0.0.1:1" }, hour)).rejects.toThrow(
      /Nothing answers at http:\/\/127\.0\.0\.1:1/,
    );
    await expect(read({ url: "localhost" }, hour)).rejects.toThrow(/is not an address/);
  });

  test("that knows no query.attributes is refused", async () => {
    store.ingest(otlpRequest({ spans: [{ trace: "a", span: "1", start: 1 }] }));
    const { url } = await listening(startSpanServer(store, ["query.attributes"]));
    await expect(read({ url }, hour)).rejects.toThrow(/ignores query\.attributes.*Jaeger 2\.19/);
  });
});
