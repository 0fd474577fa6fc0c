import { expect, test } from "vitest";
import { describeModels } from "../../cli/doctor-models.ts";
import { type Alias, pricesAsOf } from "../../gateway/index.ts";
import { targetNamed } from "../support/target.ts";

function lineOf(alias: Partial<Alias>): string | undefined {
  const whole: Alias = {
    name: "student",
    role: "student",
    guardrails: [],
    retry: { attempts: 1, on: [] },
    targets: [targetNamed("here/m")],
    ...alias,
  };
  return describeModels({ aliases: new Map([[whole.name, whole]]) })[0];
}

test("a model's line says who answers, at what price and who said so", () => {
  expect(lineOf({})).toBe("student (student) → here/m; not guarded");
  const targets = [
    targetNamed("a/m", { weight: 9, price: { input: 1, output: 2 }, priceFrom: "target" }),
    targetNamed("b/m", { price: { input: 3, output: 4 }, priceFrom: "list" }),
  ];
  expect(lineOf({ targets })).toBe(
    `student (student) → a/m (weight 9, $1 in, $2 out per million tokens: price of the target), b/m (weight 1, $3 in, $4 out per million tokens: list price of ${pricesAsOf}); not guarded`,
  );
});

test("a model's line says what follows when nobody answers, and who gets copies", () => {
  const routed = {
    retry: { attempts: 3, on: [429, "5xx"] },
    sticky: "session",
    fallback: ["teacher", "last"],
    shadow: { model: "next", sample: 0.125 },
  } as const;
  expect(lineOf(routed)).toBe(
    "student (student) → here/m; up to 3 tries on 429, 5xx; the same target for a session; then teacher, then last; 12.5% copied to next; not guarded",
  );
});

test("a model's line says how long its answers are kept", () => {
  const store = { get: async () => undefined, set: async () => {} };
  expect(lineOf({ cache: { ttlMs: 90_000, store } })).toBe(
    "student (student) → here/m; answers kept for 90 s; not guarded",
  );
});
