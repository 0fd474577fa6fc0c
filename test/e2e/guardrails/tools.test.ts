import { describe, expect, test } from "vitest";
import type { VendorReply } from "../../support/fake-vendor.ts";
import { closing } from "../../support/closing.ts";
import { responsesFrame } from "../../support/responses-writing.ts";
import type { SaidCall } from "../../support/said.ts";
import { writings } from "../../support/wire-replies.ts";
import { type Dialect, dialects, rootOf, startGuarded, verdictOf } from "./guarded.ts";

const parameters = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city"],
};
const names = ["forecast", "book_marker"];

function offered(dialect: Dialect): object[] {
  if (dialect === "messages") return names.map((name) => ({ name, input_schema: parameters }));
  if (dialect === "responses") return names.map((name) => ({ type: "function", name, parameters }));
  return names.map((name) => ({ type: "function", function: { name, parameters } }));
}

function calling(dialect: Dialect, call: Pick<SaidCall, "name" | "input">, stream: boolean): VendorReply {
  const said = {
    choices: [{ reasoning: [], text: ["I look. "], calls: [{ ...call, cuts: [0.3, 0.6] }], finish: "tool_use" }],
    inputTokens: 3,
    outputTokens: 4,
    turns: [0],
  };
  const { whole, frames } = writings[dialect];
  if (!stream) return { chunks: [JSON.stringify(whole(said))] };
  return { headers: { "content-type": "text/event-stream" }, chunks: [frames(said).join("")] };
}

async function ask(reply: (stream: boolean) => VendorReply, tools: object[], stream: boolean, dialect: Dialect) {
  const guarded = closing(
    await startGuarded({
      dialect,
      answer: ({ json }) => reply(json["stream"] === true),
      output: [{ evaluator: "tool_call_valid", mode: "hold", when: "always" }],
      evaluators: { tool_call_valid: { allowed: ["forecast", "sql"] } },
    }),
  );
  const asked = await guarded.ask({ stream, tools });
  return { asked, ...(await rootOf(guarded, asked)) };
}

const bad = [
  { what: "whose argument has another type", call: { name: "forecast", input: { city: 77_077 } }, kind: "wrong type" },
  { what: "that lacks an argument", call: { name: "forecast", input: { days: 77_077 } }, kind: "missing argument" },
  { what: "of a tool that was not offered", call: { name: "delete_77077", input: {} }, kind: "unknown tool" },
  {
    what: "of a tool that is not allowed",
    call: { name: "book_marker", input: { city: "77077" } },
    kind: "not allowed",
  },
];

describe.each(dialects)("a tool call (%s)", (dialect) => {
  describe.each([false, true])("of a stream: %s", (stream) => {
    test.each(bad)("$what is stopped before its client can execute it", async ({ call, kind }) => {
      const { asked, root } = await ask(
        (streams) => calling(dialect, call, streams),
        offered(dialect),
        stream,
        dialect,
      );
      expect(verdictOf(asked)).toBe("block");
      expect(asked.body).toContain(kind);
      expect(asked.body).not.toMatch(/77_?077|book_marker|tool_use|function_call/);
      expect(root["proctor.verdict.by"]).toBe("tool_call_valid");
    });

    test("is stopped where no tool was offered at all", async () => {
      const call = { name: "forecast", input: { city: "77077" } };
      const { asked } = await ask((streams) => calling(dialect, call, streams), [], stream, dialect);
      expect(verdictOf(asked)).toBe("block");
      expect(asked.body).not.toContain("77077");
    });

    test("that fits passes as it came", async () => {
      const call = { name: "forecast", input: { city: "77077", days: 2 } };
      const { asked } = await ask((streams) => calling(dialect, call, streams), offered(dialect), stream, dialect);
      expect(verdictOf(asked)).toBe("allow");
      expect(asked.body).toContain("77077");
      expect(asked.headers.get("x-proctor-evaluations")).toBe("tool_call_valid:pass");
    });
  });
});

describe("a call of a custom tool, which takes a text", () => {
  const input = "SELECT 'no {json';";
  const chatCall = { id: "c1", type: "custom", custom: { name: "sql", input } };
  const item = { id: "ctc_1", type: "custom_tool_call", call_id: "c1", name: "sql", input, status: "completed" };
  const response = { id: "resp_1", object: "response", status: "completed", model: "m", output: [item] };
  const place = { output_index: 0, item_id: "ctc_1" };
  const events: readonly (readonly [string, object])[] = [
    ["response.created", { response: { ...response, status: "in_progress", output: [] } }],
    ["response.output_item.added", { output_index: 0, item: { ...item, input: "", status: "in_progress" } }],
    ["response.custom_tool_call_input.delta", { ...place, delta: input.slice(0, 9) }],
    ["response.custom_tool_call_input.delta", { ...place, delta: input.slice(9) }],
    ["response.custom_tool_call_input.done", { ...place, input }],
    ["response.output_item.done", { output_index: 0, item }],
    ["response.completed", { response }],
  ];
  const written = {
    chat: {
      tool: { type: "custom", custom: { name: "sql" } },
      whole: JSON.stringify({
        id: "c",
        object: "chat.completion",
        model: "m",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: null, tool_calls: [chatCall] },
            finish_reason: "tool_calls",
          },
        ],
      }),
    },
    responses: { tool: { type: "custom", name: "sql" }, whole: JSON.stringify(response) },
  };

  test.each(["chat", "responses"] as const)("passes (%s)", async (dialect) => {
    const { tool, whole } = written[dialect];
    const { asked } = await ask(() => ({ chunks: [whole] }), [tool], false, dialect);
    expect(asked.headers.get("x-proctor-evaluations")).toBe("tool_call_valid:pass");
    expect(asked.body).toBe(whole);
  });

  test("passes in a stream", async () => {
    const frames = events.map(([type, members]) => responsesFrame(type, members)).join("");
    const reply = { headers: { "content-type": "text/event-stream" }, chunks: [frames] };
    const { asked } = await ask(() => reply, [written.responses.tool], true, "responses");
    expect(asked.headers.get("x-proctor-evaluations")).toBe("tool_call_valid:pass");
    expect(asked.body.replace(/^: .*\n\n/gm, "")).toBe(frames);
  });
});
