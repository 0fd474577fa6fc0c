import { describe, expect, test } from "vitest";
import type { Claim, Evaluation, EvaluationError } from "../../../evaluators/index.ts";
import {
  canBeRedacted,
  decidingFinding,
  effectOf,
  type Finding,
  isDiscarded,
  type Progress,
  reconsidered,
  strongest,
  verdictOf,
  wasCancelled,
  worst,
} from "../../../gateway/guardrails/decide.ts";
import type { Effect } from "../../../gateway/guardrails/guardrail.ts";
import { atFirst, evaluationWith, guardrailWith } from "./guarded.ts";

const violation: Claim = { text: "bad", start: 0, end: 3, verdict: "violation" };
const failed = evaluationWith({ outcome: "fail", score: 0 });
const marked = evaluationWith({ outcome: "fail", score: 0, claims: [violation] });

/** What a failure comes to. */
function afterFailure(guardrail: object, progress: Partial<Progress> = {}, evaluation = failed): Effect {
  return effectOf(guardrailWith(guardrail), evaluation, { ...atFirst, ...progress });
}

function broken(code: EvaluationError["code"], outcome: "error" | "timeout" = "error"): Evaluation {
  return evaluationWith({ outcome, score: null, error: { code, message: "No.", retryable: false } });
}

function found(effect: Effect, evaluation: Partial<Evaluation> = {}): Finding {
  return { guardrail: guardrailWith(), evaluation: evaluationWith(evaluation), effect };
}

const cancelled = broken("cancelled");

describe("what passes", () => {
  test.each(["hold", "window", "observe"])("is let through in %s", (mode) => {
    expect(effectOf(guardrailWith({ mode }), evaluationWith(), atFirst)).toBe("allow");
  });
});

describe("what is observed", () => {
  test.each(["fail", "error", "timeout", "skipped", "abstained"] as const)(
    "is let through whatever it is: %s",
    (outcome) => {
      const block = { on_error: "block", on_timeout: "block", on_skip: "block", on_abstain: "block" };
      const guardrail = guardrailWith({ mode: "observe", ...block });
      expect(effectOf(guardrail, evaluationWith({ outcome }), atFirst)).toBe("allow");
    },
  );
});

describe("what could not be examined", () => {
  test.each([
    ["on_error", "error"],
    ["on_timeout", "timeout"],
    ["on_skip", "skipped"],
    ["on_abstain", "abstained"],
  ] as const)("is what %s says, whatever is said of the others", (key, outcome) => {
    const others = { on_error: "block", on_timeout: "block", on_skip: "block", on_abstain: "block" };
    const allowing = { on_error: "allow", on_timeout: "allow", on_skip: "allow", on_abstain: "allow" };
    const evaluation = evaluationWith({ outcome, score: null });
    expect(effectOf(guardrailWith({ ...others, [key]: "allow" }), evaluation, atFirst)).toBe("degraded");
    expect(effectOf(guardrailWith({ ...allowing, [key]: "block" }), evaluation, atFirst)).toBe("block");
  });

  test.each([
    ["allow", "degraded"],
    ["observe", "degraded"],
    ["block", "block"],
  ])("for the lack of a budget is what budget.on_exceed says, not on_error: %s", (on_exceed, effect) => {
    const opposite = effect === "block" ? "allow" : "block";
    const group = { budget: { on_exceed }, hold: { on_exceed: effect === "block" ? "degrade" : "block" } };
    expect(effectOf(guardrailWith({ on_error: opposite }, group), broken("budget"), atFirst)).toBe(effect);
  });

  test.each([
    ["degrade", "degraded"],
    ["block", "block"],
  ])("for its length is what hold.on_exceed says, not on_error: %s", (on_exceed, effect) => {
    const opposite = effect === "block" ? "allow" : "block";
    const group = { hold: { on_exceed }, budget: { on_exceed: opposite } };
    expect(effectOf(guardrailWith({ on_error: opposite }, group), broken("too_long"), atFirst)).toBe(effect);
  });

  test("for any other reason is what on_error says, whatever is said of budget and length", () => {
    const group = { hold: { on_exceed: "degrade" }, budget: { on_exceed: "allow" } };
    expect(effectOf(guardrailWith({ on_error: "block" }, group), broken("internal"), atFirst)).toBe("block");
    expect(effectOf(guardrailWith({ on_error: "allow" }, group), broken("internal"), atFirst)).toBe("degraded");
  });
});

