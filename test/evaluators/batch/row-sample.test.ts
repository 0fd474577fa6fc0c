import { expect, test } from "vitest";
import { carriedIn, sampleIn } from "../../../evaluators/batch/row-sample.ts";

test("columns that no sample has are left out of the sample and travel along with id and metadata", () => {
  const row = { id: 7, response: "a", contexts: "c", team: "billing", metadata: { x: 1 }, label: "pass" };
  expect(sampleIn(row)).toEqual({ output: "a", context: ["c"] });
  expect(carriedIn(row)).toEqual({ id: 7, team: "billing", metadata: { x: 1 }, label: "pass" });
});

test("every name of a field is examined under whatever spelling", () => {
  const spellings = ["response", "answer", "output"];
  for (const name of spellings) expect(sampleIn({ [name]: "x" })).toEqual({ output: "x" });
  for (const name of ["query", "question", "prompt", "input"])
    expect(sampleIn({ [name]: "x" })).toEqual({ input: "x" });
  for (const name of ["expected", "reference", "expected_response", "expected_output"])
    expect(sampleIn({ [name]: "x" })).toEqual({ expected_output: "x" });
  expect(sampleIn({ system_prompt: "x" })).toEqual({ system: "x" });
  expect(sampleIn({ tools: [{ name: "t" }], messages: [], schema: {} })).toEqual({
    tools: [{ name: "t" }],
    messages: [],
    schema: {},
  });
});

test.each([
  [{ id: 1, text: "x" }, /^The row has none of the fields that can be examined: input, system, output, /],
  [{}, /none of the fields/],
  [{ output: null }, /none of the fields/],
  [{ output: 7 }, /The sample's field "output" is not right/],
  [{ output: "a", response: "b" }, /names "output" twice/],
  ["text", /A sample is an object such as .*, not a string\./],
  [null, /not null/],
  [[1], /not an array/],
])("%j is no sample, and the sentence says why", (row, message) => {
  expect(() => sampleIn(row)).toThrow(message);
});

test("what is no object carries nothing", () => {
  for (const row of ["x", 1, null, undefined, [{ id: 1 }]]) expect(carriedIn(row)).toEqual({});
});

test("thousands of column names cost nothing that stays", () => {
  for (let at = 0; at < 3000; at += 1) expect(carriedIn({ [`column ${at}`]: at })).toEqual({ [`column ${at}`]: at });
});
