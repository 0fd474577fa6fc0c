import { describe, expect, test } from "vitest";
import type { Call } from "../../../gateway/access/access.ts";
import { unlimitedOutputTokens } from "../../../gateway/access/reserve.ts";
import { accessWith, alias, errorOf, noon, target } from "./access-with.ts";

describe("requests a minute", () => {
  test("are let in up to the limit and told in headers; then the error says when to come back", async () => {
    const { admit } = accessWith({ rpm: 2 });
    expect((await admit()).headers).toEqual({
      "x-ratelimit-limit-requests": "2",
      "x-ratelimit-remaining-requests": "1",
      "x-ratelimit-reset-requests": "1m0s",
    });
    expect((await admit({ wire: "messages" })).headers).toEqual({
      "anthropic-ratelimit-requests-limit": "2",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-23T12:01:30Z",
    });
    const error = await errorOf(() => admit());
    expect(error).toMatchObject({ code: "rate_limited", status: 429 });
    expect(error.message).toMatch(
      /^The key "bot" may send 2 requests a minute, and they are used up\. Try again in \d+ s\.$/,
    );
    expect(error.options.headers).toMatchObject({ "retry-after": "60", "x-ratelimit-remaining-requests": "0" });
  });

  test("are exact when many come at once, whatever else limits them", async () => {
    const { admit } = accessWith({ rpm: 100, concurrent: 1000, tokens_per_minute: 10_000_000 });
    const asked = await Promise.allSettled(Array.from({ length: 300 }, () => admit()));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(100);
  });

  test("are not used up by what another limit refuses, or by a judge's questions", async () => {
    const { admit } = accessWith({ rpm: 1, tokens_per_minute: 200 });
    const held = await admit({ isPart: true });
    await errorOf(() => admit({ parts: { parameters: { max_tokens: 150 }, messages: [], tools: [] } }));
    held.settle({ tokens: 0, usd: 0 });
    await expect(admit()).resolves.toBeDefined();
  });
});

describe("requests under way", () => {
  test("hold their places until they end, and a place that was given back twice is one", async () => {
    const { admit } = accessWith({ concurrent: 2 });
    const first = await admit();
    await admit();
    const error = await errorOf(() => admit());
    expect(error.message).toBe('The key "bot" may have 2 requests under way at a time. Wait until one has ended.');
    expect(error.options.headers).toEqual({ "retry-after": "1" });
    first.settle({ tokens: null, usd: null });
    first.settle({ tokens: null, usd: null });
    await admit();
    await errorOf(() => admit());
  });

  test("leave their places when another limit refuses them", async () => {
    const { admit } = accessWith({ concurrent: 1, rpm: 1 });
    (await admit()).settle({ tokens: 1, usd: null });
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await errorOf(() => admit())).message).toContain("1 request a minute");
    }
  });
});

