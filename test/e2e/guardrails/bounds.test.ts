import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { type JudgeServer, startJudgeServer, wellFormed } from "../../support/judge-server.ts";
import { type Guarded, type GuardedOptions, rootOf, secret, startGuarded, textIn, verdictOf } from "./guarded.ts";

async function start(options: GuardedOptions): Promise<Guarded> {
  return closing(await startGuarded(options));
}

const long = `It is ${secret}. ${"And so on. ".repeat(300)}`;

describe.each([false, true])("an answer that is longer than what is held (stream: %s)", (stream) => {
  const bounded = (on_exceed: string): GuardedOptions => ({
    answer: () => long,
    output: [{ evaluator: "pii", mode: "hold", on_error: "allow" }],
    group: { hold: { max_bytes: 1000, on_exceed } },
  });

  test("is withheld by block, whatever on_error says", async () => {
    const { ask } = await start(bounded("block"));
    const asked = await ask({ stream });
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
    expect(textIn(asked)).toContain("longer than 1000 bytes");
    expect(asked.headers.get("x-proctor-evaluations")).toBe("pii:error");
  });

  test("is let through by degrade, to its end and never as examined", async () => {
    const guarded = await start(bounded("degrade"));
    const asked = await guarded.ask({ stream });
    expect(textIn(asked)).toBe(long);
    expect(asked.body.endsWith("data: [DONE]\n\n")).toBe(stream);
    expect(verdictOf(asked)).toBe("degraded");
    const { root, spans } = await rootOf(guarded, asked);
    expect(root).toMatchObject({ "proctor.verdict": "degraded", "proctor.verdict.by": "pii" });
    expect(spans.find(({ name }) => name === "attempt")?.attributes["proctor.attempt.outcome"]).toBe("accepted");
  });
});

describe("a judges' budget", () => {
  const rubric = {
    policy: { kind: "rubric", judge: "judge", criteria: [{ id: "polite", question: "Is the answer polite?" }] },
  };

  async function judged(budget: object, isFirstSlow = false): Promise<Guarded & { readonly judge: JudgeServer }> {
    const judge = closing(
      await startJudgeServer((call, index) => (isFirstSlow && index === 0 ? { never: true } : wellFormed(call, "yes"))),
    );
    const guarded = await start({
      answer: (_request, count) => `Answer number ${count}, with pleasure.`,
      output: [{ evaluator: "policy", mode: "hold" }],
      group: { name: "support", budget },
      evaluators: rubric,
      models: {
        judge: { role: "judge", targets: [{ provider: "judges", model: "j" }], price: { input: 100, output: 100 } },
      },
      more: {},
      providers: { judges: { kind: "openai", base_url: judge.url } },
    });
    return { ...guarded, judge };
  }

  test("in USD a day lets through unexamined once it is spent, and says so", async () => {
    const { ask, judge } = await judged({ judge_usd_per_day: 0.012, on_exceed: "allow" });
    expect(verdictOf(await ask())).toBe("allow");
    const asked = await ask();
    expect(judge.calls).toHaveLength(1);
    expect(verdictOf(asked)).toBe("degraded");
    expect(asked.headers.get("x-proctor-evaluations")).toBe("policy:error");
  });

  test("withholds where on_exceed is block", async () => {
    const { ask } = await judged({ judge_usd_per_day: 0.012, on_exceed: "block" });
    await ask();
    const asked = await ask();
    expect(verdictOf(asked)).toBe("block");
    expect(textIn(asked)).toContain('the judges\' budget of the policy "support" (0.012 USD for one day) is spent');
  });

  test("in time ends a judge that is slower, and has it watch where on_exceed is observe", async () => {
    const guarded = await judged({ judge_ms: "150ms", on_exceed: "observe" }, true);
    const asked = await guarded.ask();
    expect(verdictOf(asked)).toBe("degraded");
    expect(textIn(asked)).toBe("Answer number 1, with pleasure.");
    await expect
      .poll(async () => {
        const { spans } = await rootOf(guarded, asked);
        const evaluated = spans.filter(({ name }) => name === "evaluate policy").map(({ attributes }) => attributes);
        return evaluated.map((each) => [each["proctor.eval.mode"], each["proctor.eval.outcome"]]);
      })
      .toEqual(
        expect.arrayContaining([
          ["hold", "error"],
          ["observe", "pass"],
        ]),
      );
  });
});
