import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { credentialsIn, maskReplyHeaders, maskRequestHeaders, maskSecrets } from "../../../gateway/cassettes/mask.ts";

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};

test("a known secret is gone however it was cut, and no other byte changes or moves", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);
  const text = fc.string({ unit: "grapheme", maxLength: 60 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(secret, text, text, sizes, (key, before, after, at) => {
      fc.pre(!`${before}${after}`.includes(key));
      const chunks = cut(Buffer.from(`${before}${key}${after}${key}`), at);
      const masked = maskSecrets(chunks, [key]);
      expect(masked.map(({ length }) => length)).toEqual(chunks.map(({ length }) => length));
      const stars = "*".repeat(key.length);
      expect(Buffer.concat(masked).toString("utf8")).toBe(`${before}${stars}${after}${stars}`);
    }),
  );
});

test("bytes that are no text stay as they are", () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80]);
  expect(maskSecrets([bytes.subarray(0, 3), bytes.subarray(3)], ["a-known-secret"])).toEqual([
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from([0xc3, 0x28, 0x80]),
  ]);
});

test("what has the form of a key is masked although nobody knows it, and stays JSON", () => {
  const token = ["ghp", "q8Xv2LmT5rYb7NcK1wZs9DfG3hJp4VaEu6Ri"].join("_");
  const [masked] = maskSecrets([Buffer.from(JSON.stringify({ content: `use ${token} here` }))], []);
  expect(JSON.parse(String(masked))).toEqual({ content: `use ${"*".repeat(token.length)} here` });
});

test("a short value is no secret: it would blank ordinary words", () => {
  expect(String(maskSecrets([Buffer.from("a test of tests")], ["test", ""])[0])).toBe("a test of tests");
});

describe("headers", () => {
  test("of a request are kept where they name a version", () => {
    const given = { authorization: "Bearer x", "x-api-key": "k", cookie: "c", "api-version": "2", "user-agent": "me" };
    expect(maskRequestHeaders({ ...given, "some-beta": "tools" })).toEqual({
      "api-version": "2",
      "some-beta": "tools",
    });
  });

  test("of a reply are kept unless they are about an account, a session or the connection", () => {
    const kept = { "content-type": "application/json", "retry-after": "3", "x-ratelimit-remaining-tokens": "9" };
    const dropped = { "set-cookie": "s", "x-organization": "o", "x-session-id": "i", date: "d", connection: "close" };
    expect(maskReplyHeaders({ ...kept, ...dropped })).toEqual(kept);
  });

  test("hold what a caller proves with who it is", () => {
    const given = { authorization: "Bearer one", "x-api-key": "two", "x-proctor-key": "three", accept: "*/*" };
    expect(credentialsIn(given)).toEqual(["one", "two", "three"]);
  });
});
