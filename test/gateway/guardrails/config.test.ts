import { describe, expect, test } from "vitest";
import { guardrailsConfig } from "../../../gateway/guardrails/config.ts";

function parsed(group: object) {
  return guardrailsConfig.safeParse([{ models: ["student"], ...group }]);
}

/** Where the mistakes of a group are, and what is said of them. */
function mistakesIn(group: object): string[] {
  return (parsed(group).error?.issues ?? []).map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`);
}

function mistakesOf(guardrail: object): string[] {
  return mistakesIn({ output: [{ evaluator: "pii", mode: "hold", ...guardrail }] });
}

describe("the section of guardrails", () => {
  test("may be absent", () => {
    expect(guardrailsConfig.parse(undefined)).toEqual([]);
  });

  test("settles every default of a group", () => {
    expect(guardrailsConfig.parse([{ models: ["student"] }])).toEqual([
      {
        name: "default",
        models: ["student"],
        input: [],
        output: [],
        on_block: "refuse",
        hold: { max_bytes: 16_777_216, on_exceed: "block" },
        budget: { on_exceed: "observe" },
        context_from: ["body", "tool_results", "documents", "tags"],
      },
    ]);
  });

  test("settles every default of a guardrail, and covers all but attachments of a request", () => {
    const guardrail = { evaluator: "pii", mode: "hold" };
    const settled = {
      ...guardrail,
      when: "always",
      on_fail: "block",
      then: [],
      attempts: 2,
      within: 60_000,
      on_error: "block",
      on_timeout: "block",
      on_skip: "allow",
      on_abstain: "allow",
      timeout: 30_000,
      sample: 1,
    };
    const [group] = guardrailsConfig.parse([{ models: ["student"], input: [guardrail], output: [guardrail] }]);
    expect(group?.output).toEqual([{ ...settled, covers: ["text", "refusal", "reasoning", "tool_calls", "other"] }]);
    expect(group?.input).toEqual([
      {
        ...settled,
        covers: ["system", "user", "assistant", "tool_results", "documents", "image_urls", "tools"],
      },
    ]);
  });
});

describe("what a group cannot be", () => {
  test.each([
    [{ models: [] }, "models: Too small: expected array to have >=1 items"],
    [{ models: [""] }, "models.0: Too small: expected string to have >=1 characters"],
    [{ on_block: "ignore" }, 'on_block: Invalid option: expected one of "refuse"|"error"'],
    [{ hold: { on_exceed: "allow" } }, 'hold.on_exceed: Invalid option: expected one of "block"|"degrade"'],
    [{ hold: { max_bytes: 0 } }, "hold.max_bytes: Too small: expected number to be >0"],
    [{ hold: { bytes: 1 } }, 'hold: Unrecognized key: "bytes"'],
    [
      { budget: { on_exceed: "degrade" } },
      'budget.on_exceed: Invalid option: expected one of "allow"|"observe"|"block"',
    ],
    [{ budget: { judge_usd: 0 } }, "budget.judge_usd: Too small: expected number to be >0"],
    [{ budget: { usd: 1 } }, 'budget: Unrecognized key: "usd"'],
    [
      { context_from: ["documents", "headers"] },
      'context_from.1: Invalid option: expected one of "body"|"tool_results"|"documents"|"tags"',
    ],
    [{ outputs: [] }, ': Unrecognized key: "outputs"'],
  ])("%j: %s", (group, mistake) => {
    expect(mistakesIn(group)).toEqual([mistake]);
  });

  test.each(["support", "a", "v2_eu-west", `a${"b".repeat(39)}`])("its name may be %s", (name) => {
    expect(mistakesIn({ name })).toEqual([]);
  });

  test.each(["", "Support", "2nd", "a b", "a@b", "-a", `a${"b".repeat(40)}`])("its name may not be %j", (name) => {
    expect(mistakesIn({ name })).toEqual(["name: a short name of small letters, digits, _ and -, such as support"]);
  });
});

describe("what a guardrail cannot be", () => {
  test.each([
    [{ mode: "stream" }, 'mode: Invalid option: expected one of "hold"|"window"|"observe"'],
    [{ evaluator: "" }, "evaluator: Too small: expected string to have >=1 characters"],
    [{ when: "never" }, 'when: Invalid option: expected one of "context"|"tools"|"always"'],
    [{ on_error: "flag" }, 'on_error: Invalid option: expected one of "allow"|"block"'],
    [{ attempts: 1 }, "attempts: Too small: expected number to be >=2"],
    [{ attempts: 11 }, "attempts: Too big: expected number to be <=10"],
    [{ attempts: 2.5 }, "attempts: Invalid input: expected int, received number"],
    [{ max_usd: 0 }, "max_usd: Too small: expected number to be >0"],
    [{ sample: 1.01 }, "sample: Too big: expected number to be <=1"],
    [{ sample: -0.01 }, "sample: Too small: expected number to be >=0"],
    [{ covers: [] }, "covers: Too small: expected array to have >=1 items"],
    [{ fallback: "" }, "fallback: Too small: expected string to have >=1 characters"],
    [{ retries: 1 }, ': Unrecognized key: "retries"'],
  ])("%j: %s", (guardrail, mistake) => {
    expect(mistakesOf(guardrail)).toEqual([mistake.startsWith(":") ? `output.0${mistake}` : `output.0.${mistake}`]);
  });

  test("covers kinds of its own stage only", () => {
    const guardrail = (covers: string) => [{ evaluator: "pii", mode: "hold", covers: [covers] }];
    expect(mistakesIn({ input: guardrail("attachments"), output: guardrail("refusal") })).toEqual([]);
    expect(mistakesIn({ input: guardrail("refusal") })).toHaveLength(1);
    expect(mistakesIn({ output: guardrail("attachments") })).toHaveLength(1);
  });

  test.each(["timeout", "within"])("%s is a duration", (key) => {
    expect(mistakesOf({ [key]: "500ms" })).toEqual([]);
    expect(mistakesOf({ [key]: "soon" })).toEqual([expect.stringContaining(`output.0.${key}: "soon" is no duration.`)]);
  });
});
