import { describe, expect, test } from "vitest";
import { createEvaluatorSet } from "../../../evaluators/index.ts";
import { guardrailsConfig } from "../../../gateway/guardrails/config.ts";
import {
  asObserver,
  chainOf,
  guardrailsOf,
  holdsRequests,
  isEnd,
  requestedGuardrail,
  uncoveredBy,
  withholds,
} from "../../../gateway/guardrails/guardrail.ts";
import { byJudge, byWord } from "../../support/scripted-evaluator.ts";
import { guardrailWith } from "./guarded.ts";

const [words, others, judge] = [byWord(), byWord("others"), byJudge()];
const evaluators = createEvaluatorSet([words, others, judge]);
const outputKinds = ["text", "refusal", "reasoning", "tool_calls", "other"];

describe("the guardrails of an alias", () => {
  test("are those of every group that names it, in the order of the file, what comes in first", () => {
    const groups = guardrailsConfig.parse([
      {
        name: "first",
        models: ["other", "student"],
        output: [{ evaluator: "by_judge", mode: "observe" }],
        input: [{ evaluator: "by_word", mode: "hold" }],
      },
      { models: ["teacher"], output: [{ evaluator: "others", mode: "hold" }] },
      { name: "second", models: ["student"], output: [{ evaluator: "by_word", mode: "window" }] },
    ]);
    const found = guardrailsOf("student", groups, evaluators);
    expect(found.map(({ policy, stage, mode, evaluator }) => [policy, stage, mode, evaluator])).toEqual([
      ["first", "input", "hold", words],
      ["first", "output", "observe", judge],
      ["second", "output", "window", words],
    ]);
    expect(guardrailsOf("nobody", groups, evaluators)).toEqual([]);
  });

  test("say what the file says, in milliseconds", () => {
    const guardrail = {
      evaluator: "by_word",
      mode: "hold",
      when: "tools",
      covers: ["text"],
      on_fail: "regenerate",
      then: "flag",
      attempts: 4,
      within: "5s",
      max_usd: 0.1,
      fallback: "teacher",
      on_error: "allow",
      on_timeout: "allow",
      on_skip: "block",
      on_abstain: "block",
      timeout: "2s",
      sample: 0.5,
    };
    const group = {
      name: "support",
      on_block: "error",
      hold: { max_bytes: 1000, on_exceed: "degrade" },
      budget: { judge_ms: "3s", judge_usd: 0.2, judge_ms_per_day: "1m", judge_usd_per_day: 2, on_exceed: "allow" },
      context_from: ["tags"],
    };
    expect(guardrailWith(guardrail, group)).toMatchObject({
      stage: "output",
      mode: "hold",
      when: "tools",
      covers: ["text"],
      onFail: ["regenerate", "flag"],
      onUnexamined: { error: "degraded", timeout: "degraded", skipped: "block", abstained: "block" },
      regenerate: { attempts: 4, withinMs: 5_000, maxUsd: 0.1 },
      fallback: "teacher",
      onBlock: "error",
      contextFrom: ["tags"],
      hold: { max_bytes: 1000, on_exceed: "degrade" },
      budget: { judge_ms: 3_000, judge_usd: 0.2, judge_ms_per_day: 60_000, judge_usd_per_day: 2, on_exceed: "allow" },
      policy: "support",
      timeoutMs: 2_000,
      sample: 0.5,
    });
  });

  test("block what fails or breaks and let through what says nothing, where nobody says otherwise", () => {
    expect({ ...guardrailWith(), evaluator: "by_word" }).toEqual({
      evaluator: "by_word",
      stage: "output",
      mode: "hold",
      when: "always",
      covers: outputKinds,
      onFail: ["block"],
      onUnexamined: { error: "block", timeout: "block", skipped: "degraded", abstained: "degraded" },
      regenerate: { attempts: 2, withinMs: 60_000, maxUsd: undefined },
      fallback: undefined,
      onBlock: "refuse",
      contextFrom: ["body", "tool_results", "documents", "tags"],
      hold: { max_bytes: 16_777_216, on_exceed: "block" },
      budget: { on_exceed: "observe" },
      policy: "default",
      timeoutMs: 30_000,
      sample: 1,
    });
  });
});

describe("a chain", () => {
  test.each([
    ["block", [], ["block"]],
    ["flag", [], ["flag"]],
    ["redact", [], ["redact", "block"]],
    ["redact", "flag", ["redact", "flag"]],
    ["redact", "regenerate", ["redact", "regenerate", "block"]],
    ["redact", ["regenerate", "fallback"], ["redact", "regenerate", "fallback", "block"]],
    ["redact", ["fallback", "block"], ["redact", "fallback", "block"]],
  ] as const)("of on_fail: %s and then: %j always ends", (on_fail, then, chain) => {
    expect(chainOf({ on_fail, then: typeof then === "string" ? then : [...then] })).toEqual(chain);
  });

  test("ends with block or flag, and with nothing else", () => {
    const actions = ["block", "flag", "redact", "regenerate", "fallback", undefined] as const;
    expect(actions.filter((action) => isEnd(action))).toEqual(["block", "flag"]);
  });
});

describe("an evaluator that a caller asks for", () => {
  test("watches", () => {
    const guardrail = requestedGuardrail(judge, false);
    expect(guardrail).toMatchObject({ mode: "observe", stage: "output", policy: "requested", covers: outputKinds });
    expect(guardrail.evaluator).toBe(judge);
    expect(guardrail.onUnexamined).toEqual({
      error: "block",
      timeout: "block",
      skipped: "degraded",
      abstained: "degraded",
    });
  });

  test("withholds whatever does not pass where it is enforced", () => {
    const guardrail = requestedGuardrail(judge, true);
    expect(guardrail).toMatchObject({ mode: "hold", stage: "output", policy: "requested", onFail: ["block"] });
    expect(guardrail.onUnexamined).toEqual({ error: "block", timeout: "block", skipped: "block", abstained: "block" });
  });
});

describe("a guardrail", () => {
  test("can watch instead, and all else stays", () => {
    const guardrail = guardrailWith({ on_fail: "flag" });
    expect(asObserver(guardrail)).toEqual({ ...guardrail, mode: "observe" });
  });

  test("says what it does not cover", () => {
    expect(uncoveredBy({ stage: "output", covers: ["text", "tool_calls"] })).toEqual(["refusal", "reasoning", "other"]);
    expect(uncoveredBy({ stage: "output", covers: guardrailWith().covers })).toEqual([]);
    expect(
      uncoveredBy({ stage: "input", covers: ["system", "user", "assistant", "tool_results", "documents"] }),
    ).toEqual(["image_urls", "tools", "attachments"]);
  });

  test.each([
    ["input", "hold", true, false],
    ["input", "observe", false, false],
    ["output", "hold", false, true],
    ["output", "window", false, true],
    ["output", "observe", false, false],
  ] as const)("of the %s in %s makes a request wait (%s) or an answer (%s)", (stage, mode, request, answer) => {
    expect(holdsRequests({ stage, mode })).toBe(request);
    expect(withholds({ stage, mode })).toBe(answer);
  });
});
