import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asked, rootOf, secret, textIn, verdictOf } from "./guarded.ts";
import { type Judged, startJudged } from "./judged.ts";

const bad = `The number is ${secret}, as you know.`;
let judged: Judged;
beforeAll(async () => {
  judged = await startJudged({
    answer: () => bad,
    models: {
      open: { targets: [{ provider: "vendor", model: "m" }] },
      flagged: { targets: [{ provider: "vendor", model: "m" }] },
      falling: { targets: [{ provider: "vendor", model: "m" }], fallback: "judge" },
    },
    guardrail: { mode: "observe" },
    more: {
      guardrails: [
        { models: ["student"], output: [{ evaluator: "pii", mode: "hold" }] },
        { models: ["flagged"], output: [{ evaluator: "pii", mode: "hold", on_fail: "flag" }] },
      ],
    },
  });
});
afterAll(() => judged.close());

const ask = (model: string, asked: string, stream = false): Promise<Asked> =>
  judged.ask({ model, stream }, { "x-proctor-evaluators": asked });

describe.each([false, true])("x-proctor-evaluators (stream: %s)", (stream) => {
  test("has an answer watched that nothing guards, and does not hold it back", async () => {
    const asked = await ask("open", "pii", stream);
    expect(textIn(asked)).toBe(bad);
    expect(verdictOf(asked)).toBe("allow");
    await expect
      .poll(async () => {
        const { spans } = await rootOf(judged, asked);
        return spans.find(({ name }) => name === "evaluate pii")?.attributes;
      })
      .toMatchObject({ "proctor.eval.mode": "observe", "proctor.eval.outcome": "fail" });
  });

  test("has an answer held back with :block", async () => {
    const asked = await ask("open", "pii:block", stream);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
    expect(asked.headers.get("x-proctor-policy")).toMatch(/^requested@[0-9a-f]{4}$/);
  });

  test("never takes the place of what holds an answer back", async () => {
    const asked = await ask("student", "pii", stream);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
    expect(asked.headers.get("x-proctor-policy")).toMatch(/^default@[0-9a-f]{4}, requested@[0-9a-f]{4}$/);
  });

  test("enforces with :block what the alias would only flag", async () => {
    expect(textIn(await ask("flagged", "pii", stream))).toBe(bad);
    const asked = await ask("flagged", "pii:block", stream);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
  });
});

describe("x-proctor-evaluators that names", () => {
  test.each([
    ["nonsense", "nonsense"],
    ["nonsense:block", "nonsense"],
    ["pii:allow", "pii:allow"],
    [":block", ""],
  ])("%j is a 400 with what there is", async (header, name) => {
    const before = judged.student.requests.length;
    const { status, body } = await ask("open", header);
    expect(status).toBe(400);
    const { error } = JSON.parse(body) as { error: { message: string } };
    expect(error.message).toContain("The header x-proctor-evaluators is not right");
    expect(error.message).toContain(`"${name}"`);
    expect(error.message).toContain("pii");
    expect(judged.student.requests.length).toBe(before);
  });

  test.each(["judge", "falling"])("a judge that would judge itself is a 400 (%s)", async (model) => {
    for (const header of ["policy", "policy:block"]) {
      const { status, body } = await ask(model, header);
      expect(status).toBe(400);
      expect(body).toContain("a judge is never the model under judgement");
    }
  });

  test("one evaluator twice runs it once", async () => {
    const asked = await ask("open", "pii:block, pii:block ,pii:block");
    expect(asked.headers.get("x-proctor-evaluations")).toBe("pii:fail");
  });
});
