import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createQuoteFinder } from "../../../evaluators/judge/quotes.ts";
import type { Sample } from "../../../evaluators/sample.ts";

const sample: Sample = {
  context: ["Refunds  are possible\nwithin “30 days” of Delivery.", "商品は30日以内に返品できます。", "No."],
  output: "Café résumé costs ½ price — ask “Anna”.",
  input: "a < b?",
};

function find(quote: string, fields: readonly ("context" | "output" | "input")[] = ["context"]) {
  return createQuoteFinder(sample, fields).find(quote);
}

describe("a quotation", () => {
  test.each([
    ["as it stands", "Refunds  are possible", 0, 21],
    ["in another case", "REFUNDS ARE", 0, 12],
    ["with other white space", "possible within", 13, 28],
    ["with other quotation marks", `"30 days"`, 29, 38],
    ["in quotation marks of its own", `"of delivery."`, 39, 51],
    ["with white space around", "  of delivery. ", 39, 51],
    ["with escapes copied from the JSON", 'within \\"30 days\\"', 22, 38],
    ["with a line break copied from the JSON", "possible\\nwithin", 13, 28],
  ])("%s is found at its place", (_form, quote, start, end) => {
    const [passage = ""] = sample.context ?? [];
    expect(find(quote)).toEqual({ field: "context", start, end, text: passage.slice(start, end) });
  });

  test("is found in any passage and in every field that may be quoted, and in no other", () => {
    expect(find("30日以内")).toMatchObject({ field: "context", start: 3, end: 8 });
    expect(find("café résumé", ["output"])).toMatchObject({ field: "output", start: 0, end: 11 });
    expect(find("café résumé")).toBeUndefined();
  });

  test("is found whether its letters are composed or not, at the same place", () => {
    expect(find("Café résumé".normalize("NFD"), ["output"])).toMatchObject({ start: 0, end: 11 });
    expect(find("costs 1⁄2 price", ["output"])).toMatchObject({ text: "costs ½ price" });
  });

  test("is found with an escaped character of the encoded sample", () => {
    expect(createQuoteFinder({ input: "if x < y1" }, ["input"]).find("x \\u003c y1")).toMatchObject({
      start: 3,
      end: 9,
    });
  });

  test.each(["", " ", "…", ".", '""', "''", "a", "of", "the", "--", "“”"])("that says nothing is none: %j", (quote) => {
    expect(find(quote, ["context", "output", "input"])).toBeUndefined();
  });

  test("that is short is one when it has a digit, two letters of a script without case, or is the whole text", () => {
    expect(find("30")).toMatchObject({ text: "30" });
    expect(find("商品")).toMatchObject({ text: "商品" });
    expect(find("no.")).toMatchObject({ text: "No." });
    expect(find("商")).toBeUndefined();
    expect(find("day")).toBeUndefined();
    expect(find("days")).toMatchObject({ text: "days" });
    expect(find("poss")).toBeUndefined();
  });

  test.each(["within 90 days", "Refunds are … within", "Delivery. 商品は", "possible within 30 days"])(
    "that does not stand there word for word is not found: %j",
    (quote) => expect(find(quote)).toBeUndefined(),
  );

  test("from nowhere is not found, also where nothing may be quoted", () => {
    expect(createQuoteFinder({}, ["context", "output"]).find("Refunds")).toBeUndefined();
    expect(createQuoteFinder(sample, []).find("Refunds")).toBeUndefined();
  });

  test("of whole words is found wherever they stand, and what stands at its place says the same", () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from("abcäöéﬁ字🎉ÅİßΣ")), minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(11), fc.nat(5), (words, from, more) => {
        const quote = words.slice(from, from + more + 1).join(" ");
        // Letters of several words would not do: "aa a a" says no more than "aa", because "a" stands in any text.
        fc.pre(/\p{L}{4}/u.test(quote));
        const found = createQuoteFinder({ output: words.join("\n\t") }, ["output"]).find(quote);
        expect(found?.text.replaceAll("\n\t", " ").toLowerCase()).toBe(quote.toLowerCase());
        expect(words.join("\n\t").slice(found?.start, found?.end)).toBe(found?.text);
      }),
    );
  });

  test("cut out of a word or from behind a negation is not found", () => {
    const finder = createQuoteFinder({ output: "That is illegal, and not refundable within 30 days; you can't." }, [
      "output",
    ]);
    for (const quote of ["legal", "refundable within 30 days", "0 days", "you can"]) {
      expect(finder.find(quote)).toBeUndefined();
    }
    expect(finder.find("not refundable")).toMatchObject({ text: "not refundable" });
  });

  test.each([
    ["Refunds are not possible.", "Refunds are", "Refunds are not"],
    ["We can never refund lamps.", "We can", "can never refund"],
    ["Customers cannot return lamps.", "Customers", "Customers cannot"],
    ["It has not yet been refunded.", "refunded", "not yet been refunded"],
    ["It is no longer refundable.", "refundable", "no longer refundable"],
    ["This isn't a refundable item.", "refundable item", "isn't a refundable"],
    ["Die Frist ist nicht verlängert.", "Die Frist ist", "nicht verlängert"],
    ["Le retour est pas gratuit.", "Le retour est", "pas gratuit"],
    ["Die Ware ist kein Geschenk.", "Die Ware ist", "kein Geschenk"],
  ])("of %j that leaves out its negation is not found: %j", (output, cut, whole) => {
    const finder = createQuoteFinder({ output }, ["output"]);
    expect(finder.find(cut)).toBeUndefined();
    expect(finder.find(whole)).toMatchObject({ text: whole });
  });

  test.each([
    ["Refunds are possible, not exchanges.", "Refunds are possible"],
    ["Refunds are possible without a receipt.", "Refunds are possible"],
    ["Refunds are possible. No fees.", "Refunds are possible"],
    ["If not, a refund is made.", "a refund is made"],
    ["It is not only cheap, the lamp is good.", "the lamp is good"],
    ["We note another lamp.", "We note"],
    ["The lamps notably shine.", "The lamps"],
  ])("of %j that leaves out no negation of its own is found: %j", (output, cut) => {
    expect(createQuoteFinder({ output }, ["output"]).find(cut)).toMatchObject({ text: cut });
  });

  test("is looked up in 200 KB without delay", () => {
    const long = "The parcel arrives within 3 days. ".repeat(6_000);
    const started = performance.now();
    const finder = createQuoteFinder({ context: [long] }, ["context"]);
    for (let index = 0; index < 10; index += 1) expect(finder.find(`not there ${index}`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
