import { describe, expect, test } from "vitest";
import { estimateTokens } from "../../../gateway/count-tokens/estimate-tokens.ts";

const user = (content: unknown) => ({ messages: [{ role: "user", content }] });

describe("an estimate of tokens", () => {
  test("grows with every text that a model reads", async () => {
    const text = "How long can lamps be returned?";
    const alone = await estimateTokens(user(text));
    expect(alone).toBeGreaterThan(10);
    expect(alone).toBeLessThan(20);
    const more = [
      { ...user(text), system: "Answer in one word." },
      user([
        { type: "text", text },
        { type: "text", text: "And cables?" },
      ]),
      { messages: [...user(text).messages, { role: "tool", tool_call_id: "c", content: "30 days" }] },
      {
        messages: [
          ...user(text).messages,
          {
            role: "assistant",
            tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: '{"a":1}' } }],
          },
        ],
      },
      { ...user(text), tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }] },
      { ...user(text), response_format: { type: "json_schema", json_schema: { name: "a", schema: {} } } },
    ];
    for (const body of more) expect(await estimateTokens(body)).toBeGreaterThan(alone);
  });

  test("takes an image and a document for what such a thing costs, not for its letters", async () => {
    const data = "iVBORw0KGgo".repeat(50_000);
    const image = await estimateTokens(
      user([{ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }]),
    );
    const other = await estimateTokens(
      user([{ type: "image", source: { type: "base64", media_type: "image/png", data } }]),
    );
    const document = await estimateTokens(user([{ type: "document", source: { type: "base64", data } }]));
    expect([image, other, document]).toEqual([1607, 1607, 3007]);
    const readable = {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "Lamps cost 5 euros." },
    };
    expect(await estimateTokens(user([readable]))).toBeLessThan(30);
  });

  test("does not count what no model reads: ids, roles, signatures", async () => {
    const bare = await estimateTokens(user([{ type: "thinking", thinking: "hm" }]));
    const signed = await estimateTokens(user([{ type: "thinking", thinking: "hm", signature: "s".repeat(5000) }]));
    expect(signed).toBe(bare);
  });

  test("lets others have their turn while it counts a long text", async () => {
    let turns = 0;
    const turn = setInterval(() => void (turns += 1), 1);
    try {
      const long = await estimateTokens(user("The lamp is on the table. ".repeat(40_000)));
      expect(long).toBeGreaterThan(200_000);
      expect(turns).toBeGreaterThan(3);
    } finally {
      clearInterval(turn);
    }
  });

  test.each([{}, { messages: "none" }, user(null), user([1, "a", { type: 5 }])])(
    "makes something of anything: %j",
    async (body) => {
      expect(await estimateTokens(body)).toBeGreaterThanOrEqual(3);
    },
  );
});
