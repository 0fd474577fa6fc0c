import { describe, expect, test } from "vitest";
import type { Provider } from "../../../gateway/providers/provider.ts";
import type { Target } from "../../../gateway/routing/alias.ts";
import { outgoingCall, targetsOn } from "../../../gateway/translation/outgoing-call.ts";
import { isJsonObject, type JsonObject } from "../../../gateway/wires/json.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { silentProvider, targetNamed } from "../../support/target.ts";

function targetOn(provider: Partial<Provider>, more: Partial<Target> = {}): Target {
  return targetNamed("here/target-model", { model: "target-model", provider: silentProvider(provider), ...more });
}

function callOf(
  wire: keyof typeof wires,
  target: Target,
  text: string,
): { body: JsonObject; dropped: readonly string[] } {
  const json: unknown = JSON.parse(text);
  const call = outgoingCall(wires[wire], target, { text, json: isJsonObject(json) ? json : {} });
  const body: unknown = JSON.parse(call.body);
  return { body: isJsonObject(body) ? body : {}, dropped: call.dropped };
}

const question = `"model":"student","messages":[{"role":"user","content":"Hello"}]`;

describe("members that a target is configured to do without", () => {
  const target = targetOn({}, { omit: ["temperature", "top_p"] });

  test("are left out of a request in the target's own dialect, which keeps every other byte, and are named", () => {
    const text = `{ ${question}, "temperature": 0.5,\n "seed": 12345678901234567890 }`;
    const json = JSON.parse(text) as JsonObject;
    const { body, dropped } = outgoingCall(wires.chat, target, { text, json });
    expect(body).toBe(
      `{ "model":"target-model","messages":[{"role":"user","content":"Hello"}],\n "seed": 12345678901234567890}`,
    );
    expect(dropped).toEqual(["temperature"]);
  });

  test("are left out of a translated request too", () => {
    const { body, dropped } = callOf("messages", target, `{${question},"max_tokens":9,"temperature":0.5,"top_p":0.9}`);
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("top_p");
    expect(dropped).toEqual(expect.arrayContaining(["temperature", "top_p"]));
  });

  test("are not named where the request has none of them", () => {
    expect(callOf("chat", target, `{${question}}`).dropped).toEqual([]);
  });
});

test("a translated request uses the names that the target's servers know", () => {
  const text = `{${question},"max_tokens":9}`;
  expect(callOf("messages", targetOn({}), text).body).toMatchObject({ max_completion_tokens: 9 });
  const renamed = callOf("messages", targetOn({ renames: { max_completion_tokens: "max_tokens" } }), text).body;
  expect(renamed).toMatchObject({ max_tokens: 9 });
  expect(renamed).not.toHaveProperty("max_completion_tokens");
});

test("a long number in a tool's arguments is not rounded by a translation", () => {
  const turn = `{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"find","input":{"id":12345678901234567890}}]}`;
  const result = `{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"found"}]}`;
  const text = `{"model":"student","max_tokens":9,"messages":[{"role":"user","content":"Find it"},${turn},${result}]}`;
  const json = JSON.parse(text) as JsonObject;
  expect(outgoingCall(wires.messages, targetOn({}), { text, json }).body).toContain("12345678901234567890");
});

test("targets that neither speak the wire nor can be translated to are left out", () => {
  const embedder = targetOn({ endpoints: ["embeddings"] });
  const alias = {
    name: "student",
    role: "student",
    targets: [targetOn({}), embedder],
    retry: { attempts: 1, on: [] },
    guardrails: [],
  } as const;
  for (const wire of ["chat", "messages", "responses"] as const)
    expect(targetsOn(alias, wire)).toEqual([alias.targets[0]]);
});
