import { expect, test } from "vitest";
import { evaluate } from "../../evaluators/index.ts";
import { findIbans } from "../../evaluators/safety/ibans.ts";
import { taggedPassages } from "../../gateway/wires/request-text.ts";

/** Generous for a loaded machine; what these texts once took was minutes. */
const limitMs = 2000;

function elapsed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

test("a text that looks like the beginning of an IBAN is read in time that grows with its length", () => {
  expect(elapsed(() => findIbans(`AB12${"F".repeat(60)}f`))).toBeLessThan(limitMs);
  expect(elapsed(() => findIbans("AB12FFFFFFFF ".repeat(10_000)))).toBeLessThan(limitMs);
});

test("tags that are never closed are read in time that grows with their number", () => {
  expect(elapsed(() => taggedPassages("<context ".repeat(100_000)))).toBeLessThan(limitMs);
  expect(elapsed(() => taggedPassages("<context>x".repeat(100_000)))).toBeLessThan(limitMs);
});

test("a tag that is not closed, or closed with a space, holds its passage all the same", () => {
  expect(taggedPassages("<context>a</context > <document id='1'>b</document><context>c")).toEqual(["a", "b", "c"]);
});

test("a text of nothing but negations is read in time that grows with its length", async () => {
  const started = performance.now();
  const { outcome } = await evaluate("faithfulness", { output: "not ".repeat(32_000), context: ["It is not so."] });
  expect(["pass", "fail", "abstained"]).toContain(outcome);
  expect(performance.now() - started).toBeLessThan(limitMs);
});
