import { describe, expect, test } from "vitest";
import { blockEnd } from "../../../evaluators/linear/blocks.ts";

const words = (length: number) => "word ".repeat(length).slice(0, length);

describe("the end of a block", () => {
  test("is not known while a short text may go on, and is the end of a short text that is complete", () => {
    expect(blockEnd("Short. Text.", 0, false)).toBeUndefined();
    expect(blockEnd("Short. Text.", 0, true)).toBe(12);
  });

  test("is after the first sentence that ends beyond 240 characters, with the space behind it", () => {
    const text = `${words(235)} end. Next sentence.`;
    expect(blockEnd(text, 0, false)).toBeUndefined();
    const longer = `${words(236)} end. Next.`;
    expect(blockEnd(longer, 0, false)).toBe(longer.indexOf("Next"));
  });

  test.each(["! ", "? ", '." ', "… ", "\n", "。", "！"])("is after %j", (mark) => {
    expect(blockEnd(`${words(250)}x${mark}rest`, 0, false)).toBe(251 + mark.length);
  });

  test("counts from where the block starts", () => {
    const text = `${words(300)}x. ${words(300)}y. z`;
    expect(blockEnd(text, 303, false)).toBe(606);
  });

  test("is at white space beyond 1,200 characters when no sentence ends", () => {
    expect(blockEnd(words(1199), 0, false)).toBeUndefined();
    expect(blockEnd(words(1300), 0, false)).toBe(1205);
  });

  test("is anywhere after 8,192 characters without white space, but not inside a character", () => {
    expect(blockEnd("a".repeat(8192), 0, false)).toBeUndefined();
    expect(blockEnd("a".repeat(8193), 0, false)).toBe(8192);
    expect(blockEnd(`${"a".repeat(8191)}🎉b`, 0, false)).toBe(8193);
  });
});
