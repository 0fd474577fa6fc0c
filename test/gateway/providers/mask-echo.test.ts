import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutEcho } from "../../../gateway/providers/mask-echo.ts";

const key = "sk-planted-0123456789";
const sent = { authorization: `Bearer ${key}`, "openai-beta": "assistants=v2" };

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function heard(
  text: string,
  size: number,
  status = 401,
  given: Readonly<Record<string, string>> = sent,
): Promise<string> {
  const { body } = withoutEcho({ status, headers: {}, body: inPieces(text, size) }, given);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("a key that a server repeats", () => {
  test("becomes stars wherever its error is cut, and nothing else changes", async () => {
    const part = fc.oneof(
      fc.constant(key),
      fc.constantFrom("s", "sk-", key.slice(0, 9), key.slice(3), "ü🦊"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), async (parts, size) => {
        const text = parts.join("");
        expect(await heard(text, size)).toBe(
          Buffer.from(text).toString("utf8").replaceAll(key, "*".repeat(key.length)),
        );
      }),
    );
  });

  test("becomes stars in headers of every reply", () => {
    const headers = { "x-echo": `key=${key};${key}`, "x-other": "sk-planted" };
    const reply = withoutEcho({ status: 200, headers, body: inPieces("", 1) }, { "x-api-key": key });
    expect(reply.headers).toEqual({ "x-echo": `key=${"*".repeat(21)};${"*".repeat(21)}`, "x-other": "sk-planted" });
  });

  test("becomes stars in an answer too, such as an error event of a stream, where it came in one piece", async () => {
    expect(await heard(`data: {"error":{"message":"bad key ${key}"}}`, 200, 200)).toBe(
      `data: {"error":{"message":"bad key ${"*".repeat(21)}"}}`,
    );
  });

  test.each([{}, { authorization: "Bearer x" }, { authorization: "" }])(
    "is nothing that %j could be",
    async (given) => {
      expect(await heard(`x ${key}`, 3, 500, given)).toBe(`x ${key}`);
    },
  );
});
