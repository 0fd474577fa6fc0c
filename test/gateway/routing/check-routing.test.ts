import { describe, expect, test } from "vitest";
import { checkGatewayConfig } from "../../../gateway/check-config.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { builtInEvaluators } from "../../../evaluators/index.ts";
import { z } from "zod";

const sections = z.strictObject(gatewayConfig);

function issuesOf(models: Readonly<Record<string, object>>, more: object = {}) {
  const config = sections.parse({
    providers: {
      here: { kind: "openai", base_url: "http://127.0.0.1:9" },
      theirs: { kind: "openai", base_url: "http://127.0.0.1:9", pass_through_auth: true },
    },
    models: Object.fromEntries(
      Object.entries(models).map(([name, model]) => [name, { targets: [{ provider: "here", model: "m" }], ...model }]),
    ),
    guardrails: [],
    ...more,
  });
  return checkGatewayConfig(config, builtInEvaluators()).map(({ path, message }) => [path.join("."), message]);
}

describe("the caller's own key", () => {
  const claude = { kind: "anthropic", base_url: "http://127.0.0.1:9", pass_through_auth: true };
  const theirs = { kind: "openai", base_url: "http://127.0.0.1:9", pass_through_auth: true };
  const targets = (...names: readonly string[]) => ({
    targets: names.map((provider) => ({ provider, model: "m" })),
  });

  test("goes to the targets of one kind only", () => {
    const providers = { theirs, again: theirs, claude, own: { ...claude, pass_through_auth: false, api_key: "sk" } };
    expect(issuesOf({ student: targets("theirs", "again", "own") }, { providers })).toEqual([]);
    expect(issuesOf({ student: targets("theirs", "again", "claude") }, { providers })).toEqual([
      [
        "models.student.targets",
        `"student" sends the caller's own key (pass_through_auth) to "theirs" and to "claude", which are of different kinds, so that a key for one reaches the other. Give one of them an api_key, or make two aliases.`,
      ],
    ]);
  });
});

describe("a fallback", () => {
  test("is another alias that is there, and does not lead back", () => {
    expect(issuesOf({ a: { fallback: "b" }, b: { fallback: ["c"] }, c: {} })).toEqual([]);
    expect(issuesOf({ a: { fallback: ["b", "gone"] }, b: {} })).toEqual([
      ["models.a.fallback", 'No model "gone". Known: a, b.'],
    ]);
    expect(issuesOf({ a: { fallback: "a" } })).toEqual([
      ["models.a.fallback", '"a" falls back to itself. A fallback is another alias, and the last one has none.'],
    ]);
    expect(issuesOf({ a: { fallback: "b" }, b: { fallback: "c" }, c: { fallback: "a" } })).toMatchObject([
      ["models.a.fallback", expect.stringContaining('"a" falls back to "b", which leads back to "a"')],
      ["models.b.fallback", expect.stringContaining('leads back to "b"')],
      ["models.c.fallback", expect.stringContaining('leads back to "c"')],
    ]);
  });

  test("does not get a caller's key that was sent for another provider", () => {
    const theirs = { targets: [{ provider: "theirs", model: "m" }] };
    expect(issuesOf({ a: { fallback: "b" }, b: theirs })).toMatchObject([
      ["models.a.fallback", expect.stringContaining('whose provider "theirs" gets the caller\'s own key')],
    ]);
    expect(issuesOf({ a: { ...theirs, fallback: "b" }, b: theirs })).toEqual([]);
  });

  const judged = {
    guardrails: [{ models: ["student"], output: [{ evaluator: "answer_relevance", mode: "observe" }] }],
  };

  test.each([
    ["the judge of its answers", { student: { fallback: "judge" }, judge: {} }, 'to which "student" falls back'],
    ["the model that it judges", { student: {}, judge: { fallback: "student" } }, 'which falls back to "student"'],
    [
      "one that the judge falls back to as well",
      { student: { fallback: "big" }, judge: { fallback: "big" }, big: {} },
      'and both "judge" and "student" fall back to "big"',
    ],
  ])("is never %s", (_what, models, why) => {
    const [issue, ...others] = issuesOf(models, judged);
    expect(others).toEqual([]);
    expect(issue?.[1]).toContain(why);
    expect(issue?.[1]).toContain("a judge is never the model under judgement");
  });

  test("that has nothing to do with the judge is fine", () => {
    expect(
      issuesOf({ student: { fallback: "big" }, big: {}, judge: { fallback: "other" }, other: {} }, judged),
    ).toEqual([]);
  });
});

describe("a shadow", () => {
  test("is another alias that is there, on providers with keys of their own", () => {
    expect(issuesOf({ a: { shadow: { model: "b" } }, b: {} })).toEqual([]);
    expect(issuesOf({ a: { shadow: { model: "gone" } } })).toEqual([
      ["models.a.shadow.model", 'No model "gone". Known: a.'],
    ]);
    expect(issuesOf({ a: { shadow: { model: "a" } } })).toEqual([
      ["models.a.shadow.model", '"a" is shadowed by itself. Name another alias.'],
    ]);
    const theirs = { targets: [{ provider: "theirs", model: "m" }] };
    expect(issuesOf({ a: { shadow: { model: "b" } }, b: theirs })).toMatchObject([
      ["models.a.shadow.model", expect.stringContaining('calls the provider "theirs" with the caller\'s own key')],
    ]);
  });
});
