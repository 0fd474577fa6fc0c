import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { describe, expect, test } from "vitest";
import { examineHeld, examineObserved, type Subject } from "../../../gateway/guardrails/examine.ts";
import type { Guardrail } from "../../../gateway/guardrails/guardrail.ts";
import { contextOf } from "../../../tracing/index.ts";
import { byJudge, byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";
import { answer, judgeSaying, type Traces } from "./examined.ts";
import { guardrailFor, guardrailWith } from "./guarded.ts";

const says = (output: string) => ({ sampleFor: () => ({ output }) });

function guardrailSpan({ spans }: Traces): ReadableSpan {
  const found = spans().find(({ name }) => name.startsWith("guardrail "));
  if (!found) throw new TypeError("There is no GUARDRAIL span.");
  return found;
}

/** What the GUARDRAIL span says after an examination. */
async function spanOf(guardrails: readonly Guardrail[], changes: Partial<Subject> = {}) {
  const traces = answer(changes);
  await examineHeld("output", guardrails, traces.subject);
  return guardrailSpan(traces).attributes;
}

const marking = scriptedEvaluator("marking", () => ({
  score: 0,
  reason: "Bad.",
  claims: [{ text: "bad", start: 0, end: 3, verdict: "violation" }],
}));

describe("the span of an examination", () => {
  test("names the stage, and says what is given for all spans", async () => {
    const traces = answer({ attributes: { "proctor.alias": "student" } });
    await examineHeld("input", [guardrailWith()], traces.subject);
    const { name, attributes, status } = guardrailSpan(traces);
    expect(name).toBe("guardrail input");
    expect(attributes).toEqual({
      "openinference.span.kind": "GUARDRAIL",
      "proctor.alias": "student",
      "proctor.guardrail.stage": "input",
      "proctor.guardrail.mode": "hold",
      "proctor.guardrail.verdict": "allow",
      "proctor.guardrail.action": "pass",
      "output.mime_type": "application/json",
      "output.value": JSON.stringify([
        { evaluator: "by_word", outcome: "pass", score: 1, threshold: 0.5, reason: "Good.", effect: "allow" },
      ]),
    });
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  test("hangs where it is told to, and over the evaluators, which link to what they judge", async () => {
    const [traceId, spanId] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    const target = { traceId, spanId: "00f067aa0ba902b7", traceFlags: 1 };
    const attributes = { "proctor.alias": "student" };
    const traces = answer({ parent: contextOf(traceId, spanId), target, attributes });
    await examineHeld("output", [guardrailWith({ mode: "window" })], traces.subject);
    const above = guardrailSpan(traces);
    expect([above.spanContext().traceId, above.parentSpanContext?.spanId]).toEqual([traceId, spanId]);
    const evaluator = traces.spans().find(({ name }) => name === "evaluate by_word");
    expect(evaluator?.parentSpanContext?.spanId).toBe(above.spanContext().spanId);
    expect(evaluator?.links.map(({ context }) => context)).toEqual([target]);
    expect(evaluator?.attributes).toMatchObject({ "proctor.eval.mode": "window", "proctor.alias": "student" });
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test("is in hold where one guardrail holds, in window where all are, in observe where nothing waits", async () => {
    const [hold, window] = [guardrailWith(), guardrailWith({ mode: "window" })];
    expect(await spanOf([window, hold])).toMatchObject({ "proctor.guardrail.mode": "hold" });
    expect(await spanOf([window, window])).toMatchObject({ "proctor.guardrail.mode": "window" });
    const traces = answer();
    await examineObserved("output", [guardrailWith({ mode: "observe" })], traces.subject);
    expect(guardrailSpan(traces).attributes).toMatchObject({ "proctor.guardrail.mode": "observe" });
  });

  test("says what did not concern the request, and what was not run any more", async () => {
    const guardrails = [guardrailFor(byJudge("j")), guardrailFor(byWord("a")), guardrailFor(byWord("b"))];
    const notRun = ["x:no_context"];
    expect(await spanOf(guardrails, { ...says("bad"), notRun })).toMatchObject({
      "proctor.guardrail.not_run": ["x:no_context", "b:already_block", "j:already_block"],
    });
    expect(await spanOf(guardrails.slice(1), { notRun })).toMatchObject({ "proctor.guardrail.not_run": notRun });
  });

  test("keeps no more of the findings than spans may hold", async () => {
    const traces = answer({}, 20);
    await examineHeld("output", [guardrailWith()], traces.subject);
    for (const { attributes } of traces.spans()) {
      expect(String(attributes["output.value"]).length).toBeLessThanOrEqual(20);
      expect(attributes["proctor.truncated"]).toBe(true);
    }
  });
});

describe("verdict, action and who decided", () => {
  const all = (verdict: string, action: string, decidedBy?: string) => ({
    "proctor.guardrail.verdict": verdict,
    "proctor.guardrail.action": action,
    ...(decidedBy === undefined ? {} : { "proctor.guardrail.decided_by": decidedBy }),
  });

  test.each(["block", "regenerate", "flag"])("of what fails are deny, %s and its evaluator", async (on_fail) => {
    expect(await spanOf([guardrailWith({ on_fail })], says("bad"))).toMatchObject(all("deny", on_fail, "by_word"));
  });

  test("of what goes to another alias are deny and fallback", async () => {
    const guardrail = guardrailWith({ on_fail: "fallback", fallback: "teacher" });
    expect(await spanOf([guardrail], says("bad"))).toMatchObject(all("deny", "fallback", "by_word"));
  });

  test("of what is mended are deny and redact", async () => {
    const guardrails = [guardrailWith({ on_fail: "flag" }), guardrailFor(marking, { on_fail: "redact" })];
    expect(await spanOf(guardrails, says("bad"))).toMatchObject(all("deny", "redact", "marking"));
  });

  test("of what could not be examined are warn and pass where it is let through, deny and block where not", async () => {
    expect(await spanOf([guardrailWith()], says("neither"))).toMatchObject(all("warn", "pass", "by_word"));
    expect(await spanOf([guardrailWith({ on_abstain: "block" })], says("neither"))).toMatchObject(
      all("deny", "block", "by_word"),
    );
  });

  test("are warn where one could not examine what the others pass, also where nothing waits", async () => {
    const unable = scriptedEvaluator("unable", () => ({ abstained: "Nothing to see." }));
    const guardrails = [guardrailWith(), guardrailFor(unable)];
    expect(await spanOf(guardrails)).toMatchObject(all("warn", "pass", "unable"));
    const traces = answer();
    await examineObserved(
      "output",
      guardrails.map((guardrail) => ({ ...guardrail, mode: "observe" })),
      traces.subject,
    );
    expect(guardrailSpan(traces).attributes).toMatchObject(all("warn", "pass"));
  });

  test("of what passes are allow and pass, and nobody decided", async () => {
    const attributes = await spanOf([guardrailWith()]);
    expect(attributes).toMatchObject(all("allow", "pass"));
    expect(attributes).not.toHaveProperty("proctor.guardrail.decided_by");
    expect(attributes).not.toHaveProperty("proctor.guardrail.not_run");
  });

  test("of what fails and is let through are deny and log", async () => {
    const traces = answer(says("bad"));
    await examineObserved("output", [guardrailWith({ mode: "observe" })], traces.subject);
    expect(guardrailSpan(traces).attributes).toMatchObject(all("deny", "log"));
    const guardrails = [guardrailFor(byJudge(), { on_error: "allow" }), guardrailWith({ on_fail: "flag" })];
    expect(await spanOf(guardrails, says("bad"))).toMatchObject(all("deny", "log", "by_judge"));
  });

  test("are those of a judge that blocks, not of those that it stopped", async () => {
    const { judges } = judgeSaying((name) => (name === "blocks" ? "no" : undefined));
    const guardrails = [guardrailFor(byJudge("slow")), guardrailFor(byJudge("blocks"))];
    expect(await spanOf(guardrails, { judges })).toMatchObject(all("deny", "block", "blocks"));
  });
});
