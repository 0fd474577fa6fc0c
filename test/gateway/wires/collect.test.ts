import { expect, test } from "vitest";
import { createCollector } from "../../../gateway/wires/collect.ts";

const piece = (name: string | undefined, given: string) =>
  ({ type: "tool-call-delta", choice: 0, index: 0, name, arguments: given }) as const;

test.each([
  ["once", [piece("get_order", '{"id"'), piece(undefined, ":1}")]],
  ["in pieces", [piece("get_", ""), piece("order", '{"id":1}')]],
  ["again with every piece of the arguments", [piece("get_order", '{"id"'), piece("get_order", ":1}")]],
])("a tool's name that is said %s is read as one name", (_how, deltas) => {
  const collector = createCollector();
  collector.add(deltas);
  expect(collector.parts().toolCalls).toEqual([{ name: "get_order", arguments: '{"id":1}' }]);
});
