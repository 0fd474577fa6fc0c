import { trace } from "@opentelemetry/api";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type BatchProgress,
  evaluateBatch,
  type EvaluateBatchOptions,
} from "../../../evaluators/batch/evaluate-batch.ts";
import type { RowSource } from "../../../evaluators/batch/read-rows.ts";
import type { RowEvaluation } from "../../../evaluators/batch/row-evaluation.ts";
import type { Evaluator } from "../../../evaluators/define-evaluator.ts";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { byJudge, byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-batch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(
  which: Evaluator | Evaluator[],
  rows: RowSource,
  options?: EvaluateBatchOptions,
): Promise<RowEvaluation[]> {
  return Array.fromAsync(evaluateBatch(which, rows, options));
}

const decisionsOf = (rows: readonly RowEvaluation[]) => rows.map(({ decision }) => decision);

const rows = [{ output: "good" }, { output: "bad" }, { output: "neither" }, { input: "no output" }];

test("rows come in their order with the decision and every evaluation", async () => {
  const found = await run([byWord("a"), byWord("b")], rows);
  expect(decisionsOf(found)).toEqual(["kept", "dropped", "unscored", "unscored"]);
  expect(found.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
  expect(found[0]).toMatchObject({ source: { output: "good" }, hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(found[1]?.evaluations.map(({ evaluator, outcome, score }) => ({ evaluator, outcome, score }))).toEqual([
    { evaluator: "a", outcome: "fail", score: 0 },
    { evaluator: "b", outcome: "fail", score: 0 },
  ]);
  expect(found[3]?.evaluations[0]).toMatchObject({ outcome: "skipped", score: null });
  expect(found[0]).not.toHaveProperty("traceId");
});

test("evaluators are named, in the given set or among the built-in ones", async () => {
  const evaluators = createEvaluatorSet([byWord()]);
  expect(decisionsOf(await Array.fromAsync(evaluateBatch("by_word", rows.slice(0, 1), { evaluators })))).toEqual([
    "kept",
  ]);
  const found = await Array.fromAsync(evaluateBatch(["pii"], [{ output: "Write to ana@example.com." }]));
  expect(decisionsOf(found)).toEqual(["dropped"]);
});

test.each([
  [["nonsense"], {}, /^No evaluator "nonsense"\. Known: /],
  [[], {}, "No evaluator was named, so no row could be decided."],
  [[byWord(), byWord()], {}, 'The evaluator "by_word" is named twice. Name it once.'],
  [[byWord("a")], { required: ["b"] }, '"b" is required and is not among the evaluators: a.'],
])("evaluators that make no sense are refused at once, before a row is read (%#)", (which, options, message) => {
  expect(() => evaluateBatch(which, rows, options)).toThrow(message);
});

test("only required evaluators decide, the others are told", async () => {
  const strict = scriptedEvaluator("strict", () => ({ score: 0, reason: "Never." }));
  const [row] = await run([byWord(), strict], rows.slice(0, 1), { required: ["by_word"] });
  expect(row?.decision).toBe("kept");
  expect(row?.evaluations.map(({ outcome }) => outcome)).toEqual(["pass", "fail"]);
});

test("what cannot be read is unscored with its line and stops nothing", async () => {
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, '{"output":"good"}\nnonsense\n7\n{"id":1}\n\n{"output":1}\n{"output":"bad"}\n');
  const found = await run(byWord(), path);
  expect(found.map(({ row, decision, problem }) => [row, decision, problem?.slice(0, 30)])).toEqual([
    [1, "kept", undefined],
    [2, "unscored", "Line 2 is not JSON: one object"],
    [3, "unscored", "A sample is an object such as "],
    [4, "unscored", "The row has none of the fields"],
    [6, "unscored", `The sample's field "output" is`],
    [7, "dropped", undefined],
  ]);
  expect(found[1]?.evaluations).toEqual([]);
  expect(found[1]).not.toHaveProperty("source");
  expect(found[2]?.source).toBe(7);
});

test("a line may be as long as is said", async () => {
  const [row] = await run(
    byWord(),
    (async function* () {
      yield '{"output":"good"}';
    })(),
    { longestLine: 10 },
  );
  expect(row).toMatchObject({ decision: "unscored", problem: "Line 1 is longer than 10 bytes and was not read." });
});

test("an evaluator that breaks on a row leaves the row unscored and the others alone", async () => {
  const breaking = scriptedEvaluator("breaking", ({ output }) => {
    if (output === "bad") throw new Error("broken");
    return { score: 1, reason: "Fine." };
  });
  const found = await run(breaking, rows.slice(0, 2));
  expect(decisionsOf(found)).toEqual(["kept", "unscored"]);
  expect(found[1]?.evaluations[0]).toMatchObject({ outcome: "error", score: null });
});

test("columns that nobody examines do no harm and stay in the row", async () => {
  const row = { response: "good", contexts: "c", team: "billing", label: 3 };
  expect((await run(byWord(), [row]))[0]).toMatchObject({ decision: "kept", source: row });
});

test("as completed, a slow row holds nobody up", async () => {
  const slow = scriptedEvaluator("slow", async ({ output }) => {
    await sleep(output === "first" ? 80 : 1);
    return { score: 1, reason: "Fine." };
  });
  const given = ["first", "second", "third"].map((output) => ({ output }));
  expect((await run(slow, given, { order: "completed" })).map(({ row }) => row).at(-1)).toBe(1);
  expect((await run(slow, given)).map(({ row }) => row)).toEqual([1, 2, 3]);
});

test("a place is opened for each row that can be examined and closed when it is done", async () => {
  const events: string[] = [];
  const place: EvaluateBatchOptions["place"] = ({ row }) => {
    events.push(`open ${row}`);
    return {
      tracing: { tracer: trace.getTracer("test") },
      traceId: `t${row}`,
      close: () => void events.push(`close ${row}`),
    };
  };
  const found = await run(byWord(), [{ output: "good" }, { id: 1 }], { place, concurrency: 1 });
  expect(events).toEqual(["open 1", "close 1"]);
  expect(found.map(({ traceId }) => traceId)).toEqual(["t1", undefined]);
});

describe("progress", () => {
  test("is told after every row", async () => {
    const told: BatchProgress[] = [];
    await run(byWord(), rows, { onProgress: (progress) => told.push(structuredClone(progress)) });
    expect(told.map((each) => each.rows)).toEqual([1, 2, 3, 4]);
    expect(told.at(-1)).toMatchObject({
      decisions: { kept: 1, dropped: 1, unscored: 2, not_run: 0 },
      spent: { calls: 0, usd: 0 },
      refusal: undefined,
    });
  });
});

describe("judges", () => {
  const given = Array.from({ length: 6 }, (_, at) => ({ output: `row ${at}` }));

  function judgeThat(identity?: string): Judge & { asked: string[] } {
    const asked: string[] = [];
    const judge: Judge = async ({ messages }) => {
      asked.push(messages[0]?.content ?? "");
      return { text: "yes", model: "m", usage: { inputTokens: 90, outputTokens: 10 }, costUsd: 0.25 };
    };
    return Object.assign(judge, { asked, ...(identity === undefined ? {} : { identity }) });
  }

  test("when the budget is spent the other rows are not run, and are said to be", async () => {
    const judge = judgeThat();
    let last: BatchProgress | undefined;
    const options = { judge, budget: { usd: 0.5 }, concurrency: 1, onProgress: (each: BatchProgress) => (last = each) };
    const found = await run(byJudge(), given, options);
    expect(decisionsOf(found)).toEqual(["kept", "kept", "not_run", "not_run", "not_run", "not_run"]);
    expect(found[2]).toMatchObject({ problem: "The budget of 0.5 USD is spent.", evaluations: [], source: given[2] });
    expect(judge.asked).toHaveLength(2);
    expect(last).toMatchObject({ spent: { calls: 2, usd: 0.5 }, refusal: "The budget of 0.5 USD is spent." });
  });

  test("a budget in tokens counts input and output", async () => {
    const found = await run(byJudge(), given, { judge: judgeThat(), budget: { tokens: 300 }, concurrency: 1 });
    expect(decisionsOf(found).filter((decision) => decision === "kept")).toHaveLength(3);
  });

  test("a row whose second question came too late is not run, not unscored", async () => {
    const found = await run([byJudge("first"), byJudge("second")], given.slice(0, 2), {
      judges: () => judgeThat(),
      budget: { usd: 0.75 },
      concurrency: 1,
    });
    expect(decisionsOf(found)).toEqual(["kept", "not_run"]);
  });

  test("an evaluator that brings its own judge is counted by what it says it used", async () => {
    const own = scriptedEvaluator(
      "own",
      () => ({ score: 1, reason: "Own.", usage: { inputTokens: 5, outputTokens: 5 }, costUsd: 1 }),
      { engine: "judge" },
    );
    const found = await run(own, given, { budget: { usd: 2 }, concurrency: 1 });
    expect(decisionsOf(found)).toEqual(["kept", "kept", "not_run", "not_run", "not_run", "not_run"]);
  });

  test("an equal row is judged once, and costs nothing the second time", async () => {
    const judge = judgeThat("m1");
    const found = await run(byJudge(), [given[0], given[1], given[0]] as object[], { judge, concurrency: 1 });
    expect(judge.asked).toEqual(["row 0", "row 1"]);
    expect(found[2]?.evaluations[0]).toMatchObject({ outcome: "pass", usage: null, costUsd: null });
    expect(found[2]?.evaluations[0]?.path[0]?.cached).toBe(true);
    const twice = judgeThat("m2");
    await run(byJudge(), [given[0], given[0]] as object[], { judge: twice, cache: "bypass", concurrency: 1 });
    expect(twice.asked).toHaveLength(2);
  });

  test("a judge that is down leaves its rows unscored", async () => {
    const down: Judge = () => Promise.reject(new EvaluatorError("judge_failed", "Down."));
    const found = await run(byJudge(), given.slice(0, 2), { judge: down });
    expect(decisionsOf(found)).toEqual(["unscored", "unscored"]);
    expect(found[0]?.evaluations[0]).toMatchObject({ outcome: "error", error: { code: "judge_failed" } });
  });

  test("an abort ends the iteration with its reason and cancels the judges under way", async () => {
    const controller = new AbortController();
    let cancelled = 0;
    const judge: Judge = ({ signal }) =>
      new Promise((_done, reject) =>
        signal.addEventListener("abort", () => reject(new Error(`cancelled ${(cancelled += 1)}`))),
      );
    const pending = run(byJudge(), given, { judge, signal: controller.signal, concurrency: 2 });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(pending).rejects.toThrow("enough");
    expect(cancelled).toBe(2);
  });

  test("a reader that leaves cancels the judges under way", async () => {
    let cancelled = 0;
    const judge: Judge = ({ messages, signal }) =>
      messages[0]?.content === "row 0"
        ? Promise.resolve({ text: "yes", model: "m", usage: null, costUsd: null })
        : new Promise(() => signal.addEventListener("abort", () => (cancelled += 1)));
    for await (const { row } of evaluateBatch(byJudge(), given, { judge, concurrency: 3 })) {
      expect(row).toBe(1);
      await sleep(10);
      break;
    }
    expect(cancelled).toBeGreaterThan(0);
  });
});

describe("a run that goes on", () => {
  const given = Array.from({ length: 10 }, (_, at) => ({ id: at, output: at % 2 === 0 ? "good" : "bad" }));
  const rowsIn = (path: string) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => JSON.parse(line) as RowEvaluation);

  test("writes each row before it is yielded, and does not do it again", async () => {
    const path = join(folder, "scored.jsonl");
    for await (const { row } of evaluateBatch(byWord(), given, { resume: path })) {
      expect(rowsIn(path).at(-1)?.row).toBe(row);
      if (row === 4) break;
    }
    const rest = await run(byWord(), given, { resume: path });
    expect(rest.map(({ row }) => row)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(rowsIn(path).map(({ row, source }) => [row, source])).toEqual(given.map((source, at) => [at + 1, source]));
    expect(await run(byWord(), given, { resume: path })).toEqual([]);
  });

  test("rows that were not run for lack of budget are run next time", async () => {
    const path = join(folder, "scored.jsonl");
    const judge: Judge = async () => ({ text: "yes", model: "m", usage: null, costUsd: 1 });
    const options = { judge, resume: path, concurrency: 1, budget: { usd: 4 } };
    expect(decisionsOf(await run(byJudge(), given, options)).filter((each) => each === "kept")).toHaveLength(4);
    expect((await run(byJudge(), given, options)).map(({ row }) => row)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(rowsIn(path)).toHaveLength(8);
  });

  test("other versions, other judges and other rows are refused", async () => {
    const path = join(folder, "scored.jsonl");
    await run(byWord(), given, { resume: path });
    const other = scriptedEvaluator("by_word", () => ({ score: 1, reason: "?" }), { revision: 2 });
    await expect(run(other, given, { resume: path })).rejects.toThrow(/begun with other settings \(by_word: /);
    await expect(run(byWord(), given.toReversed(), { resume: path })).rejects.toThrow(/another row 1/);
    const judged = join(folder, "judged.jsonl");
    const named = (identity: string): Judge =>
      Object.assign<Judge, { identity: string }>(async () => ({ text: "yes", model: "m", usage: null, costUsd: 1 }), {
        identity,
      });
    await run(byJudge(), given, { resume: judged, judge: named("m1") });
    await expect(run(byJudge(), given, { resume: judged, judge: named("m2") })).rejects.toThrow(
      /by m1 then, .* by m2 now/,
    );
  });
});
