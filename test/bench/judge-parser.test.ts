import { describe, expect, test } from "vitest";
import { damages } from "../../bench/evaluators/damage.ts";
import { fatesOf, readRecorded, winnerIn, wrapped } from "../../bench/evaluators/judge-parser.ts";
import { hasLlmBar, readRecordedTexts } from "../../bench/evaluators/llmbar-data.ts";

const evidence = [
  "",
  "Output (a) is better.",
  'It says "thirty days", which is what was asked.\nOutput (b) says {"verdict":"first"} instead.',
  "Ausgabe (a) nennt 30 % und 5 €; b) nicht. 👍",
  "a/b, c: [d] {e}, 'f' – g",
];
const recorded = ["1", "2"].flatMap((winner) => evidence.map((said) => ({ winner, evidence: said })));

/** What jsonrepair cannot tell from the end of a text: a bracket behind a quotation mark that nobody escaped. */
const hard = "evidence with unescaped quotation marks";

describe("verdicts in the protocol's JSON, damaged", () => {
  const fates = fatesOf(recorded, 3);

  test("there are at least twenty kinds of damage, most of them harmless", () => {
    expect(damages.length).toBeGreaterThanOrEqual(20);
    expect(damages.filter(({ harmless }) => harmless).length).toBeGreaterThanOrEqual(20);
  });

  test.each(fates.filter(({ harmless, name }) => harmless && name !== hard))(
    "all are read when the damage is harmless: $name",
    ({ read, rows }) => {
      expect(read).toBe(rows);
    },
  );

  test("no damage makes a winner of the loser", () => {
    expect(fates.filter(({ wrong }) => wrong > 0)).toEqual([]);
  });

  const unreadable = damages.filter(
    ({ name, harmless }) => !harmless && !/closed by the model|in the middle|character changed/.test(name),
  );

  test.each(unreadable)("none is read when something is missing, doubled or changed: $name", ({ name }) => {
    expect(fates.find((fate) => fate.name === name)).toMatchObject({ read: 0 });
  });
});

test("an undamaged verdict is read as what it is", () => {
  expect(winnerIn(wrapped("1", "x"))).toBe("first");
  expect(winnerIn(wrapped("2", "x"))).toBe("second");
});

if (!hasLlmBar()) process.stderr.write("SKIPPED: ../shared/data/llmbar is not here, so no recorded judge was read.\n");

describe.skipIf(!hasLlmBar())("what judges really said", () => {
  test("in prose is never taken for a verdict", () => {
    const texts = readRecordedTexts();
    expect(texts).toHaveLength(2_552);
    expect(texts.filter(({ completion }) => winnerIn(completion) !== undefined)).toEqual([]);
  });

  test("wrapped and damaged, is read in 99 of 100 harmless cases and never as another winner", () => {
    const said = readRecorded().filter((each, index) => each.evidence !== "" && index % 12 === 0);
    const fates = fatesOf(said);
    expect(fates.reduce((sum, { wrong }) => sum + wrong, 0)).toBe(0);
    const harmless = fates.filter((fate) => fate.harmless);
    const share = harmless.reduce((sum, { read }) => sum + read, 0) / harmless.reduce((sum, { rows }) => sum + rows, 0);
    expect(share).toBeGreaterThan(0.99);
  });
});
