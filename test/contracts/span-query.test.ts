import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSpanStore, type OtlpTraceRequest, type SpanStore } from "../../tracing/index.ts";
import { errorIn, ownQuestions, ownRequests, traceIdsIn } from "../support/otlp-own-questions.ts";
import { type SpanServer, startSpanServer } from "../support/otlp-query-server.ts";
import {
  type AskSpans,
  askServer,
  askStore,
  comparable,
  mediaType,
  sendRequests,
  type SpanQuestion,
} from "../support/otlp-span-question.ts";
import { onLiveJaeger } from "../support/live-jaeger.ts";

// A live Jaeger answers too when JAEGER_URL names it (JAEGER_OTLP_URL is where it takes spans). It must be fresh, because
// traces come in the order in which they were received.
const liveUrl = process.env["JAEGER_URL"];
const liveOtlpUrl = process.env["JAEGER_OTLP_URL"] ?? "http://127.0.0.1:4318";

const recorded = new URL("../../../shared/contracts/jaeger-2.20/", import.meta.url);
const hasRecorded = existsSync(recorded);
if (!hasRecorded) {
  process.stderr.write(
    "\nSKIPPED: the 104 recorded answers of a real Jaeger 2.20 are not here (../shared/contracts/jaeger-2.20).\n",
  );
}

// First, because a live Jaeger must list no service but theirs.
describe.skipIf(!hasRecorded)("answers are those recorded of a real Jaeger 2.20", () => {
  if (!hasRecorded) return;
  const { cases } = readJson("cases.json") as { cases: SpanQuestion[] };
  const requests = readJson("otlp-requests.json") as OtlpTraceRequest[];

  test("all recorded questions are here", () => {
    expect(cases).toHaveLength(104);
  });

  describe("in the store", () => {
    answersAsRecorded(cases, async () => askStore(filled(requests)));
  });

  onLiveJaeger(liveUrl, (jaegerUrl) =>
    answersAsRecorded(cases, async () => {
      await sendRequests(liveOtlpUrl, jaegerUrl, requests);
      return askServer(jaegerUrl);
    }),
  );
});

describe("what surprises about the contract holds", () => {
  describe("in the store", () => {
    answersOwnQuestions(async () => askStore(filled(ownRequests)));
  });

  describe("over HTTP", () => {
    let server: SpanServer;
    beforeAll(async () => {
      server = await startSpanServer(filled(ownRequests));
    });
    afterAll(() => server.close());
    answersOwnQuestions(async () => askServer(server.url));
  });

  onLiveJaeger(liveUrl, (jaegerUrl) =>
    answersOwnQuestions(async () => {
      await sendRequests(liveOtlpUrl, jaegerUrl, ownRequests);
      return askServer(jaegerUrl);
    }),
  );
});

describe("summaries of our own traces", () => {
  const ask = askStore(filled(ownRequests));
  const day = {
    "query.startTimeMin": "2026-10-01T00:00:00Z",
    "query.startTimeMax": "2026-10-02T00:00:00Z",
  };

  test("count spans, errors and orphans, and leave out what is zero", async () => {
    const { body } = await ask("/api/v3/trace-summaries", new URLSearchParams(day));
    expect(body).toMatchObject({
      summaries: [
        { spanCount: 1, rootOperationName: "nameless", services: [{ spanCount: 1 }] },
        { spanCount: 1, orphanSpanCount: 1, services: [{ name: "mail", spanCount: 1 }] },
        { spanCount: 2, errorSpanCount: 1, rootOperationName: "checkout", rootServiceName: "shop" },
        {
          spanCount: 2,
          minStartTimeUnixNano: "1790856060000000000",
          maxEndTimeUnixNano: "1790856062010000000",
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/":0\b|":""/);
  });

  test("nothing found is an empty list, not 404", async () => {
    const answer = await ask("/api/v3/trace-summaries", new URLSearchParams({ ...day, "query.serviceName": "nobody" }));
    expect(answer).toMatchObject({ status: 200, body: { summaries: [] } });
  });

  test("a service without a name is not listed, and a kind that is not given is internal", async () => {
    expect(await ask("/api/v3/services", new URLSearchParams())).toMatchObject({
      body: { services: ["mail", "shop"] },
    });
    expect(await ask("/api/v3/operations", new URLSearchParams({ service: "shop", spanKind: "client" }))).toMatchObject(
      {
        body: { operations: [{ name: "pay", spanKind: "client" }] },
      },
    );
  });

  test("a path that is none of the contract's is 404 in plain text", async () => {
    for (const path of ["/api/v3/", "/api/v3/constructor", "/api/v3/services/x", "/api/v3/traces/a/b", "/api/traces"]) {
      expect(await ask(path, new URLSearchParams())).toEqual({
        status: 404,
        contentType: "text/plain; charset=utf-8",
        body: "404 page not found\n",
      });
    }
  });

  test("a span that was sent twice is answered once, and twice when raw", async () => {
    const twice = askStore(filled([...ownRequests, ...ownRequests]));
    const count = async (parameters: Readonly<Record<string, string>>) =>
      JSON.stringify((await twice("/api/v3/traces/d1", new URLSearchParams(parameters))).body).split('"name":"pay"')
        .length - 1;
    expect(await count({})).toBe(1);
    expect(await count({ rawTraces: "true" })).toBe(2);
  });
});

function answersOwnQuestions(start: () => Promise<AskSpans>): void {
  const ask = once(start);
  test.for(ownQuestions)("$name", async ({ path, params, status, ids, error }) => {
    const answer = await (await ask())(path, new URLSearchParams(params));
    expect({
      status: answer.status,
      ids: traceIdsIn(answer.body),
      error: errorIn(answer.body),
    }).toEqual({
      status,
      ids,
      error,
    });
  });
}

function answersAsRecorded(cases: readonly SpanQuestion[], start: () => Promise<AskSpans>): void {
  const ask = once(start);
  test.for(cases)("$name", async ({ path, params, status, content_type: contentType, body }) => {
    const answer = await (await ask())(path, new URLSearchParams(params));
    expect({
      ...answer,
      contentType: mediaType(answer.contentType),
      body: comparable(answer.body),
    }).toEqual({
      status,
      contentType: mediaType(contentType),
      body: comparable(body),
    });
  });
}

function filled(requests: readonly OtlpTraceRequest[]): SpanStore {
  const store = openSpanStore({ path: ":memory:", retentionMs: Infinity });
  for (const request of requests) store.ingest(request);
  return store;
}

function once(start: () => Promise<AskSpans>): () => Promise<AskSpans> {
  let started: Promise<AskSpans> | undefined;
  return () => (started ??= start());
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, recorded), "utf8"));
}