describe("what fails", () => {
  test.each([
    ["block", "block"],
    ["flag", "flag"],
    ["regenerate", "regenerate"],
  ] as const)("gets what on_fail says: %s", (on_fail, effect) => {
    expect(afterFailure({ on_fail })).toBe(effect);
  });

  test("follows the chain from one action to the next as they are used up", () => {
    const chain = { on_fail: "redact", then: ["regenerate", "fallback", "flag"], fallback: "teacher" };
    expect(afterFailure(chain, {}, marked)).toBe("redact");
    expect(afterFailure(chain, { isRedacted: true }, marked)).toBe("regenerate");
    expect(afterFailure(chain, { isRedacted: true, attempts: 2 }, marked)).toBe("fallback");
    expect(afterFailure(chain, { isRedacted: true, attempts: 3, fellBackTo: ["teacher"] }, marked)).toBe("flag");
  });

  test("is blocked where the chain has no end of its own and nothing is left", () => {
    expect(afterFailure({ on_fail: "regenerate" }, { attempts: 2 })).toBe("block");
    expect(afterFailure({ on_fail: "redact" })).toBe("block");
  });

  test("is blocked where even the end was tried in vain", () => {
    expect(afterFailure({ on_fail: "flag" }, { exhausted: ["flag"] })).toBe("block");
    expect(afterFailure({ on_fail: "block" }, { exhausted: ["block"] })).toBe("block");
  });

  test.each([
    ["redact", marked],
    ["regenerate", failed],
    ["fallback", failed],
  ] as const)("gets no action that brought nothing: %s", (on_fail, evaluation) => {
    const guardrail = { on_fail, then: "flag", fallback: "teacher" };
    expect(afterFailure(guardrail, {}, evaluation)).toBe(on_fail);
    expect(afterFailure(guardrail, { exhausted: [on_fail] }, evaluation)).toBe("flag");
    const others = (["redact", "regenerate", "fallback"] as const).filter((action) => action !== on_fail);
    expect(afterFailure(guardrail, { exhausted: others }, evaluation)).toBe(on_fail);
  });
});

describe("redact", () => {
  const guardrail = { on_fail: "redact", then: "flag" };

  test("is possible once, and where the evaluator marks a violation", () => {
    expect(afterFailure(guardrail, {}, marked)).toBe("redact");
    expect(afterFailure(guardrail, { isRedacted: true }, marked)).toBe("flag");
    expect(afterFailure(guardrail)).toBe("flag");
    expect(afterFailure(guardrail, {}, { ...marked, claims: [{ ...violation, verdict: "unsupported" }] })).toBe("flag");
  });

  test("needs one violation among the claims", () => {
    const other: Claim = { ...violation, verdict: "contradicted" };
    expect(canBeRedacted({ claims: [other, violation] })).toBe(true);
    expect(canBeRedacted({ claims: [other] })).toBe(false);
    expect(canBeRedacted({ claims: [] })).toBe(false);
    expect(canBeRedacted({})).toBe(false);
  });
});

describe("fallback", () => {
  test("is possible once for each alias", () => {
    const guardrail = { on_fail: "fallback", fallback: "teacher" };
    expect(afterFailure(guardrail)).toBe("fallback");
    expect(afterFailure(guardrail, { fellBackTo: ["other"] })).toBe("fallback");
    expect(afterFailure(guardrail, { fellBackTo: ["other", "teacher"] })).toBe("block");
  });

  test("is impossible without an alias", () => {
    expect(afterFailure({ on_fail: "fallback", then: "flag" })).toBe("flag");
  });
});

