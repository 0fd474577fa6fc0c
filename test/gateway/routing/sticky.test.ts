import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetFor } from "../../../gateway/routing/alias.ts";
import { stickyTarget, unitHash } from "../../../gateway/routing/sticky.ts";
import { targetNamed } from "../../support/target.ts";

const sessions = Array.from({ length: 4000 }, (_, index) => `session-${index}`);
const labels = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 6 });

describe("the target of a session", () => {
  test("is the same whatever the order of the targets", () => {
    fc.assert(
      fc.property(labels, fc.string(), (names, session) => {
        const targets = names.map((name) => targetNamed(name));
        const chosen = stickyTarget(targets, session).label;
        expect(stickyTarget(targets.toReversed(), session).label).toBe(chosen);
      }),
    );
  });

  test("stays when another is added or taken away", () => {
    fc.assert(
      fc.property(labels, fc.string(), (names, session) => {
        const targets = names.map((name) => targetNamed(name));
        const chosen = stickyTarget(targets, session);
        for (const away of targets.filter((each) => each !== chosen)) {
          const left = targets.filter((each) => each !== away);
          expect(stickyTarget(left, session)).toBe(chosen);
        }
      }),
    );
  });

  test("is, over many sessions, each as often as its weight says", () => {
    const targets = [targetNamed("a", { weight: 6 }), targetNamed("b", { weight: 3 }), targetNamed("c", { weight: 1 })];
    const counts = new Map<string, number>();
    for (const session of sessions) {
      const { label } = stickyTarget(targets, session);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    for (const { label, weight } of targets) {
      expect(Math.abs((counts.get(label) ?? 0) / sessions.length - weight / 10)).toBeLessThan(0.03);
    }
  });

  test("of the sessions of a target that is away, every other one takes some", () => {
    const targets = [targetNamed("a"), targetNamed("b"), targetNamed("c"), targetNamed("d")];
    const left = targets.filter(({ label }) => label !== "a");
    const homeless = sessions.filter((session) => stickyTarget(targets, session).label === "a");
    const taken = new Set(homeless.map((session) => stickyTarget(left, session).label));
    expect(homeless.length).toBeGreaterThan(0);
    expect([...taken].toSorted((a, b) => a.localeCompare(b))).toEqual(["b", "c", "d"]);
  });

  test("is left to chance without a session, or where the alias is not sticky", () => {
    const targets = [targetNamed("a"), targetNamed("b")];
    const chosenOf = (sticky: "session" | undefined, session: string | undefined) =>
      new Set(Array.from({ length: 200 }, () => targetFor({ sticky }, targets, session).label));
    expect(chosenOf("session", "s").size).toBe(1);
    expect(chosenOf("session", undefined).size).toBe(2);
    expect(chosenOf("session", "").size).toBe(2);
    expect(chosenOf(undefined, "s").size).toBe(2);
  });

  test("cannot be chosen among none", () => {
    expect(() => stickyTarget([], "s")).toThrow("An alias has at least one target.");
  });
});

test("the number of a text lies between 0 and 1 and is always the same", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const number = unitHash(text);
      expect(number).toBeGreaterThan(0);
      expect(number).toBeLessThan(1);
      expect(unitHash(text)).toBe(number);
    }),
  );
});
