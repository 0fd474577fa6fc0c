import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { faithfulness } from "../../../evaluators/faithfulness/faithfulness.ts";

const evaluator = faithfulness.configure();

async function scoreOf(output: string, context: readonly string[]): Promise<number | null> {
  const { score } = await evaluateOne(evaluator, { output, context: [...context] }, {});
  return score;
}

const people = ["Ada", "Bruno", "Chidi", "Dora"];
const things = ["parcel", "invoice", "garden", "refund", "bicycle", "ticket"];
const verbs = ["arrives", "costs", "opens", "includes", "replaces"];
const tails = [
  "within 3 days",
  "for $40",
  "on 12 March 2024",
  "from 9 am to 5 pm on Monday",
  "not before noon",
  "without a receipt",
  "in Lisbon",
  "by 6 pm",
  "for five percent",
  "of twenty five people",
];
const sentence = fc
  .tuple(
    fc.constantFrom(...[...people, "The manager", "It", "Nobody"].map((subject) => `${subject} `)),
    fc.constantFrom("", "never ", "does not "),
    fc.constantFrom(...verbs),
    fc.constantFrom("the ", "a ", "no "),
    fc.constantFrom(...things),
    fc.constantFrom("", ...tails.map((tail) => ` ${tail}`)),
  )
  .map((parts) => `${parts.join("").replace("  ", " ")}.`.replace(/^./, (first) => first.toUpperCase()));

const business = fc
  .record({
    name: fc.constantFrom("Blue Door", "Ada's Garden"),
    WiFi: fc.constantFrom("no", "free", null),
    OutdoorSeating: fc.constantFrom(true, false, null),
    RestaurantsTakeOut: fc.constantFrom(true, false),
    hours: fc.constantFrom(null, { Monday: "9:0-17:0", Tuesday: "9:0-17:0" }),
    stars: fc.constantFrom(3.5, 4),
  })
  .map((value) => JSON.stringify(value));

const boast = fc.constantFrom(
  "Blue Door offers WiFi and outdoor seating.",
  "It does not offer takeout, but outdoor seating is available.",
  "They are open from 9 am to 5 pm on Monday and Tuesday.",
  "It is open until 6 pm on Sunday.",
  "Blue Door has 3.5 out of 5 stars.",
);

const context = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.array(sentence, { minLength: 1, maxLength: 4 }).map((all) => all.join(" ")) },
    business,
  ),
  { minLength: 1, maxLength: 5 },
);
const output = fc.array(fc.oneof(sentence, boast), { minLength: 1, maxLength: 5 });

/** None of them is in any generated context. */
const invented = fc.constantFrom("Zorblax", "Quenby", "4711", "$986.31", "77.7%", "8831", "Vextonia");
/** Arithmetic in another order may differ in the last digits. */
const hair = 1e-12;

test("an invented number or name, put anywhere into a sentence, never raises the score", async () => {
  await fc.assert(
    fc.asyncProperty(
      context,
      output,
      invented,
      fc.tuple(fc.nat(), fc.nat()),
      async (passages, sentences, word, [which, where]) => {
        const at = which % sentences.length;
        const words = (sentences[at] ?? "").split(" ");
        const place = 1 + (where % Math.max(1, words.length - 1));
        const changed = sentences.with(at, words.toSpliced(place, 0, word).join(" "));
        const before = await scoreOf(sentences.join(" "), passages);
        const after = await scoreOf(changed.join(" "), passages);
        fc.pre(before !== null);
        expect(after).not.toBeNull();
        expect(after ?? 1).toBeLessThanOrEqual((before ?? 0) + hair);
      },
    ),
    { numRuns: 150 },
  );
});

test("a sentence with an invented number or name, put between any two, never raises the score", async () => {
  await fc.assert(
    fc.asyncProperty(
      context,
      output,
      fc.tuple(sentence, invented),
      fc.nat(),
      async (passages, sentences, [added, word], where) => {
        const at = where % (sentences.length + 1);
        const strange = added.replace(/\.$/, ` and ${word}.`);
        const before = await scoreOf(sentences.join(" "), passages);
        const after = await scoreOf(sentences.toSpliced(at, 0, strange).join(" "), passages);
        fc.pre(before !== null);
        expect(after).not.toBeNull();
        expect(after ?? 1).toBeLessThanOrEqual((before ?? 0) + hair);
      },
    ),
    { numRuns: 100 },
  );
});

test("taking a passage out of the context never raises the score", async () => {
  await fc.assert(
    fc.asyncProperty(context, output, fc.nat(), async (passages, sentences, which) => {
      const text = sentences.join(" ");
      const fewer = passages.toSpliced(which % passages.length, 1);
      const before = await scoreOf(text, passages);
      const after = fewer.length === 0 ? null : await scoreOf(text, fewer);
      fc.pre(before !== null);
      expect(after ?? 0).toBeLessThanOrEqual((before ?? 0) + hair);
    }),
    { numRuns: 150 },
  );
});

test("the order of the passages changes nothing of the result", async () => {
  await fc.assert(
    fc.asyncProperty(context, output, fc.nat(), async (passages, sentences, turn) => {
      const sample = { output: sentences.join(" "), context: passages };
      const at = turn % passages.length;
      const turned = { ...sample, context: [...passages.slice(at), ...passages.slice(0, at)].toReversed() };
      const [first, second] = [await evaluateOne(evaluator, sample, {}), await evaluateOne(evaluator, turned, {})];
      const plain = ({ outcome, score, reason, claims }: typeof first) => ({ outcome, score, reason, claims });
      expect(plain(second)).toEqual(plain(first));
    }),
    { numRuns: 100 },
  );
});
