import { describe, expect, test } from "vitest";
import { trajectoryMatch } from "../../../evaluators/tools/trajectory-match.ts";
import { run } from "../small/run.ts";

const call = (name: string, values: object = {}) => ({ name, arguments: JSON.stringify(values) });
const [find, book, pay] = [call("find", { city: "Oslo", max: 3 }), call("book", { id: 7 }), call("pay")];

/** A conversation that makes each list of calls in a message of its own. */
function conversation(...turns: readonly (readonly object[])[]) {
  return [
    { role: "user", content: "Book a room." },
    ...turns.flatMap((tool_calls) => [
      { role: "assistant", content: "", tool_calls },
      { role: "tool", name: "any", content: "done" },
    ]),
  ];
}

async function outcomeOf(mode: string, made: readonly object[], expected: readonly object[], how = "exact") {
  const sample = { messages: conversation(made), expected_tool_calls: expected };
  const { outcome, score } = await run(trajectoryMatch, sample, { mode, arguments: how });
  return `${outcome} ${score}`;
}

describe.each([
  // made, expected, strict, unordered, subset, superset
  [[find, book], [find, book], "pass 1", "pass 1", "pass 1", "pass 1"],
  [[book, find], [find, book], "fail 0", "pass 1", "pass 1", "pass 1"],
  [[find], [find, book], "fail 0.5", "fail 0.5", "pass 1", "fail 0.5"],
  [[find, book, pay, pay], [find, book], "fail 0.5", "fail 0.5", "fail 0.5", "pass 1"],
  [[find, find], [find, book], "fail 0.5", "fail 0.5", "fail 0.5", "fail 0.5"],
  [[pay], [find, book], "fail 0", "fail 0", "fail 0", "fail 0"],
  [[], [find], "fail 0", "fail 0", "abstained null", "fail 0"],
  [[find], [], "fail 0", "fail 0", "fail 0", "abstained null"],
  [[], [], "pass 1", "pass 1", "abstained null", "abstained null"],
] as const)("%j made, %j expected", (made, expected, ...verdicts) => {
  test.each(["strict", "unordered", "subset", "superset"].map((mode, at) => [mode, verdicts[at]] as const))(
    "%s: %s",
    async (mode, verdict) => {
      expect(await outcomeOf(mode, made, expected)).toBe(verdict);
    },
  );
});

describe("arguments", () => {
  const near = call("find", { city: "Oslo", max: 3, page: 1 });
  const far = call("find", { city: "Oslo", max: 4 });

  test("are the same when they are compared exactly", async () => {
    expect(await outcomeOf("strict", [near], [find])).toBe("fail 0");
    expect(await outcomeOf("strict", [call("find", { max: 3, city: "Oslo" })], [find])).toBe("pass 1");
  });

  test("may be more when only the expected ones are compared", async () => {
    expect(await outcomeOf("strict", [near], [find], "subset")).toBe("pass 1");
    expect(await outcomeOf("strict", [find], [near], "subset")).toBe("fail 0");
    expect(await outcomeOf("strict", [far], [find], "subset")).toBe("fail 0");
    expect(await outcomeOf("strict", [call("look", { city: "Oslo", max: 3 })], [find], "subset")).toBe("fail 0");
  });

  test("do not matter when they are ignored, be they JSON or not", async () => {
    expect(await outcomeOf("strict", [far], [find], "ignore")).toBe("pass 1");
    expect(await outcomeOf("strict", [{ name: "find", arguments: "{" }], [find], "ignore")).toBe("pass 1");
    expect(await outcomeOf("strict", [find], [{ name: "find", arguments: "?" }], "ignore")).toBe("pass 1");
    expect(await outcomeOf("strict", [book], [find], "ignore")).toBe("fail 0");
  });

  test("that are no JSON fit none", async () => {
    expect(await outcomeOf("strict", [{ name: "pay", arguments: "{" }], [pay])).toBe("fail 0");
    expect(await outcomeOf("strict", [{ name: "pay", arguments: "{" }], [pay], "subset")).toBe("fail 0");
  });

  test("decide who stands for whom where several could", async () => {
    const wide = call("find", { city: "Oslo" });
    expect(await outcomeOf("unordered", [find, call("find", { city: "Oslo", max: 9 })], [wide, find], "subset")).toBe(
      "pass 1",
    );
  });
});

