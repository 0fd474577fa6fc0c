import { expect, test } from "vitest";
import { differences, toRecordedCall, withMarks } from "../../../gateway/cassettes/recorded-call.ts";

const [one, two, three, four] = ["1", "2", "3", "4"].map((digit) => digit.repeat(32)) as [
  string,
  string,
  string,
  string,
];

test("the order of keys does not make another request, anything else does", () => {
  const canonical = (body: unknown) => toRecordedCall(body).canonical;
  expect(canonical({ a: 1, b: { c: [2], d: null } })).toBe(canonical({ b: { d: null, c: [2] }, a: 1 }));
  expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
  expect(canonical({ a: 1 })).not.toBe(canonical({ a: "1" }));
  expect(canonical("no JSON")).not.toBe(canonical({}));
});

test("marks that are new with every call make the same request, as long as they stand in the same places", () => {
  const asked = (nonce: string, marker: string) =>
    toRecordedCall({ text: `${nonce} ${marker} data ${marker} ${nonce}` });
  expect(asked(one, two).canonical).toBe(asked(three, four).canonical);
  expect(asked(one, two).canonical).not.toBe(asked(one, one).canonical);
});

test("a recorded reply gets the marks of the new call, and keeps every other byte", () => {
  const [recorded, call] = [
    toRecordedCall({ nonce: one, marker: two }),
    toRecordedCall({ nonce: three, marker: four }),
  ];
  const reply = Buffer.concat([Buffer.from(`{"nonce":"${one}","é":"${four}"}`), Buffer.from([0xff])]);
  const expected = Buffer.concat([Buffer.from(`{"nonce":"${three}","é":"${four}"}`), Buffer.from([0xff])]);
  expect(withMarks(reply, recorded, call)).toEqual(expected);
});

test("differences name the places", () => {
  const body = { model: "m", messages: [{ role: "user", content: "a" }] };
  expect(differences(body, structuredClone(body))).toEqual([]);
  expect(differences(body, { ...body, messages: [{ role: "user", content: "b" }] })).toEqual(["messages.0.content"]);
  expect(differences(body, { ...body, seed: 1 })).toEqual(["seed"]);
  expect(differences(body, "text")).toEqual(["the whole body"]);
});
