import { SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, test } from "vitest";
import { EvaluatorError, EvaluatorUsageError } from "../../../evaluators/errors.ts";
import type { Judge, JudgeReply } from "../../../evaluators/judge.ts";
import { judgePair, type Pair, pairSchema } from "../../../evaluators/judge/pair.ts";
import { readMarks } from "../../support/judge-server.ts";

const pair: Pair = { a: "30 days.", b: "90 days.", input: "How long?", context: ["Refunds within 30 days."] };

type Choose = (first: string, second: string, id: string) => string;

/** A judge that chooses between the answers as it sees them. */
function choosing(choose: Choose, reply: Partial<JudgeReply> = {}) {
  const prompts: string[] = [];
  const judge: Judge = (request) => {
    prompts.push(request.messages.map(({ content }) => content).join("\n"));
    const { nonce, ids, data } = readMarks(request);
    const said = ids.map((id) => {
      const verdict = choose(String(data["first_answer"]), String(data["second_answer"]), id);
      return [id, { evidence: "seen", verdict }];
    });
    const text = JSON.stringify({ nonce, criteria: Object.fromEntries(said) as object });
    return Promise.resolve({ text, model: "m", usage: { inputTokens: 10, outputTokens: 2 }, costUsd: 0.25, ...reply });
  };
  return { judge, prompts };
}

const prefers =
  (wanted: string): Choose =>
  (first) =>
    first === wanted ? "first" : "second";