describe("the calls that count", () => {
  const strict = (sample: object, expected: readonly object[]) =>
    run(trajectoryMatch, { ...sample, expected_tool_calls: expected });

  test("are those of the assistant's messages, in their order", async () => {
    const messages = [
      ...conversation([find, book]),
      { role: "user", tool_calls: [pay] },
      { role: "assistant", content: "Shall I pay?" },
      { role: "assistant", tool_calls: [pay] },
    ];
    expect((await strict({ messages }, [find, book, pay])).outcome).toBe("pass");
  });

  test("are those of the answer where there are no messages", async () => {
    expect((await strict({ tool_calls: [find, book] }, [find, book])).outcome).toBe("pass");
    expect((await strict({ output: "No." }, [find])).outcome).toBe("fail");
  });

  test("are both, and those of an answer that ends the messages once", async () => {
    const messages = conversation([find], [book]);
    expect((await strict({ messages, tool_calls: [pay] }, [find, book, pay])).outcome).toBe("pass");
    expect((await strict({ messages, tool_calls: [book] }, [find, book])).outcome).toBe("pass");
    expect((await strict({ messages, tool_calls: [find, book] }, [find, book])).outcome).toBe("pass");
    expect((await strict({ messages, tool_calls: [call("book", { id: 8 })] }, [find, book])).outcome).toBe("fail");
    expect((await strict({ messages, tool_calls: [pay, find, book] }, [find, book])).outcome).toBe("fail");
  });
});

test("what is missing and what is too much is told by the mode", async () => {
  const sample = { tool_calls: [pay, find], expected_tool_calls: [find, book] };
  const by = (mode: string) => run(trajectoryMatch, sample, { mode });
  expect(await by("unordered")).toMatchObject({
    reason: "1 of 2 expected tool calls was made: 1 is missing, 1 was made that fits none.",
    claims: [{ text: "pay", kind: "unexpected_tool", start: 3, end: 6 }],
    criteria: [{ verdict: "yes" }, { verdict: "no" }, { id: "nothing_else", verdict: "no" }],
  });
  expect(await by("subset")).toMatchObject({
    reason: "1 of 2 expected tool calls was made: 1 was made that fits none.",
    claims: [{ text: "pay" }],
    criteria: [{ verdict: "yes" }, { verdict: "not_applicable" }, { id: "nothing_else", verdict: "no" }],
  });
  const superset = await by("superset");
  expect(superset).toMatchObject({
    reason: "1 of 2 expected tool calls was made: 1 is missing.",
    claims: [],
    criteria: [{ verdict: "yes" }, { verdict: "no" }],
  });
  expect(superset.criteria).toHaveLength(2);
});

test("a sample without expected calls, or without anything that could make calls, is skipped", async () => {
  expect((await run(trajectoryMatch, { messages: [] })).reason).toBe(
    "Not examined: the sample has no expected_tool_calls.",
  );
  expect((await run(trajectoryMatch, { expected_tool_calls: [] })).reason).toBe(
    "Not examined: the sample has no output, tool_calls or messages.",
  );
});

test("the mode subset says why it abstains, and so does superset", async () => {
  const none = { output: "Hello.", expected_tool_calls: [] };
  expect((await run(trajectoryMatch, none, { mode: "subset" })).reason).toBe(
    "No tool call was made, so there is none that could be outside of the expected ones.",
  );
  expect((await run(trajectoryMatch, none, { mode: "superset" })).reason).toBe(
    "expected_tool_calls is empty, so there is no call that could be missing.",
  );
});

test("more than 500 calls on either side are an error", async () => {
  const many = Array.from({ length: 501 }, () => pay);
  const few = [pay];
  expect((await run(trajectoryMatch, { tool_calls: many, expected_tool_calls: few })).outcome).toBe("error");
  expect((await run(trajectoryMatch, { tool_calls: few, expected_tool_calls: many })).outcome).toBe("error");
});
