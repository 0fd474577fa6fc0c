import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import type { Cache } from "../../../evaluators/cache.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import { judgeTaskAdherence } from "../../../evaluators/task-adherence/judged.ts";
import { readMarks } from "../../support/judge-server.ts";

const sample = {
  system: "Answer in one sentence.",
  input: "Name the refund window and thank the customer.",
  output: "30 days. Thanks!",
};
const run = { threshold: 0.9, samples: 1 };
const drawn = [
  { evidence: "Answer in one sentence", question: "Is the output one sentence?" },
  { evidence: "thank the customer", question: "Does the output thank the customer?" },
];

function createMemory(): Cache & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, value) => Promise.resolve(void kept.set(key, value)),
  };
}

/** A judge that draws the checklist and answers it. */
function createJudge(checklist: unknown = drawn, verdict: (id: string) => string = () => "yes", identity?: string) {
  const asked: ReturnType<typeof readMarks>[] = [];
  const judge: Judge = (request) => {
    const question = readMarks(request);
    asked.push(question);
    const { nonce, holder, ids } = question;
    const said =
      holder === "checklist"
        ? checklist
        : Object.fromEntries(ids.map((id) => [id, { evidence: "seen", verdict: verdict(id) }]));
    const text = JSON.stringify({ nonce, [holder]: said });
    return Promise.resolve({ text, model: "m", usage: { inputTokens: 10, outputTokens: 1 }, costUsd: 0.25 });
  };
  return { judge: identity === undefined ? judge : Object.assign(judge, { identity }), asked };
}

function judge(by: Judge, given: Parameters<typeof judgeTaskAdherence>[0] = sample, cache?: Cache) {
  const tools = { judge: by, signal: new AbortController().signal, parent: ROOT_CONTEXT, ...(cache ? { cache } : {}) };
  return judgeTaskAdherence(given, run, tools);
}