describe("two answers", () => {
  test.each([
    ["a", "30 days.", "Answer a is better, in both orders."],
    ["b", "90 days.", "Answer b is better, in both orders."],
  ] as const)("are compared in both orders: %s", async (preferred, text, reason) => {
    const { judge, prompts } = choosing(prefers(text));
    expect(await judgePair(pair, judge)).toMatchObject({
      preferred,
      outcome: "decided",
      reason,
      orders: [
        { first: "a", preferred, criteria: [{ id: "better", preferred, evidence: "seen" }] },
        { first: "b", preferred, criteria: [{ id: "better", preferred, evidence: "seen" }] },
      ],
      usage: { inputTokens: 20, outputTokens: 4 },
      costUsd: 0.5,
      error: null,
    });
    expect(prompts).toHaveLength(2);
    const shown = prompts.map((prompt) => /"first_answer":"(\d+)/.exec(prompt)?.[1]);
    expect(new Set(shown)).toEqual(new Set(["30", "90"]));
  });

  test("are a tie when both orders say so", async () => {
    const { judge } = choosing(() => "tie");
    expect(await judgePair(pair, judge)).toMatchObject({
      preferred: "tie",
      outcome: "decided",
      reason: "Neither answer is better, in both orders.",
    });
  });

  test.each([
    ["always the first", () => "first", "The orders disagree: a with a shown first, b with b shown first."],
    ["always the second", () => "second", "The orders disagree: b with a shown first, a with b shown first."],
    [
      "a tie once",
      (first: string) => (first === "30 days." ? "first" : "tie"),
      "The orders disagree: a with a shown first, tie with b shown first.",
    ],
  ])("are not decided by a judge that prefers a place: %s", async (_name, choose, reason) => {
    expect(await judgePair(pair, choosing(choose).judge)).toMatchObject({
      preferred: null,
      outcome: "abstained",
      reason,
      costUsd: 0.5,
      error: null,
    });
  });

  test("are weighed by criterion", async () => {
    const criteria = [
      { id: "right", question: "Which is right?", weight: 3 },
      { id: "short", question: "Which is shorter?" },
      { id: "kind", question: "Which is kinder?" },
    ];
    const { judge, prompts } = choosing((first, second, id) =>
      prefers(id === "right" ? "30 days." : "90 days.")(first, second, id),
    );
    expect(await judgePair({ ...pair, criteria }, judge)).toMatchObject({ preferred: "a", outcome: "decided" });
    expect(prompts[0]).toContain("Which is kinder?");
    const even = criteria.map((criterion) => ({ ...criterion, weight: criterion.id === "right" ? 2 : 1 }));
    expect(await judgePair({ ...pair, criteria: even }, judge)).toMatchObject({ preferred: "tie", outcome: "decided" });
    const light = criteria.map((criterion) => ({ ...criterion, weight: 1 }));
    expect(await judgePair({ ...pair, criteria: light }, judge)).toMatchObject({ preferred: "b" });
  });

  test("that are the same text are a tie without a judge", async () => {
    const { judge, prompts } = choosing(() => "first");
    expect(await judgePair({ ...pair, b: " 30 days.\n" }, judge)).toMatchObject({
      preferred: "tie",
      outcome: "decided",
      orders: [],
      costUsd: null,
    });
    expect(prompts).toEqual([]);
  });

  test.each([
    [{ a: "" }, "There is nothing to compare in a."],
    [{ b: "Thought process:" }, "There is nothing to compare in b."],
    [{ a: " ", b: "..." }, "There is nothing to compare in a and b."],
  ])("of which one holds nothing are not compared: %j", async (change, reason) => {
    const { judge, prompts } = choosing(() => "first");
    expect(await judgePair({ ...pair, ...change }, judge)).toMatchObject({
      preferred: null,
      outcome: "abstained",
      reason,
    });
    expect(prompts).toEqual([]);
  });
});

describe("a comparison that cannot be made", () => {
  test.each([
    ["without an answer", { a: "x", input: "y" }, /at "b"/],
    ["with a key that nobody knows", { ...pair, c: "z" }, /"c"/],
    ["with no criterion", { ...pair, criteria: [] }, /criteria/],
    ["with a criterion twice", { ...pair, criteria: [1, 2].map(() => ({ id: "x", question: "?" })) }, /same id/],
    [
      "with a criterion that is named like a sentence",
      { ...pair, criteria: [{ id: "x y", question: "?" }] },
      /short name/,
    ],
  ])("%s is refused with a sentence", async (_name, given, message) => {
    const asked = judgePair(given as Pair, choosing(() => "tie").judge);
    await expect(asked).rejects.toThrow(EvaluatorUsageError);
    await expect(asked).rejects.toThrow(message);
  });

  test("has a schema for requests over HTTP, with a criterion of its own", () => {
    expect(pairSchema.parse({ a: "x", b: "y", input: "z" }).criteria).toEqual([
      expect.objectContaining({ id: "better", weight: 1 }),
    ]);
  });

  test.each(["Answer a is better.", '{"preferred":"a"}', ""])(
    "is an error when the judge says %j, and all four calls are counted",
    async (text) => {
      const { judge, prompts } = choosing(() => "first", { text });
      expect(await judgePair(pair, judge)).toMatchObject({
        preferred: null,
        outcome: "error",
        orders: [],
        usage: { inputTokens: 40, outputTokens: 8 },
        costUsd: 1,
        error: { code: "unparsable", retryable: true },
      });
      expect(prompts).toHaveLength(4);
    },
  );

  test("is an error when one order breaks, and what the other used is counted", async () => {
    const { judge } = choosing(prefers("30 days."));
    const half: Judge = (request) =>
      readMarks(request).data["first_answer"] === pair.a
        ? judge(request)
        : Promise.reject(new EvaluatorError("judge_failed", "Down.", { retryable: true }));
    expect(await judgePair(pair, half)).toMatchObject({
      preferred: null,
      outcome: "error",
      reason: "Down.",
      usage: { inputTokens: 10, outputTokens: 2 },
      costUsd: 0.25,
      error: { code: "judge_failed", message: "Down.", retryable: true },
    });
  });

  test("is an error that repeats nothing when the judge breaks with something odd", async () => {
    const judgement = await judgePair(pair, () => Promise.reject(new RangeError("secret")));
    expect(judgement).toMatchObject({ outcome: "error", error: { code: "judge_failed" } });
    expect(JSON.stringify(judgement)).not.toContain("secret");
  });

  test("is a timeout when the judge never answers, and cancelled when the caller leaves", async () => {
    const never: Judge = () => new Promise(() => {});
    expect(await judgePair(pair, never, { timeoutMs: 30 })).toMatchObject({
      preferred: null,
      outcome: "timeout",
      reason: "No verdict within 30 ms.",
      error: { code: "timeout", retryable: true },
    });
    expect(await judgePair(pair, never, { signal: AbortSignal.timeout(20) })).toMatchObject({ outcome: "timeout" });
    expect(await judgePair(pair, never, { signal: AbortSignal.abort() })).toMatchObject({
      outcome: "error",
      error: { code: "cancelled" },
    });
    const controller = new AbortController();
    const pending = judgePair(pair, never, { signal: controller.signal });
    controller.abort();
    expect(await pending).toMatchObject({ outcome: "error", error: { code: "cancelled" } });
  });
});

describe("the span of a comparison", () => {
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer("test");
  afterEach(() => exporter.reset());

  test("is an evaluator's, with what was preferred and what it cost", async () => {
    const { judge } = choosing(prefers("30 days."));
    await judgePair(pair, judge, { tracing: { tracer, attributes: { "proctor.alias": "student" } } });
    const [span] = exporter.getFinishedSpans();
    expect(span?.name).toBe("evaluate pair");
    expect(span?.attributes).toMatchObject({
      "openinference.span.kind": "EVALUATOR",
      "proctor.alias": "student",
      "proctor.eval.name": "pair",
      "proctor.eval.outcome": "decided",
      "proctor.eval.cost_usd": 0.5,
      "evaluations.0.evaluation.label": "a",
      "evaluations.0.evaluation.annotator_kind": "LLM",
      "evaluations.0.evaluation.explanation": "Answer a is better, in both orders.",
    });
  });

  test("is the parent of both calls of the judge", async () => {
    const parents: unknown[] = [];
    const { judge } = choosing(prefers("30 days."));
    const watched: Judge = (request) => {
      parents.push(request.parent);
      return judge(request);
    };
    await judgePair(pair, watched, { tracing: { tracer } });
    expect(parents).toHaveLength(2);
    expect(parents[0]).toBe(parents[1]);
  });

  test("is an error when it broke", async () => {
    await judgePair(pair, () => Promise.reject(new Error("x")), { tracing: { tracer } });
    expect(exporter.getFinishedSpans()[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "judge_failed", "evaluations.0.evaluation.label": "error" },
    });
  });
});
