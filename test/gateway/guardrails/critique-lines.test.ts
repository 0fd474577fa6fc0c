import { describe, expect, test } from "vitest";
import type { Claim, Criterion } from "../../../evaluators/index.ts";
import { critiqueOf } from "../../../gateway/guardrails/critique.ts";
import { evaluationWith } from "./guarded.ts";

function claim(text: string, found: Partial<Claim> = {}): Claim {
  return { text, start: 0, end: text.length, verdict: "unsupported", ...found };
}

function criterion(found: Partial<Criterion>): Criterion {
  return { id: "tone", question: "Is it polite?", verdict: "no", weight: 1, ...found };
}

/** What is told of an answer that failed, without what is always said. */
function toldOf(found: { readonly claims?: Claim[]; readonly criteria?: Criterion[]; readonly reason?: string }) {
  const critique = critiqueOf([evaluationWith({ outcome: "fail", score: 0, reason: "No.", ...found })]);
  expect(critique.length).toBeLessThanOrEqual(4_000);
  return critique.split("\n\n")[1]?.split("\n") ?? [];
}

const quoted = (evidence: string) => toldOf({ criteria: [criterion({ evidence })] }).at(-1);
const met = "- tone is not met (no): Is it polite?";

describe("a line of a critique", () => {
  test("is one line, with single spaces and none around it", () => {
    expect(toldOf({ reason: " \n Not   all\n\nis well. " })).toEqual(["by_word: Not all is well."]);
  });

  test("quotes up to 200 characters whole", () => {
    expect(quoted("x".repeat(200))).toBe(`${met} Why: "${"x".repeat(200)}"`);
    expect(quoted("x".repeat(201))).toBe(`${met} Why: "${"x".repeat(199)}…"`);
  });

  test("may speak of samples", () => {
    expect(quoted("some sample data")).toBe(`${met} Why: "some sample data"`);
    expect(quoted("sample-0a1b2c")).toBe(met);
  });

  test("is not left out for what stands behind its end", () => {
    const long = `${"so it is. ".repeat(60)}0123456789abcdef0123456789abcdef`;
    expect(quoted(long)).toMatch(/Why: "so it is\..*…"$/);
  });

  test("is not left out because a violation is empty", () => {
    const claims = [claim("", { verdict: "violation", kind: "gap" })];
    expect(toldOf({ claims, criteria: [criterion({ evidence: "rude" })] })).toContain(`${met} Why: "rude"`);
  });

  test("is no claim where the claim is a violation that its criterion tells of", () => {
    const claims = [claim("rude", { verdict: "violation", kind: "tone" })];
    expect(toldOf({ claims, criteria: [criterion({ evidence: "rude" })] })).toEqual([
      "by_word: No.",
      `${met} Why: "rude"`,
    ]);
  });
});

describe("of too many lines", () => {
  test("as many are told as there is room for, however short they are", () => {
    const told = toldOf({ claims: Array.from({ length: 250 }, (_, index) => claim(`a${index}`)) });
    expect(told.length).toBeGreaterThan(150);
    expect(told.at(-1)).toBe("- There is more of the same kind.");
  });

  test("the criteria that weigh most come first", () => {
    const question = "Is it so? ".repeat(20);
    const light = Array.from({ length: 40 }, (_, index) => criterion({ id: `light_${index}`, question }));
    const told = toldOf({ criteria: [...light, criterion({ id: "heavy", question, weight: 5 })] });
    expect(told.some((line) => line.startsWith("- heavy is not met"))).toBe(true);
    expect(told.length).toBeLessThan(41);
  });

  test.each(["supported", "violation"] as const)("claims that are %s take no room", (verdict) => {
    const others = Array.from({ length: 300 }, (_, index) => claim(`s${index}`, { verdict, kind: "same" }));
    const told = toldOf({ claims: [...others, claim("The worst.", { verdict: "contradicted" })] });
    expect(told).toContain('- contradicted: "The worst."');
  });
});
