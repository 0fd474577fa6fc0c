import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fallbackNames } from "../../../gateway/routing/fallbacks.ts";

const namesIn = (table: Readonly<Record<string, readonly string[]>>) => (alias: string) =>
  fallbackNames(alias, (name) => table[name] ?? []);

describe("what stands in for an alias", () => {
  test("is what it names, and after each of them what that one names, each once", () => {
    const of = namesIn({ a: ["b", "d"], b: ["c"], c: ["e"], d: ["c"], e: [] });
    expect(of("a")).toEqual(["b", "c", "e", "d"]);
    expect(of("d")).toEqual(["c", "e"]);
    expect(of("e")).toEqual([]);
  });

  test("is found also where names go round in a circle, and is never the alias itself", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const table = fc.record({
      a: fc.array(name, { maxLength: 4 }),
      b: fc.array(name, { maxLength: 4 }),
      c: fc.array(name, { maxLength: 4 }),
      d: fc.array(name, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(table, name, (given, alias) => {
        const found = namesIn(given)(alias);
        expect(found).not.toContain(alias);
        expect(new Set(found).size).toBe(found.length);
        for (const each of given[alias]) expect([alias, ...found]).toContain(each);
      }),
    );
  });
});
