import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findEvaluations, findExchanges, openSpanStore, type SpanStore } from "../../../tracing/index.ts";
import { epoch, otlpRequest, type SpanInput, traceIdOf } from "../../support/otlp-builder.ts";
import { type SpanServer, startFixedServer, startSpanServer } from "../../support/otlp-query-server.ts";

let store: SpanStore;
let servers: SpanServer[];
const hour = { since: new Date(epoch - 1000), until: new Date(epoch + 3_600_000) };

beforeEach(() => {
  store = openSpanStore({ path: ":memory:", retentionMs: Infinity });
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  store.close();
});

async function serve(ignored: readonly string[] = []): Promise<SpanServer> {
  const server = await startSpanServer(store, ignored);
  servers.push(server);
  return server;
}

async function fixed(status: number, contentType: string, text: string): Promise<string> {
  const server = await startFixedServer(status, contentType, text);
  servers.push(server);
  return server.url;
}

/** An exchange: a root with a verdict and an evaluation under it. */
function exchange(
  index: number,
  { outcome = "fail", start = index * 10, ...more }: Partial<SpanInput> & { outcome?: string } = {},
) {
  const trace = `e${index}`;
  const root = { "openinference.span.kind": "CHAIN", "proctor.verdict": outcome === "fail" ? "block" : "allow" };
  return otlpRequest({
    spans: [
      {
        trace,
        span: `${index}0`,
        start,
        attributes: { ...root, "proctor.alias": "student", "proctor.verdict.by": "faithfulness" },
      },
      {
        trace,
        span: `${index}1`,
        parent: `${index}0`,
        start,
        attributes: { ...evaluation(outcome), ...more.attributes },
      },
    ],
  });
}

function evaluation(outcome: string) {
  return {
    "openinference.span.kind": "EVALUATOR",
    "proctor.eval.name": "faithfulness",
    "proctor.eval.outcome": outcome,
    "proctor.eval.result": `faithfulness:${outcome}`,
    "proctor.alias": "student",
    "proctor.target": "sandbox/unfaithful",
    "session.id": "s.1",
    "evaluations.0.evaluation.explanation": "One claim is not in the context.\n- contradicted: 90 days",
    "input.value": JSON.stringify({ input: "How long?", output: "You have 90 days." }),
    ...(outcome === "fail" && { "evaluations.0.evaluation.score": 0.25 }),
  };
}

describe("a row", () => {
  test("holds what a reader asks about, the same over HTTP and from the store itself", async () => {
    store.ingest(exchange(1));
    store.ingest(exchange(2, { outcome: "pass" }));
    const { url } = await serve();
    const rows = await findEvaluations({ url, evaluator: "faithfulness", outcome: "fail", ...hour });
    expect(rows).toEqual([
      {
        time: new Date(epoch + 10).toISOString(),
        model: "student",
        target: "sandbox/unfaithful",
        evaluator: "faithfulness",
        outcome: "fail",
        score: 0.25,
        reason: "One claim is not in the context.",
        answer: "You have 90 days.",
        traceId: traceIdOf("e1"),
        spanId: "0000000000000011",
      },
    ]);
    expect(await findEvaluations({ store, evaluator: "faithfulness", outcome: "fail", ...hour })).toEqual(rows);
  });

  test("of an evaluation that could not run has no score, and is no failure", async () => {
    store.ingest(exchange(1, { outcome: "timeout" }));
    expect(await findEvaluations({ store, evaluator: "faithfulness", outcome: "fail", ...hour })).toEqual([]);
    expect(await findEvaluations({ store, outcome: "timeout", ...hour })).toMatchObject([
      { outcome: "timeout", score: null },
    ]);
  });

  test("shows as much of the answer as a cut sample holds", async () => {
    const cut = '{"input":"say \\"output\\":","output":"It said \\"yes\\" and ended\\nth';
    store.ingest(exchange(1, { attributes: { "input.value": cut } }));
    store.ingest(exchange(2, { attributes: { "input.value": "sha256:0" } }));
    const rows = await findEvaluations({ store, ...hour });
    expect(rows.map(({ answer }) => answer)).toEqual([null, 'It said "yes" and ended\nth']);
  });

  test("is asked for as it was sent, and stands once even if it was sent twice", async () => {
    store.ingest(exchange(1));
    store.ingest(exchange(1));
    const { url, asked } = await serve();
    expect(await findEvaluations({ url, ...hour })).toHaveLength(1);
    expect(asked.map((parameters) => parameters.get("query.rawTraces"))).toEqual(["true"]);
  });

  test("of an exchange is its root, by verdict", async () => {
    store.ingest(exchange(1));
    store.ingest(exchange(2, { outcome: "pass" }));
    const { url } = await serve();
    expect(await findExchanges({ url, verdict: "block", alias: "student", ...hour })).toEqual([
      {
        time: new Date(epoch + 10).toISOString(),
        model: "student",
        verdict: "block",
        by: "faithfulness",
        traceId: traceIdOf("e1"),
        spanId: "0000000000000010",
      },
    ]);
  });

  test("is not listed for a span of the same trace that does not match, nor for one outside the time", async () => {
    store.ingest(exchange(1, { outcome: "pass" }));
    store.ingest(
      otlpRequest({ spans: [{ trace: "e1", span: "99", start: 7_200_000, attributes: evaluation("pass") }] }),
    );
    const rows = await findEvaluations({ store, outcome: "pass", ...hour });
    expect(rows.map(({ spanId }) => spanId)).toEqual(["0000000000000011"]);
  });
});

