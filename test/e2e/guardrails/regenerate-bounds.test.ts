import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import { bearer } from "../../support/keyed-gateway.ts";
import { dialects, rootOf, secret, textIn, verdictOf, wholeOf } from "./guarded.ts";
import { attemptsIn, type Judged, type JudgedOptions, startJudged } from "./judged.ts";

const bad = `The number is ${secret}, as you know.`;
const good = "There is no number to tell.";

/** An answer that no judge is asked about. */
async function start(pii: object, options: Partial<JudgedOptions> = {}): Promise<Judged> {
  return closing(
    await startJudged({
      answer: () => bad,
      output: [{ evaluator: "pii", mode: "hold", on_fail: "regenerate", ...pii }],
      guardrail: { mode: "observe", sample: 0 },
      ...options,
    }),
  );
}

/** USD of one answer: 11 tokens in, 7 out, at one dollar a million each. */
const once = 18 / 1e6;

describe("another answer is asked for", () => {
  test.each([2, 3, 5])("until there were as many as attempts says (%i)", async (attempts) => {
    const { ask, student } = await start({ attempts });
    const asked = await ask();
    expect(student.requests).toHaveLength(attempts);
    expect(asked.headers.get("x-proctor-attempts")).toBe(String(attempts));
    expect(verdictOf(asked)).toBe("block");
  });

  test("as long as the request is younger than within says", async () => {
    const { ask, student } = await start(
      { attempts: 10, within: "1s" },
      { answer: () => ({ ...wholeOf("chat", bad), delayMs: 600 }) },
    );
    const asked = await ask();
    expect(student.requests).toHaveLength(2);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
  });

  test.each([
    { max_usd: once * 0.9, answers: 1 },
    { max_usd: once * 1.1, answers: 2 },
    { max_usd: once * 2.1, answers: 3 },
  ])("until generations have cost max_usd ($answers answers)", async ({ max_usd, answers }) => {
    const { ask, student } = await start({ attempts: 10, max_usd });
    const asked = await ask();
    expect(student.requests).toHaveLength(answers);
    expect(Number(asked.headers.get("x-proctor-cost-usd"))).toBeCloseTo(once * answers, 9);
    expect(verdictOf(asked)).toBe("block");
  });

  test("and what follows in the chain is done when a bound is reached", async () => {
    const { ask, student } = await start({ attempts: 10, max_usd: once * 0.9, then: "redact" });
    const asked = await ask();
    expect(student.requests).toHaveLength(1);
    expect(textIn(asked)).toBe("The number is [US_SSN_1], as you know.");
  });
});

describe.each(dialects)("answers that were asked for again (%s)", (dialect) => {
  test.each([false, true])("cost what all of them cost, each with its own span (stream: %s)", async (stream) => {
    const guarded = await start({ attempts: 4 }, { dialect, answer: (_request, count) => (count < 3 ? bad : good) });
    const asked = await guarded.ask({ stream });
    expect(textIn(asked)).toBe(good);
    const { root, spans } = await rootOf(guarded, asked);
    expect(attemptsIn(spans)).toEqual(["rejected", "rejected", "accepted"]);
    const attempts = spans.filter(({ name }) => name === "attempt");
    const generations = spans.filter(({ name }) => name === "chat student");
    expect(generations.map(({ parentId }) => parentId).toSorted()).toEqual(
      attempts.map(({ spanId }) => spanId).toSorted(),
    );
    const accepted = attempts.find(({ attributes }) => attributes["proctor.attempt.outcome"] === "accepted");
    const winning = generations.find(({ parentId }) => parentId === accepted?.spanId);
    expect(asked.headers.get("x-proctor-span-id")).toBe(winning?.spanId);
    const costs = generations.map(({ attributes }) => Number(attributes["llm.cost.total"]));
    const sum = costs.reduce((one, other) => one + other, 0);
    expect(sum).toBeGreaterThan(once * 2.9);
    expect(root["proctor.cost.student_usd"]).toBeCloseTo(sum, 12);
    expect(Number(asked.headers.get("x-proctor-cost-usd"))).toBeCloseTo(sum, 9);
  });

  test("carry no idempotency key after the first", async () => {
    const { ask, student } = await start({ attempts: 3 }, { dialect });
    await ask({}, { "idempotency-key": "only-once" });
    expect(student.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([
      "only-once",
      undefined,
      undefined,
    ]);
  });
});

describe("a caller whose answers were asked for again", () => {
  test("is charged for all of them", async () => {
    const key = createKey();
    const { ask, student } = await start(
      { attempts: 3 },
      {
        answer: (_request, count) => (count % 3 === 0 ? good : bad),
        more: { keys: [{ name: "bot", hash: hashKey(key), usd_per_day: once * 2.9 }] },
      },
    );
    const first = await ask({ max_tokens: 1 }, bearer(key));
    expect([first.status, textIn(first), student.requests.length]).toEqual([200, good, 3]);
    const second = await ask({ max_tokens: 1 }, bearer(key));
    expect(second.status).toBe(429);
    expect(student.requests).toHaveLength(3);
  });
});

describe("an attempt that brings nothing", () => {
  test("leaves the answer before it the one that the reply and the trace tell of", async () => {
    const guarded = await start(
      { then: ["fallback", "redact"], fallback: "teacher" },
      {
        answer: (_request, count) => (count === 1 ? bad : { chunks: ['{"id":'], ending: "reset" }),
        models: { teacher: { role: "teacher", targets: [{ provider: "nowhere", model: "t" }] } },
        providers: { nowhere: { kind: "openai", base_url: "http://127.0.0.1:9" } },
      },
    );
    const asked = await guarded.ask();
    expect(textIn(asked)).toBe("The number is [US_SSN_1], as you know.");
    expect(asked.headers.get("x-proctor-target")).toBe("vendor/m");
    expect(asked.headers.get("x-proctor-attempts")).toBe("3");
    const { root, spans } = await rootOf(guarded, asked);
    expect(attemptsIn(spans)).toEqual(["accepted", "failed", "failed"]);
    expect(root).toMatchObject({ "proctor.verdict": "redact", "proctor.target": "vendor/m" });
    expect(root).not.toHaveProperty("error.type");
    const first = spans.find(
      ({ name, attributes }) => name === "attempt" && Number(attributes["proctor.attempt"]) === 1,
    );
    const generation = spans.find(({ name, parentId }) => name === "chat student" && parentId === first?.spanId);
    expect(asked.headers.get("x-proctor-span-id")).toBe(generation?.spanId);
  });
});
