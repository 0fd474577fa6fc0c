import { describe, expect, test } from "vitest";
import { type RequestFacts, selectGuardrails } from "../../../gateway/guardrails/applicable.ts";
import type { Guardrail } from "../../../gateway/guardrails/guardrail.ts";
import { byWord } from "../../support/scripted-evaluator.ts";
import { guardrailFor } from "./guarded.ts";

const held = { stage: "output", mode: "hold" } as const;
const observed = { stage: "output", mode: "observe" } as const;

const facts: RequestFacts = { hasTools: true, traceId: "0af7651916cd43dd8448eb211c80319c", hasContext: () => true };

function named(name: string, guardrail: object = {}): Guardrail {
  return guardrailFor(byWord(name), guardrail);
}

test("of all guardrails those of the stage and the mode concern a request, in the order of the file", () => {
  const [first, second] = [named("first"), named("second")];
  const others = [named("window", { mode: "window" }), named("observe", { mode: "observe" })];
  const input: Guardrail = { ...named("input"), stage: "input" };
  const all = [first, ...others, input, second];
  expect(selectGuardrails(all, held, facts)).toEqual({ run: [first, second], notRun: [] });
  expect(selectGuardrails(all, { stage: "input", mode: "hold" }, facts)).toEqual({ run: [input], notRun: [] });
  expect(selectGuardrails([], held, facts)).toEqual({ run: [], notRun: [] });
});

describe("a guardrail that is meant for some requests", () => {
  test("is run for those with tools, or with context, and the others say why not", () => {
    const all = [named("a", { when: "tools" }), named("b", { when: "context" }), named("c")];
    const [tools, context, always] = all;
    expect(selectGuardrails(all, held, facts)).toEqual({ run: [tools, context, always], notRun: [] });
    expect(selectGuardrails(all, held, { ...facts, hasTools: false })).toEqual({
      run: [context, always],
      notRun: ["a:no_tools"],
    });
    expect(selectGuardrails(all, held, { ...facts, hasContext: () => false })).toEqual({
      run: [tools, always],
      notRun: ["b:no_context"],
    });
  });

  test("is asked itself whether there is context for it", () => {
    const all = [named("a", { when: "context" }), named("b", { when: "context" })];
    const hasContext = ({ evaluator }: Guardrail) => evaluator.name === "b";
    expect(selectGuardrails(all, held, { ...facts, hasContext })).toEqual({ run: [all[1]], notRun: ["a:no_context"] });
  });
});

describe("a sample", () => {
  const traceWith = (end: string) => `0af7651916cd43dd8448eb21${end}`;

  test.each([
    [0.5, "7fffffff", true],
    [0.5, "80000000", false],
    [0.25, "3fffffff", true],
    [0.25, "40000000", false],
    [0, "00000000", false],
    [1, "ffffffff", true],
  ])("of %d takes the trace that ends in %s: %s", (sample, end, isTaken) => {
    const guardrail = named("a", { mode: "observe", sample });
    const selection = selectGuardrails([guardrail], observed, { ...facts, traceId: traceWith(end) });
    expect(selection).toEqual(isTaken ? { run: [guardrail], notRun: [] } : { run: [], notRun: ["a:not_sampled"] });
  });

  test("takes all of nothing else than a trace id", () => {
    const guardrail = named("a", { mode: "observe", sample: 1 });
    expect(selectGuardrails([guardrail], observed, { ...facts, traceId: "" }).run).toEqual([guardrail]);
  });
});