describe("the order of rows", () => {
  test("does not depend on the order in which a server received the traces", async () => {
    const requests = [0, 1, 2, 3, 4].map((index) => exchange(index, { start: index === 4 ? 5.01 : 5 }));
    for (const request of requests) store.ingest(request);
    const other = openSpanStore({ path: ":memory:", retentionMs: Infinity });
    for (const request of requests.toReversed()) other.ingest(request);
    const rows = await findEvaluations({ store, ...hour });
    expect(await findEvaluations({ store: other, ...hour })).toEqual(rows);
    expect(rows.map(({ traceId }) => traceId)).toEqual(["e4", "e0", "e1", "e2", "e3"].map(traceIdOf));
    other.close();
  });
});

describe("nothing is lost", () => {
  test("when there are more traces than a server lists at a time", async () => {
    const starts = Array.from({ length: 730 }, (_, index) => (index < 600 ? index : 3_000_000 + index * 7));
    for (const [index, start] of starts.entries())
      store.ingest(exchange(index, { start, outcome: index % 3 === 0 ? "pass" : "fail" }));
    const { url, asked } = await serve();
    const rows = await findEvaluations({ url, outcome: "fail", ...hour });
    const failed = starts.filter((_, index) => index % 3 !== 0).toSorted((a, b) => b - a);
    expect(rows.map(({ time }) => Date.parse(time) - epoch)).toEqual(failed);
    expect(asked.length).toBeLessThan(30);
  });

  test("when they all began in one millisecond", async () => {
    for (let index = 0; index < 150; index += 1) store.ingest(exchange(index, { start: 5 }));
    expect(await findEvaluations({ store, ...hour })).toHaveLength(150);
  });

  test("and of many only the newest are fetched when only they are wanted", async () => {
    for (let index = 0; index < 400; index += 1) store.ingest(exchange(index));
    const { url, asked } = await serve();
    const rows = await findEvaluations({ url, limit: 20, ...hour });
    expect(rows.map(({ time }) => Date.parse(time) - epoch)).toEqual(
      Array.from({ length: 20 }, (_, index) => 3990 - index * 10),
    );
    expect(asked.length).toBeLessThan(5);
  });
});

describe("a server that cannot answer", () => {
  test("because it is too old to know query.attributes is told apart from one that finds nothing", async () => {
    store.ingest(exchange(1, { outcome: "pass" }));
    const { url } = await serve(["query.attributes"]);
    await expect(findEvaluations({ url, outcome: "fail", ...hour })).rejects.toThrow(
      /ignores query\.attributes.*Jaeger 2\.19 or newer/,
    );
    const current = await serve();
    expect(await findEvaluations({ url: current.url, outcome: "fail", ...hour })).toEqual([]);
  });

  test("but takes values for regular expressions is not taken for an old one", async () => {
    store.ingest(exchange(1));
    const { url } = await serve(["query.attributes"]);
    expect(await findEvaluations({ url, outcome: "fail", session: "s.1", ...hour })).toHaveLength(1);
    expect(await findEvaluations({ url, outcome: "fail", session: "s..", ...hour })).toEqual([]);
  });

  test("because nobody is there is an error with its address and what to check", async () => {
    const server = await startSpanServer(store);
    await server.close();
    const { url } = server;
    await expect(findEvaluations({ url, ...hour })).rejects.toMatchObject({
      name: "SpanQueryError",
      code: "unreachable",
      message: expect.stringMatching(
        `^Nothing answers at ${url} \\(connect ECONNREFUSED .*Check the address`,
      ) as string,
    });
  });

  test.for(["not an address", "localhost:16686", "ftp://127.0.0.1:16686"])(
    "because %j is no address is not told as if nobody were there",
    async (url) => {
      await expect(findEvaluations({ url, ...hour })).rejects.toMatchObject({
        code: "malformed_address",
        message: `"${url}" is not an address. Write it as http://host:port.`,
      });
    },
  );

  test.for([
    [
      "another server's 404",
      404,
      "text/plain",
      "404 page not found\n",
      /does not answer \/api\/v3\/traces as expected \(HTTP 404\)/,
    ],
    [
      "a store that is switched off",
      404,
      "application/json",
      '{"error":{"httpCode":404,"message":"The span store is switched off."}}',
      /refused the span query \(HTTP 404\): The span store is switched off\.$/,
    ],
    ["a web page", 200, "text/html", "<html></html>", /does not answer .* \(HTTP 200\).*Jaeger 2\.19 or newer/],
    ["a refusal", 401, "application/json", '{"error":{"message":"key?"}}', /refused the span query \(HTTP 401\)/],
    [
      "a storage that is down",
      500,
      "text/plain",
      '{"error":{"httpCode":500,"message":"no storage"}}',
      /\(HTTP 500\): no storage\./,
    ],
  ] as const)("%s is an error, never an empty list", async ([, status, type, text, message]) => {
    const url = await fixed(status, type, text);
    await expect(findEvaluations({ url, ...hour })).rejects.toThrow(message);
  });

  test("is not waited for after an abort", async () => {
    const { url } = await serve();
    await expect(findEvaluations({ url, signal: AbortSignal.abort(), ...hour })).rejects.toMatchObject({
      name: "AbortError",
    });
    await expect(findEvaluations({ store, signal: AbortSignal.abort(), ...hour })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
