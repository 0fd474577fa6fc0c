import { expect, test } from "vitest";
import { listed } from "../../gateway/listed.ts";

test("few names are listed whole, many are cut with their number, and none is said", () => {
  expect(listed(["a", "b"])).toBe("a, b");
  expect(listed([])).toBe("none");
  const many = Array.from({ length: 800 }, (_, index) => `alias-${index}`);
  expect(listed(many)).toMatch(/^alias-0, .*, alias-39 and 760 more$/);
});
