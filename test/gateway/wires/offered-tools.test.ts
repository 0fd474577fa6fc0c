import { expect, test } from "vitest";
import { offeredTools } from "../../../gateway/wires/offered-tools.ts";

const parameters = { type: "object", properties: { city: { type: "string" } } };

test("a function is known by name, description and parameters, whatever the dialect", () => {
  const described = { name: "look_up", description: "Looks up." };
  const known = [{ ...described, parameters }];
  expect(offeredTools([{ type: "function", function: { ...described, parameters } }])).toEqual(known);
  expect(offeredTools([{ type: "function", ...described, parameters }])).toEqual(known);
  expect(offeredTools([{ ...described, input_schema: parameters }])).toEqual(known);
  expect(offeredTools([{ type: "custom", ...described, input_schema: parameters }])).toEqual(known);
});

test("a function without parameters takes none", () => {
  expect(offeredTools([{ type: "function", function: { name: "ping" } }])).toEqual([{ name: "ping" }]);
});

test("a custom tool takes a text", () => {
  const known = [{ name: "sql", arguments: "text" }];
  expect(offeredTools([{ type: "custom", custom: { name: "sql" } }])).toEqual(known);
  expect(offeredTools([{ type: "custom", name: "sql", format: { type: "text" } }])).toEqual(known);
});

test("of a tool that the vendor defines nobody else knows what it takes", () => {
  const known = (name: string) => [{ name, parameters: { type: "object" } }];
  expect(offeredTools([{ type: "bash_20250124", name: "bash" }])).toEqual(known("bash"));
  expect(offeredTools([{ type: "web_search" }])).toEqual(known("web_search"));
});

test("what has no name is left out, and of two with one name the later counts", () => {
  const tools = [{}, 5, { type: "function", name: "a" }, { type: "function", name: "a", parameters }];
  expect(offeredTools(tools)).toEqual([{ name: "a", parameters }]);
});
