import { describe, expect, test } from "vitest";
import { openAccess, withoutKey } from "../../../gateway/access/access.ts";
import { keysConfig } from "../../../gateway/access/config.ts";
import { createAccess } from "../../../gateway/access/create-access.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import type { Limits } from "../../../gateway/access/limits.ts";
import { createMemoryLimits } from "../../../gateway/access/memory-limits.ts";
import { accessWith, alias, anyCall, bearer, errorOf, key, other } from "./access-with.ts";

describe("who calls", () => {
  const { access } = accessWith({});

  test.each([
    [{ authorization: `Bearer ${key}` }, ["authorization"]],
    [{ authorization: `bearer  ${key} ` }, ["authorization"]],
    [{ "x-api-key": key }, ["x-api-key"]],
    [{ "x-proctor-key": key }, ["x-proctor-key"]],
    [{ "x-proctor-key": key, authorization: "Bearer sk-of-a-vendor" }, ["x-proctor-key"]],
    [{ authorization: `Bearer ${key}`, "x-api-key": "sk-of-a-vendor" }, ["authorization"]],
    [{ authorization: `Bearer ${key}`, "x-api-key": key }, ["authorization", "x-api-key"]],
  ])("is found in %j", (headers, keyHeaders) => {
    expect(access.identify(headers)).toMatchObject({ name: "bot", isAdmin: false, keyHeaders });
  });

  test("is never passed on with the key, and the caller's own key for a vendor is", () => {
    const headers = { "x-proctor-key": key, authorization: "Bearer sk-of-a-vendor", "x-other": "1" };
    expect(withoutKey(headers, access.identify(headers))).toEqual({
      authorization: "Bearer sk-of-a-vendor",
      "x-other": "1",
    });
    const both = { authorization: `Bearer ${key}`, "x-api-key": key, "x-other": "1" };
    expect(withoutKey(both, access.identify(both))).toEqual({ "x-other": "1" });
    const elsewhere = { "x-api-key": key, authorization: `Basic ${key}`, cookie: `k=${createKey()}`, "x-other": "1" };
    expect(withoutKey(elsewhere, access.identify(elsewhere))).toEqual({ "x-other": "1" });
    expect(withoutKey(elsewhere, openAccess.identify(elsewhere))).toEqual({ "x-other": "1" });
  });

  test.each([
    ["nothing", {}, "This gateway asks for a key."],
    ["an empty key", { authorization: "Bearer ", "x-api-key": " " }, "This gateway asks for a key."],
    ["another scheme", { authorization: `Basic ${key}` }, "This gateway asks for a key."],
    ["an unknown key", bearer(createKey()), "The key is not known to this gateway."],
    ["a key with a letter more", bearer(`${key}A`), "The key is not known to this gateway."],
    ["a key with a letter less", bearer(key.slice(0, -1)), "The key is not known to this gateway."],
    ["the hash of a key", bearer(hashKey(key)), "The key is not known to this gateway."],
    ["two keys", { authorization: `Bearer ${key}`, "x-api-key": other }, "Two different keys"],
    [
      "a key beside one that was withdrawn",
      { authorization: `Bearer ${key}`, "x-api-key": createKey() },
      "Two different keys",
    ],
    [
      "a vendor's key in our own header",
      { authorization: `Bearer ${key}`, "x-proctor-key": "sk-vendor" },
      "Two different keys",
    ],
    ["an unknown key in our own header", { "x-proctor-key": createKey(), "x-api-key": key }, "Two different keys"],
  ])("is refused with %s, in a sentence without the key", async (_what, headers, sentence) => {
    const error = await errorOf(() => access.identify(headers));
    expect(error).toMatchObject({ code: "unauthorized", status: 401 });
    expect(error.message).toContain(sentence.replace(/\.$/, ""));
    expect(error.message).not.toContain("pk-proctor-");
  });

  test("is found whichever of many keys it is", () => {
    const texts = Array.from({ length: 50 }, createKey);
    const keys = keysConfig.parse(texts.map((text, index) => ({ name: `key-${index}`, hash: hashKey(text) })));
    const many = createAccess({ keys, limits: createMemoryLimits() });
    expect(texts.map((text) => many.identify(bearer(text)).name)).toEqual(keys.map(({ name }) => name));
  });

  test("is anyone where there are no keys", async () => {
    expect(openAccess.identify({})).toMatchObject({ name: "anyone", isAdmin: true });
    expect((await openAccess.admit(openAccess.identify({}), anyCall)).headers).toEqual({});
  });

  test("keys are long, made by chance and told by their prefix", () => {
    const made = new Set(Array.from({ length: 200 }, createKey));
    expect(made.size).toBe(200);
    for (const text of made) expect(text).toMatch(/^pk-proctor-[\w-]{43}$/);
  });
});

describe("models", () => {
  test("that the key names may be used; of others the error says which it may use", async () => {
    const { admit, caller, access } = accessWith({ models: ["student", "teacher"] });
    await admit({ alias: alias("teacher") });
    const error = await errorOf(() => admit({ alias: alias("judge") }));
    expect(error).toMatchObject({
      code: "forbidden",
      status: 403,
      message: 'The key "bot" may not use the model "judge". It may use: student, teacher.',
    });
    expect([caller.mayUse("student"), caller.mayUse("judge")]).toEqual([true, false]);
    expect(access.identify(bearer(other)).mayUse("judge")).toBe(true);
  });

  test("of a judge's question are the operator's choice", async () => {
    const { admit } = accessWith({ models: ["student"] });
    expect(await admit({ alias: alias("judge"), isPart: true })).toMatchObject({ headers: {} });
  });
});

describe("a limiter that cannot count", () => {
  const broken: Limits = {
    counter: () => ({ take: () => Promise.reject(new Error("away")), adjust: () => Promise.reject(new Error("away")) }),
    places: createMemoryLimits().places,
    close: () => {},
  };

  test("lets nothing through by default, and leaves no place taken", async () => {
    const limits = { ...broken, places: createMemoryLimits().places };
    const { admit } = accessWith({ rpm: 5, concurrent: 1 }, { limits });
    for (let tries = 0; tries < 3; tries += 1) {
      const error = await errorOf(() => admit());
      expect(error).toMatchObject({ code: "limiter_unavailable", status: 503 });
      expect(error.message).toBe(
        'The limits of the key "bot" cannot be checked at the moment, so nothing is let through. Try again in a moment.',
      );
    }
  });

  test("lets everything of a key through that says so", async () => {
    const { admit } = accessWith({ rpm: 5, on_limiter_error: "allow" }, { limits: broken });
    const admission = await admit();
    expect(admission.headers).toEqual({});
    admission.settle({ tokens: 5, usd: 1 });
  });

  test("is not asked for a key without limits", async () => {
    expect((await accessWith({}, { limits: broken }).admit()).headers).toEqual({});
  });
});

test("a new configuration with the same limits' state goes on counting, also under a new hash", async () => {
  const limits = createMemoryLimits();
  const before = accessWith({ rpm: 2 }, { limits });
  await before.admit();
  await before.admit();
  const keys = keysConfig.parse([{ name: "bot", hash: hashKey(other), rpm: 3 }]);
  const after = createAccess({ keys, limits });
  const caller = after.identify(bearer(other));
  await after.admit(caller, anyCall);
  expect(await errorOf(() => after.admit(caller, anyCall))).toMatchObject({ code: "rate_limited" });
});
