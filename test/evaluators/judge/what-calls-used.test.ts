import { ROOT_CONTEXT } from "@opentelemetry/api";
import { afterEach, describe, expect, test } from "vitest";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import type { Judge, JudgeReply, JudgeRequest } from "../../../evaluators/judge.ts";
import { allAnswered } from "../../../evaluators/judge/all-answered.ts";
import { judgeThrough } from "../../../evaluators/judge/judge-through.ts";
import { examineByRubric } from "../../../evaluators/judge/rubric.ts";
import { spendingOf } from "../../../evaluators/judge/spending.ts";
import { type JudgeServer, type PlayedReply, startJudgeServer } from "../../support/judge-server.ts";
import { scriptedJudge } from "../../support/scripted-judge.ts";

const nothing = { usage: null, costUsd: null };
const some = (tokens: number) => ({ usage: { inputTokens: tokens, outputTokens: 1 }, costUsd: tokens / 4 });
const broken = (spent = {}) => new EvaluatorError("judge_failed", "Down.", { retryable: true, ...spent });

describe("an amount that somebody says was used", () => {
  test.each([0, 3])("is taken when it can be one: %d", (tokens) => {
    expect(spendingOf(some(tokens))).toEqual(some(tokens));
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "3", null, undefined])("is unknown when it is %s", (wrong) => {
    const costUsd = wrong as number;
    expect(spendingOf({ costUsd, usage: { inputTokens: costUsd, outputTokens: 1 } })).toEqual(nothing);
    expect(spendingOf({ usage: { inputTokens: 1, outputTokens: costUsd } })).toEqual(nothing);
  });
});

describe("several calls", () => {
  test("are answered in their order", async () => {
    expect(await allAnswered([Promise.resolve(some(2)), Promise.resolve(some(1))])).toEqual([some(2), some(1)]);
    expect(await allAnswered([])).toEqual([]);
  });

  test("of which several break are the first failure, with what all of them used", async () => {
    const calls = [some(4), broken(some(8)), broken(), broken(some(16)), some(32)];
    const asked = calls.map((each) => (each instanceof EvaluatorError ? Promise.reject(each) : Promise.resolve(each)));
    await expect(allAnswered(asked)).rejects.toMatchObject({
      code: "judge_failed",
      message: "Down.",
      retryable: true,
      usage: { inputTokens: 60, outputTokens: 4 },
      costUsd: 15,
    });
  });

  test("of which one breaks with something odd are that", async () => {
    const odd = new RangeError("odd");
    await expect(allAnswered([Promise.reject(odd), Promise.resolve(some(1))])).rejects.toBe(odd);
  });
});

describe("a judge that says nonsense about what it used", () => {
  const rubric = { name: "policy", instructions: "", criteria: [{ id: "a", question: "A?", weight: 1 }] };
  const examine = (judge: Judge) =>
    examineByRubric(
      rubric,
      { output: "30 days." },
      { judge, signal: new AbortController().signal, parent: ROOT_CONTEXT },
    );
  const yes = () => ({ evidence: "", verdict: "yes" });

  test.each([
    [{ usage: { inputTokens: -5, outputTokens: 1 }, costUsd: -1 }],
    [{ usage: undefined, costUsd: undefined }],
    [{ usage: "much", costUsd: "little" }],
  ])("has used an unknown amount: %j", async (reply) => {
    const { judge } = scriptedJudge(yes, reply as unknown as JudgeReply);
    expect(await examine(judge)).toMatchObject({ score: 1, ...nothing });
  });

  test("or returns no reply the second time has been paid for the first", async () => {
    const replies: unknown[] = [{ text: "Well.", model: "m", ...some(4) }, undefined];
    const judge = (() => Promise.resolve(replies.shift())) as Judge;
    await expect(examine(judge)).rejects.toMatchObject({
      code: "judge_failed",
      message: "The judge returned something that is no reply with a text.",
      ...some(4),
    });
  });
});

describe("a server", () => {
  const servers: JudgeServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function ask(reply: PlayedReply, changes: Partial<JudgeRequest> = {}) {
    const server = await startJudgeServer(() => reply);
    servers.push(server);
    const messages = [{ role: "user" as const, content: 'My PIN is 4921, {"output":"Ana \\u5546\\u54c1 sk-a1"}' }];
    const request = { messages, maxTokens: 9, signal: new AbortController().signal, evaluator: "e", ...changes };
    return judgeThrough(server.url, "judge", { attempts: 1 })({ ...request, parent: ROOT_CONTEXT });
  }
  const reply = (headers: Record<string, string>, usage: unknown) => ({
    status: 200,
    headers,
    body: JSON.stringify({ model: "m", choices: [{ message: { content: "hi" } }], usage }),
  });

  test.each([
    ["0.5", 0.5],
    ["0", 0],
    ["", null],
    [" ", null],
    ["-0.5", null],
    ["Infinity", null],
    ["1e999", null],
    ["cheap", null],
  ])("that says a call cost %j: %s", async (header, costUsd) => {
    expect(await ask(reply({ "x-proctor-cost-usd": header }, null))).toMatchObject({ text: "hi", costUsd });
  });

  test.each([{ prompt_tokens: -1, completion_tokens: 2 }, { prompt_tokens: 1 }, "many", {}])(
    "that counts tokens as %j has not counted them, and its answer is one all the same",
    async (usage) => expect(await ask(reply({}, usage))).toMatchObject({ text: "hi", usage: null }),
  );

  test("that gives its choices twice has given no answer", async () => {
    const choices = '"choices":[{"message":{"content":"hi"}}]';
    await expect(ask({ status: 200, body: `{${choices},${choices}}` })).rejects.toMatchObject({ code: "judge_failed" });
  });

  test.each([
    "Refused: pin is 4921",
    "Refused: 4921",
    "Bad token sk-a1 in it",
    "Bad text \\u5546\\u54c1 SK-A1",
    `${"x".repeat(295)} 4921`,
    "the words MY PIN IS 49 are bad",
  ])("whose message quotes the request, in whatever form, is not repeated: %j", async (message) => {
    const failure = ask({ status: 400, body: JSON.stringify({ error: { message } }) });
    await expect(failure).rejects.toThrow(/answered 400: \(its message is left out, because it quotes the request\)$/);
  });

  test("whose message quotes nothing is repeated up to its 300th character", async () => {
    const failure = ask({ status: 400, body: JSON.stringify({ error: `Unknown\nmodel 7. ${"x".repeat(400)}` }) });
    await expect(failure).rejects.toThrow(`answered 400: Unknown model 7. ${"x".repeat(283)}`);
    await expect(failure).rejects.not.toThrow("x".repeat(284));
  });
});