describe("regenerate", () => {
  const guardrail = { on_fail: "regenerate", attempts: 3, within: "10s", max_usd: 0.5 };

  test.each([
    ["attempts", { attempts: 2 }, { attempts: 3 }],
    ["time", { elapsedMs: 9_999 }, { elapsedMs: 10_000 }],
    ["money", { usd: 0.499 }, { usd: 0.5 }],
    ["the alias", { fellBackTo: [] }, { fellBackTo: ["teacher"] }],
  ] satisfies [string, Partial<Progress>, Partial<Progress>][])("is bounded by %s", (_bound, before, after) => {
    expect(afterFailure(guardrail, before)).toBe("regenerate");
    expect(afterFailure(guardrail, after)).toBe("block");
  });

  test("costs what it will where nobody has bounded it", () => {
    expect(afterFailure({ on_fail: "regenerate" }, { usd: 1_000_000 })).toBe("regenerate");
  });
});

describe("of several findings", () => {
  const byWeight: readonly Effect[] = ["block", "fallback", "regenerate", "redact", "degraded", "flag", "allow"];

  test("the one that withholds most decides", () => {
    byWeight.forEach((effect, at) => {
      const rest = byWeight.slice(at).map((each) => found(each));
      expect(strongest(rest.toReversed())).toBe(effect);
    });
    expect(strongest([])).toBe("allow");
  });

  test("three effects discard an answer", () => {
    expect(byWeight.filter((effect) => isDiscarded(effect))).toEqual(["block", "fallback", "regenerate"]);
  });

  test("the first with the effect decides, and one that was cancelled only where there is no other", () => {
    const [first, second] = [found("block", { reason: "first" }), found("block", { reason: "second" })];
    const stopped = found("block", cancelled);
    const other = found("flag");
    expect(decidingFinding([other, first, second], "block")).toBe(first);
    expect(decidingFinding([stopped, other, second], "block")).toBe(second);
    expect(decidingFinding([other, stopped], "block")).toBe(stopped);
    expect(decidingFinding([other], "block")).toBeUndefined();
  });

  test("nobody decides that all is well", () => {
    expect(decidingFinding([found("allow")], "allow")).toBeUndefined();
  });

  test("those that were cancelled are told from those that broke", () => {
    expect(wasCancelled(found("block", cancelled))).toBe(true);
    expect(wasCancelled(found("block", broken("internal")))).toBe(false);
    expect(wasCancelled(found("allow"))).toBe(false);
  });
});

describe("the verdict", () => {
  test.each([
    [["allow", "redact", "degraded", "block"], "block"],
    [["allow", "redact", "degraded"], "degraded"],
    [["allow", "redact"], "redact"],
    [["allow", "flag"], "allow"],
    [[], "allow"],
  ] satisfies [Effect[], string][])("of %j is %s", (effects, verdict) => {
    expect(verdictOf(effects.map((effect) => found(effect)))).toBe(verdict);
  });

  test.each([
    [["allow", "redact", "degraded", "block"], "block"],
    [["allow", "redact", "degraded"], "degraded"],
    [["allow", "redact"], "redact"],
    [["allow"], "allow"],
    [[], "allow"],
  ] as const)("of the stages %j is %s", (verdicts, verdict) => {
    expect(worst(verdicts)).toBe(verdict);
  });
});

test("findings are reconsidered with the same evaluations as the exchange comes further", () => {
  const guardrail = guardrailWith({ on_fail: "regenerate" });
  const first: Finding = { guardrail, evaluation: failed, effect: "regenerate" };
  const passed: Finding = { guardrail, evaluation: evaluationWith(), effect: "allow" };
  expect(reconsidered([first, passed], { ...atFirst, attempts: 2 })).toEqual([{ ...first, effect: "block" }, passed]);
});