describe("task adherence by a judge", () => {
  test("draws a checklist from the instruction alone, and answers it about the output", async () => {
    const { judge: by, asked } = createJudge(drawn, (id) =>
      id === "item_1" ? "no" : id === "tool_use" ? "not_applicable" : "yes",
    );
    expect(await judge(by)).toMatchObject({
      score: 0.8,
      reason: "3 of 4 criteria met; not met: item_1; not applicable: tool_use.",
      criteria: [
        { id: "does_the_task", verdict: "yes", weight: 2 },
        { id: "nothing_forbidden", verdict: "yes" },
        { id: "tool_use", verdict: "not_applicable" },
        { id: "item_1", question: "Is the output one sentence?", verdict: "no" },
        { id: "item_2", question: "Does the output thank the customer?", verdict: "yes" },
      ],
      usage: { inputTokens: 20, outputTokens: 2 },
      costUsd: 0.5,
    });
    expect(asked).toHaveLength(2);
    expect(asked[0]?.data).toEqual({ system: sample.system, input: sample.input });
    expect(asked[1]?.data).toMatchObject({
      output: sample.output,
      checklist: { item_1: "Is the output one sentence?", item_2: "Does the output thank the customer?" },
    });
  });

  test("fails an answer that does not do the task, whatever else it does", async () => {
    const { judge: by } = createJudge(drawn, (id) =>
      id === "does_the_task" ? "no" : id === "tool_use" ? "not_applicable" : "yes",
    );
    expect(await judge(by)).toMatchObject({ score: 0 });
  });

  test("leaves out demands that the instruction does not make, and repetitions", async () => {
    const invented = { evidence: "Always say yes", question: "Is the output not empty?" };
    const { judge: by, asked } = createJudge([drawn[0], invented, drawn[0]]);
    await judge(by);
    expect(asked[1]?.data["checklist"]).toEqual({ item_1: "Is the output one sentence?" });
  });

  test("asks the fixed criteria also where there is no checklist", async () => {
    const { judge: by, asked } = createJudge([]);
    expect(await judge(by)).toMatchObject({ score: 1, criteria: [{}, {}, {}] });
    expect(asked[1]?.ids).toEqual(["does_the_task", "nothing_forbidden", "tool_use"]);
  });

  test.each([
    ["a list of texts", ["Is it short?"]],
    ["a key more", [{ ...drawn[0], must: true }]],
    ["an empty question", [{ ...drawn[0], question: " " }]],
    ["a question without end", [{ ...drawn[0], question: "x".repeat(401) }]],
    ["too many entries", Array.from({ length: 13 }, () => drawn[0])],
    ["no list", {}],
  ])("is an error when the checklist is %s, and both calls are counted", async (_name, checklist) => {
    const { judge: by, asked } = createJudge(checklist);
    await expect(judge(by)).rejects.toMatchObject({ code: "unparsable", costUsd: 0.5 });
    expect(asked).toHaveLength(2);
  });

  test("is an error when the answer cannot be read, and the checklist is counted, too", async () => {
    await expect(judge(createJudge(drawn, () => "maybe").judge)).rejects.toMatchObject({
      code: "unparsable",
      costUsd: 0.75,
    });
  });

  test("draws the checklist once for all answers to an instruction", async () => {
    const { judge: by, asked } = createJudge(drawn, undefined, "m at temperature 0");
    const cache = createMemory();
    await judge(by, sample, cache);
    const second = await judge(by, { ...sample, output: "Thank you, 30 days." }, cache);
    expect(asked.map(({ holder }) => holder)).toEqual(["checklist", "criteria", "criteria"]);
    expect(second).toMatchObject({
      costUsd: 0.25,
      criteria: [{}, {}, {}, { question: "Is the output one sentence?" }, {}],
    });
  });

  test.each([
    ["another input", { ...sample, input: "Just thank the customer." }, "m"],
    ["another system prompt", { ...sample, system: "Answer in one sentence, please." }, "m"],
    ["another judge", sample, "another"],
  ])("draws it anew for %s", async (_name, given, identity) => {
    const cache = createMemory();
    await judge(createJudge(drawn, undefined, "m").judge, sample, cache);
    const { judge: by, asked } = createJudge(drawn, undefined, identity);
    await judge(by, given, cache);
    expect(asked[0]?.holder).toBe("checklist");
    expect(cache.kept.size).toBe(2);
  });

  test.each([
    ["a demand that the instruction does not make", [...drawn, { evidence: "in verse", question: "Is it in verse?" }]],
    ["nothing but such demands", [{ evidence: "in verse", question: "Is it a text?" }]],
    ["a demand with its negation cut off", [{ evidence: "mention prices", question: "Does it mention prices?" }]],
  ])("does not keep a checklist with %s", async (_name, checklist) => {
    const cache = createMemory();
    const given = { ...sample, system: "Answer in one sentence. Do not mention prices." };
    await judge(createJudge(checklist, undefined, "m").judge, given, cache);
    expect(cache.kept.size).toBe(0);
    const { judge: by, asked } = createJudge(drawn, undefined, "m");
    await judge(by, given, cache);
    expect(asked.map(({ ids }) => ids.length)).toEqual([0, 5]);
    expect([...cache.kept.values()]).toEqual([JSON.stringify(drawn.map(({ question }) => question))]);
  });

  test("keeps that an instruction demands nothing", async () => {
    const cache = createMemory();
    await judge(createJudge([], undefined, "m").judge, sample, cache);
    expect([...cache.kept.values()]).toEqual(["[]"]);
  });

  test("is not bothered by a memory that breaks", async () => {
    const broken = { get: () => Promise.reject(new Error("gone")), set: () => Promise.reject(new Error("full")) };
    expect(await judge(createJudge(drawn, undefined, "m").judge, sample, broken)).toMatchObject({ score: 1 });
  });

  test.each(["no", "unsure"])("fails what is forbidden, however many demands are met: %s", async (verdict) => {
    const trivial = Array.from({ length: 12 }, (_none, index) => ({ evidence: "one sentence", question: `${index}?` }));
    const { judge: by } = createJudge(trivial, (id) => (id === "nothing_forbidden" ? verdict : "yes"));
    expect(await judge(by)).toMatchObject({
      score: 0,
      reason: expect.stringMatching(/decisive: nothing_forbidden\.$/) as unknown,
    });
  });

  test("keeps nothing of a judge that has no name, and draws anew what cannot be read", async () => {
    const cache = createMemory();
    await judge(createJudge().judge, sample, cache);
    expect(cache.kept.size).toBe(0);
    await judge(createJudge(drawn, undefined, "m").judge, sample, cache);
    for (const key of cache.kept.keys()) cache.kept.set(key, "[1");
    const { judge: by, asked } = createJudge(drawn, undefined, "m");
    await judge(by, sample, cache);
    expect(asked[0]?.holder).toBe("checklist");
  });

  test("shows the whole way to an answer", async () => {
    const { judge: by, asked } = createJudge();
    const messages = [{ role: "tool" as const, content: "30 days", name: "policy" }];
    const tool_calls = [{ name: "policy", arguments: '{"item":"lamp"}' }];
    await judge(by, { ...sample, messages, tool_calls, tools: [{ name: "policy" }] });
    expect(asked[0]?.data).not.toHaveProperty("messages");
    expect(asked[1]?.data).toMatchObject({ messages, tool_calls, tools: [{ name: "policy" }] });
  });

  test("asks nobody about an empty output", async () => {
    const { judge: by, asked } = createJudge();
    expect(await judge(by, { ...sample, output: " " })).toEqual({
      abstained: expect.stringContaining("empty") as unknown,
    });
    expect(asked).toEqual([]);
  });
});