describe("tokens a minute", () => {
  const asking = (max_tokens?: number, text = "") => ({
    parts: {
      parameters: max_tokens === undefined ? {} : { max_tokens },
      messages: [{ role: "user", text }],
      tools: [],
    },
  });

  test("are reserved from the request's size and limit, and settled on what was used", async () => {
    const { admit } = accessWith({ tokens_per_minute: 1000 });
    const first = await admit(asking(600, "x".repeat(300)));
    expect(first.headers).toMatchObject({ "x-ratelimit-limit-tokens": "1000", "x-ratelimit-remaining-tokens": "299" });
    const error = await errorOf(() => admit(asking(400)));
    expect(error).toMatchObject({ code: "rate_limited", status: 429 });
    expect(error.message).toBe(
      'The key "bot" may use 1000 tokens a minute; 299 are left, and this call may need up to 401. Try again when the minute is over, or set a lower limit for its answer.',
    );
    expect(error.options.headers).toMatchObject({ "retry-after": "30", "x-ratelimit-reset-tokens": "30s" });
    first.settle({ tokens: 50, usd: null });
    expect((await admit(asking(400))).headers).toMatchObject({ "x-ratelimit-remaining-tokens": "549" });
  });

  test("that nobody knows stay reserved", async () => {
    const { admit } = accessWith({ tokens_per_minute: 1000 });
    (await admit(asking(900))).settle({ tokens: null, usd: null });
    expect(await errorOf(() => admit(asking(100)))).toMatchObject({ code: "rate_limited" });
  });

  test("overshoot by no more than what calls under way used beyond their reservations, and are counted", async () => {
    const { admit } = accessWith({ tokens_per_minute: 1000 });
    const calls = await Promise.all([admit(asking(490)), admit(asking(490))]);
    for (const call of calls) call.settle({ tokens: 700, usd: null });
    const { message } = await errorOf(() => admit(asking(1)));
    expect(message).toContain("0 are left");
  });

  test("of a call that asks for more than there ever are say so, and clients do not try it again", async () => {
    const { admit } = accessWith({ tokens_per_minute: 1000 });
    const error = await errorOf(() => admit(asking(5000)));
    expect(error.message).toBe(
      'The key "bot" may use 1000 tokens a minute, and this call may need up to 5001 at once. Send a shorter request or set a lower limit for its answer.',
    );
    expect(error.options.headers).toMatchObject({ "x-should-retry": "false" });
    expect(error.options.headers).not.toHaveProperty("retry-after");
    await admit(asking(900));
  });

  test("of a request without a limit are the target's or the documented number", async () => {
    const { admit } = accessWith({ tokens_per_minute: 100_000 });
    const left = async (call: Partial<Call>) => Number((await admit(call)).headers["x-ratelimit-remaining-tokens"]);
    const before = await left(asking(0));
    const standard = await left(asking());
    expect(before - standard).toBe(unlimitedOutputTokens + 1);
    expect(standard - (await left({ ...asking(), alias: alias("a", [target({ maxTokens: 77 })]) }))).toBe(78);
  });

  test.each([
    [{ max_tokens: 10, max_completion_tokens: 500 }, 500],
    [{ max_output_tokens: 30 }, 30],
    [{ max_tokens: 100, n: 5 }, 500],
    [{ max_tokens: 100, n: 0 }, 100],
    [{ max_tokens: -5 }, unlimitedOutputTokens],
    [{ max_tokens: "9" }, unlimitedOutputTokens],
    [{ max_tokens: Number.NaN }, unlimitedOutputTokens],
    [{ max_tokens: null, n: -3 }, unlimitedOutputTokens],
    [{ max_tokens: 99.5 }, 100],
  ])("of %j are reserved as %i", async (parameters, output) => {
    const { admit } = accessWith({ tokens_per_minute: 100_000 });
    const { headers } = await admit({ parts: { parameters }, bytes: 0 });
    expect(Number(headers["x-ratelimit-remaining-tokens"])).toBe(100_000 - output);
  });

  test("of endless demands are refused", async () => {
    const { admit } = accessWith({ tokens_per_minute: 1_000_000, usd_per_day: 5 });
    for (const parameters of [{ max_tokens: Number.MAX_VALUE, n: 1000 }, { max_tokens: 1e21 }]) {
      expect(await errorOf(() => admit({ parts: { parameters }, bytes: 0 }))).toMatchObject({ status: 429 });
    }
    await admit();
  });

  test("begin anew with the minute, and a call that ends later settles the minute in which it began", async () => {
    let now = noon;
    const { admit } = accessWith({ tokens_per_minute: 1000 }, { now: () => now });
    const call = await admit(asking(999));
    now += 60_000;
    call.settle({ tokens: 1, usd: null });
    expect((await admit(asking(500))).headers["x-ratelimit-remaining-tokens"]).toBe("499");
  });
});

describe("budgets", () => {
  const priced = alias("student", [
    target({ price: { input: 1, output: 2 } }),
    target({ price: { input: 10, output: 20 } }),
    target(),
  ]);
  const asking = (max_tokens: number) => ({ alias: priced, parts: { parameters: { max_tokens } }, bytes: 0 });

  test("reserve at the price of the dearest target, settle on what it cost, and say what is left", async () => {
    const { admit } = accessWith({ usd_per_day: 0.03 });
    const first = await admit(asking(1000));
    expect(first.headers).toEqual({});
    const error = await errorOf(() => admit(asking(1000)));
    expect(error).toMatchObject({ code: "budget_exceeded", status: 429 });
    expect(error.message).toBe(
      'The key "bot" may spend 0.03 USD a day (UTC); 0.01 USD are left, and this call may cost up to 0.02. Try again when the day is over, set a lower limit for its answer, or ask for a larger budget.',
    );
    expect(error.options.headers).toEqual({ "retry-after": String(12 * 60 * 60 - 30), "x-should-retry": "false" });
    first.settle({ tokens: 1000, usd: 0.002 });
    await admit(asking(1000));
  });

  test("add up what the cheapest calls cost", async () => {
    const { admit } = accessWith({ usd_per_month: 0.000_001 });
    for (let calls = 0; calls < 10; calls += 1) (await admit(asking(0))).settle({ tokens: 1, usd: 0.000_000_1 });
    expect(await errorOf(() => admit(asking(1)))).toMatchObject({ code: "budget_exceeded" });
  });

  test("are of a day and of a month of UTC, and each holds", async () => {
    let now = noon;
    const { admit } = accessWith({ usd_per_day: 0.02, usd_per_month: 0.03 }, { now: () => now });
    await admit(asking(1000));
    expect((await errorOf(() => admit(asking(1000)))).message).toContain("0.02 USD a day");
    now = Date.UTC(2026, 10, 24);
    expect((await errorOf(() => admit(asking(1000)))).message).toContain("0.03 USD a month");
    await admit(asking(500));
    now = Date.UTC(2026, 11, 1);
    await admit(asking(1000));
  });

  test("are charged for judges that end after the call", async () => {
    const { admit } = accessWith({ usd_per_day: 0.03 });
    const call = await admit(asking(0));
    call.settle({ tokens: 0, usd: 0 });
    call.charge({ tokens: 0, usd: 0.03 });
    await new Promise((done) => setImmediate(done));
    expect(await errorOf(() => admit(asking(1)))).toMatchObject({ code: "budget_exceeded" });
  });
});
