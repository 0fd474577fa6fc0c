import { describe, expect, test } from "vitest";
import { groupsWithRepeats, hashOf, toGoldRow } from "../../../evaluators/calibration/gold.ts";

describe("a gold row", () => {
  test.each([
    ["pass", true],
    [true, true],
    [1, true],
    ["fail", false],
    [false, false],
    [0, false],
  ])("with the label %j is read", (label, good) => {
    expect(toGoldRow({ output: "x", label }, 7)).toEqual({ sample: { output: "x" }, good, group: "row 7" });
  });

  test("may say what was expected instead, but only pass or fail", () => {
    expect(toGoldRow({ output: "x", expected: "pass" }, 1)).toMatchObject({ sample: { output: "x" }, good: true });
    expect(() => toGoldRow({ output: "x", expected: "Paris" }, 1)).toThrow("This one has none.");
  });

  test("keeps an expected answer beside its label", () => {
    expect(toGoldRow({ output: "x", expected: "pass", label: "fail" }, 1)).toMatchObject({
      sample: { output: "x", expected_output: "pass" },
      good: false,
    });
  });

  test("belongs to what it names, by either name", () => {
    expect(toGoldRow({ output: "x", label: 1, group: "a" }, 1).group).toBe("group a");
    expect(toGoldRow({ output: "x", label: 1, source_id: 12 }, 1).group).toBe("source_id 12");
    expect(() => toGoldRow({ output: "x", label: 1, source_id: 12, group: 3 }, 1)).toThrow(
      'A gold row has "group" and "source_id". Keep one.',
    );
    expect(() => toGoldRow({ output: "x", label: 1, group: ["a"] }, 1)).toThrow(
      '"group": ["a"] is no group. Use a text or a number.',
    );
  });

  test.each([
    [{ output: "x" }, 'A gold row has a "label": "pass" or "fail", true or false, 1 or 0. This one has none.'],
    [{ output: "x", label: "good" }, '"label": "good" is no label. Use "pass" or "fail", true or false, 1 or 0.'],
    [{ output: "x", label: null }, '"label": null is no label. Use "pass" or "fail", true or false, 1 or 0.'],
    [{ output: "x", label: 0.7 }, '"label": 0.7 is no label. Use "pass" or "fail", true or false, 1 or 0.'],
    [[1], 'A gold row is an object such as {"output": "…", "context": ["…"], "label": "pass"}, not [1].'],
    [null, 'A gold row is an object such as {"output": "…", "context": ["…"], "label": "pass"}, not null.'],
    ["pass", 'A gold row is an object such as {"output": "…", "context": ["…"], "label": "pass"}, not "pass".'],
    [{ outptu: "x", label: 1 }, 'A sample has no field "outptu".'],
  ])("that is none, %j, is refused with a sentence", (value, message) => {
    expect(() => toGoldRow(value, 1)).toThrow(message);
  });

  test("shows no more than the beginning of a wrong label", () => {
    expect(() => toGoldRow({ output: "x", label: "z".repeat(1000) }, 1)).toThrow(/^"label": "z{39} is no label/);
  });

  test("does not change what it was given", () => {
    const value = { output: "x", label: 1, group: "a" };
    toGoldRow(value, 1);
    expect(value).toEqual({ output: "x", label: 1, group: "a" });
  });
});

test("the hash of rows changes with a text, a label, a group and the order", () => {
  const rows = [toGoldRow({ output: "x", label: 1 }, 1), toGoldRow({ output: "y", label: 0 }, 2)];
  const hash = hashOf(rows);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf([...rows])).toBe(hash);
  const others = [
    rows.toReversed(),
    [toGoldRow({ output: "z", label: 1 }, 1), rows[1]],
    [toGoldRow({ output: "x", label: 0 }, 1), rows[1]],
    [toGoldRow({ output: "x", label: 1, group: 1 }, 1), rows[1]],
  ].map((each) => hashOf(each.flatMap((row) => (row ? [row] : []))));
  expect(new Set([hash, ...others]).size).toBe(5);
});

describe("repeated rows", () => {
  const row = (output: string, group?: string) =>
    toGoldRow({ output, label: 1, ...(group === undefined ? {} : { group }) }, (at += 1));
  let at = 0;

  test("are one group, and the groups that share a sample are one too", () => {
    const rows = [row("x", "a"), row("y", "b"), row("z", "c"), row("y", "c"), row("x", "d"), row("w", "d"), row("v")];
    const groups = groupsWithRepeats(rows);
    expect(groups).toEqual(["group a", "group b", "group b", "group b", "group a", "group a", groups[6]]);
    expect(new Set(groups).size).toBe(3);
  });

  test("leave rows alone that differ in anything but their label", () => {
    const rows = [{ output: "x" }, { output: "x", input: "?" }, { output: "x " }, { output: "y" }].map(
      (sample, index) => toGoldRow({ ...sample, label: 0 }, index),
    );
    expect(groupsWithRepeats(rows)).toEqual(["row 0", "row 1", "row 2", "row 3"]);
    const contradicting = [toGoldRow({ output: "x", label: 0 }, 1), toGoldRow({ output: "x", label: 1 }, 2)];
    expect(groupsWithRepeats(contradicting)).toEqual(["row 1", "row 1"]);
  });

  test("hang together over any number of groups", () => {
    const chain = Array.from({ length: 500 }, (_, index) => [
      row(`sample ${index}`, `g${index}`),
      row(`sample ${index + 1}`, `g${index}`),
    ]).flat();
    expect(new Set(groupsWithRepeats(chain))).toEqual(new Set(["group g0"]));
    expect(new Set(groupsWithRepeats(chain.toReversed())).size).toBe(1);
  });
});
