import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { assistant, text, toolResult, toolUse, translated, user } from "./messages-to-chat-requests.ts";

test("the smallest request names the target's model and keeps its limit and nothing else", () => {
  expect(translated({})).toEqual({
    body: {
      model: "target-model",
      max_completion_tokens: 64,
      messages: [{ role: "user", content: "Hello" }],
    },
    dropped: [],
  });
});

test("a stream is asked for with its usage", () => {
  expect(translated({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  expect(translated({ stream: false }).body).not.toHaveProperty("stream");
});

describe("tools", () => {
  const open = {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string" } },
    required: ["city"],
  };
  const closed = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };

  test("become functions with their schema as it was", () => {
    const tools = [
      { name: "weather", description: "Looks it up", input_schema: open, cache_control: { type: "ephemeral" } },
      { type: "custom", name: "noop" },
    ];
    const { body, dropped } = translated({ tools });
    expect(body["tools"]).toEqual([
      { type: "function", function: { name: "weather", description: "Looks it up", parameters: open } },
      { type: "function", function: { name: "noop", parameters: { type: "object", properties: {} } } },
    ]);
    expect(dropped).toEqual(["tools[].cache_control"]);
  });

  test("strict holds where the schema allows it and is named where it does not", () => {
    const tool = (input_schema: JsonObject) => ({ name: "weather", strict: true, input_schema });
    expect(translated({ tools: [tool(closed)] })).toMatchObject({
      body: { tools: [{ function: { strict: true } }] },
      dropped: [],
    });
    const loose = translated({ tools: [tool({ ...closed, properties: { where: open, city: {} } })] });
    expect(loose.dropped).toEqual(["tools[].strict"]);
    expect(JSON.stringify(loose.body["tools"])).not.toContain("strict");
  });

  test("tools that a vendor defines are refused by name", () => {
    const tools = [{ type: "web_search_20260318", name: "web_search" }];
    expect(() => translated({ tools })).toThrow(/The tool "web_search" is of type "web_search_20260318"/);
  });

  test("an empty list is none, and then nothing can be chosen", () => {
    const { body, dropped } = translated({ tools: [], tool_choice: { type: "auto" } });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("tool_choice");
    expect(dropped).toEqual(["tool_choice"]);
  });

  test("a name that is too long is shortened alike everywhere", () => {
    const name = `mcp__${"long_".repeat(20)}tool`;
    const { body } = translated({
      tools: [{ name, input_schema: open }],
      tool_choice: { type: "tool", name },
      messages: [user(text("?")), assistant(toolUse("a", name, {})), user(toolResult("a", ""))],
    });
    const [tool] = body["tools"] as { function: { name: string } }[];
    const short = tool?.function.name;
    expect(short).toHaveLength(64);
    expect(body["tool_choice"]).toEqual({ type: "function", function: { name: short } });
    expect(body["messages"]).toMatchObject([{}, { tool_calls: [{ function: { name: short } }] }, {}]);
  });

  test.each([
    [{ type: "auto" }, { tool_choice: "auto" }],
    [{ type: "any" }, { tool_choice: "required" }],
    [{ type: "none" }, { tool_choice: "none" }],
    [{ type: "tool", name: "weather" }, { tool_choice: { type: "function", function: { name: "weather" } } }],
    [
      { type: "auto", disable_parallel_tool_use: true },
      { tool_choice: "auto", parallel_tool_calls: false },
    ],
  ])("the choice %j becomes %j", (tool_choice, gives) => {
    expect(translated({ tools: [{ name: "weather", input_schema: open }], tool_choice }).body).toMatchObject(gives);
  });

  test("a choice that nobody knows is refused", () => {
    const tools = [{ name: "weather", input_schema: open }];
    expect(() => translated({ tools, tool_choice: { type: "some" } })).toThrow(/Known: auto, any, tool, none/);
  });
});

describe("settings", () => {
  test.each([
    [{ temperature: 0.2 }, { temperature: 0.2 }],
    [{ top_p: 0.9 }, { top_p: 0.9 }],
    [{ stop_sequences: ["a", "b", "c", "d", "e"] }, { stop: ["a", "b", "c", "d", "e"] }],
    [{ metadata: { user_id: "u-1" } }, { user: "u-1" }],
    [{ service_tier: "standard_only" }, { service_tier: "default" }],
    [{ thinking: { type: "enabled", budget_tokens: 1024 } }, { reasoning_effort: "low" }],
    [{ thinking: { type: "enabled", budget_tokens: 10_000 } }, { reasoning_effort: "medium" }],
    [{ thinking: { type: "enabled", budget_tokens: 32_000 } }, { reasoning_effort: "high" }],
    [{ thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } }, { reasoning_effort: "xhigh" }],
  ])("%j becomes %j", (members, gives) => {
    const { body, dropped } = translated(members);
    expect(body).toMatchObject(gives);
    expect(dropped).toEqual([]);
  });

  test.each([
    { service_tier: "auto" },
    { thinking: { type: "adaptive" } },
    { stop_sequences: [] },
    { mcp_servers: [] },
    { container: null },
    { inference_geo: "global" },
    { speed: "standard" },
  ])("%j is what a target does anyway", (members) => {
    expect(translated(members)).toEqual(translated({}));
  });

  test.each([
    [{ top_k: 5 }, "top_k"],
    [{ cache_control: { type: "ephemeral" } }, "cache_control"],
    [{ context_management: { edits: [{}] } }, "context_management"],
    [{ betas: ["some-beta"] }, "betas"],
    [{ speed: "fast" }, "speed"],
    [{ thinking: { type: "disabled" } }, "thinking"],
    [{ metadata: { user_id: "u", team: "t" } }, "metadata.team"],
    [{ a_field_of_tomorrow: 1 }, "a_field_of_tomorrow"],
  ])("%j is named as dropped", (members, path) => {
    const { body, dropped } = translated(members);
    expect(dropped).toEqual([path]);
    expect(body).not.toHaveProperty(path);
  });

  test.each([
    { container: "container_1" },
    { mcp_servers: [{ type: "url", url: "https://example.com", name: "x" }] },
    { inference_geo: "us" },
  ])("%j is refused with the field's name and a way out", (members) => {
    const [name] = Object.keys(members);
    expect(() => translated(members)).toThrow(new RegExp(`\\("${name}"\\) cannot be asked for .* Leave it out`));
  });

  test("an effort outweighs a budget, which is then named", () => {
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const { body, dropped } = translated({ thinking, output_config: { effort: "high" } });
    expect(body["reasoning_effort"]).toBe("high");
    expect(dropped).toEqual(["thinking.budget_tokens"]);
  });

  test("a user id that is too long becomes a digest that is always the same", () => {
    const long = (end: string) => translated({ metadata: { user_id: "u".repeat(80) + end } }).body["user"];
    expect(long("a")).toMatch(/^[0-9a-f]{64}$/);
    expect(long("a")).toBe(long("a"));
    expect(long("a")).not.toBe(long("b"));
  });
});

describe("an answer in JSON", () => {
  const schema = {
    type: "object",
    properties: { days: { type: "integer" } },
    required: ["days"],
    additionalProperties: false,
  };
  const format = { type: "json_schema", schema };

  test.each([{ output_config: { format } }, { output_format: format }])("%j is asked for by its schema", (members) => {
    const { body, dropped } = translated(members);
    expect(body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema, strict: true },
    });
    expect(dropped).toEqual([]);
  });

  test("a schema that a strict target would refuse is told and not enforced, which is named", () => {
    const optional = { ...schema, required: [] };
    const { body, dropped } = translated({ output_config: { format: { ...format, schema: optional } } });
    expect(body["response_format"]).toEqual({ type: "json_schema", json_schema: { name: "answer", schema: optional } });
    expect(dropped).toEqual(["output_config.format.schema"]);
  });

  test("another format is refused", () => {
    expect(() => translated({ output_config: { format: { type: "xml" } } })).toThrow(/Known: json_schema/);
  });
});
