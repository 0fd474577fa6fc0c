import { describe, expect, test } from "vitest";
import { hasAttribute } from "../../../tracing/index.ts";

describe("a value matches by its string form", () => {
  test.for([
    [{ stringValue: "a b" }, "a b"],
    [{ stringValue: "" }, ""],
    [{ intValue: "3" }, "3"],
    [{ intValue: 3 }, "3"],
    [{ intValue: "9223372036854775807" }, "9223372036854775807"],
    [{ doubleValue: 1 }, "1"],
    [{ doubleValue: 0.2 }, "0.2"],
    [{ doubleValue: 1e-7 }, "1e-7"],
    [{ boolValue: false }, "false"],
    [{ bytesValue: "AAH/" }, "AAH/"],
    [{ arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }, { boolValue: true }] } }, '["a",1,true]'],
    [{ arrayValue: {} }, "[]"],
    [{ arrayValue: { values: [{ stringValue: "<b>&" }] } }, '["\\u003cb\\u003e\\u0026"]'],
    [
      {
        kvlistValue: {
          values: [
            { key: "b", value: { intValue: "2" } },
            { key: "a", value: {} },
          ],
        },
      },
      '{"a":null,"b":2}',
    ],
    [{}, ""],
  ] as const)("%j is %j", ([value, text]) => {
    // The table is readonly, which the parsed type is not.
    const attributes = [{ key: "k", value: structuredClone<object>(value) }];
    expect(hasAttribute(attributes, "k", text)).toBe(true);
    expect(hasAttribute(attributes, "k", `${text}.`)).toBe(false);
    expect(hasAttribute(attributes, "other", text)).toBe(false);
  });

  test("of two attributes with one key the first counts", () => {
    const attributes = [
      { key: "k", value: { stringValue: "first" } },
      { key: "k", value: { stringValue: "second" } },
    ];
    expect(hasAttribute(attributes, "k", "first")).toBe(true);
    expect(hasAttribute(attributes, "k", "second")).toBe(false);
  });
});
