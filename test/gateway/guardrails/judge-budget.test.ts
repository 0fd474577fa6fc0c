import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  allowanceOf,
  createMemoryLedger,
  createRedisLedger,
  type JudgeLedger,
  type JudgeSpending,
  spentSentence,
} from "../../../gateway/guardrails/judge-budget.ts";
import { connectRedis, type Redis } from "../../../gateway/redis.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { guardrailWith } from "./guarded.ts";

const evening = Date.UTC(2026, 10, 23, 23, 59, 59);
const secondMs = 1000;

describe("judges that are counted in memory", () => {
  test("have taken nothing at first, and then the sum", async () => {
    const ledger = createMemoryLedger();
    expect(await ledger.today("default")).toEqual({ ms: 0, usd: 0 });
    await ledger.add("default", { ms: 100, usd: 0.5 });
    await ledger.add("default", { ms: 20, usd: 0.25 });
    expect(await ledger.today("default")).toEqual({ ms: 120, usd: 0.75 });
  });

  test("are counted by policy", async () => {
    const ledger = createMemoryLedger();
    await ledger.add("support", { ms: 100, usd: 1 });
    await ledger.add("sales", { ms: 1, usd: 2 });
    expect(await ledger.today("support")).toEqual({ ms: 100, usd: 1 });
    expect(await ledger.today("sales")).toEqual({ ms: 1, usd: 2 });
  });

  test("begin anew with the next day in UTC", async () => {
    let now = evening;
    const ledger = createMemoryLedger(() => now);
    await ledger.add("default", { ms: 100, usd: 1 });
    now += secondMs - 1;
    expect(await ledger.today("default")).toEqual({ ms: 100, usd: 1 });
    now += 1;
    expect(await ledger.today("default")).toEqual({ ms: 0, usd: 0 });
    await ledger.add("default", { ms: 5, usd: 0.5 });
    expect(await ledger.today("default")).toEqual({ ms: 5, usd: 0.5 });
  });
});

describe("judges that are counted in Redis", () => {
  let server: TestRedis;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis({ url: server.url, report: () => {} });
  });

  afterAll(async () => {
    await redis.close();
    await server.close();
  });

  const ask = (script: string, key: string) => redis.eval(script, { keys: [key], arguments: [] });

  test("are counted together with those of other gateways, by policy", async () => {
    const [one, other] = [createRedisLedger(redis), createRedisLedger(redis)];
    expect(await one.today("together")).toEqual({ ms: 0, usd: 0 });
    await one.add("together", { ms: 100.4, usd: 0.000_002 });
    await other.add("together", { ms: 20.6, usd: 0.25 });
    expect(await one.today("together")).toEqual({ ms: 121, usd: 0.250_002 });
    expect(await other.today("together")).toEqual({ ms: 121, usd: 0.250_002 });
    expect(await other.today("else")).toEqual({ ms: 0, usd: 0 });
  });

  test("are forgotten two days later", async () => {
    const before = new Date().toISOString().slice(0, 10);
    await createRedisLedger(redis).add("kept", { ms: 7, usd: 0.5 });
    const day = new Date().toISOString().slice(0, 10);
    const keys = [...new Set([before, day])].map((each) => `proctor:judges:kept:${each}`);
    const found = await Promise.all(keys.map((key) => ask("return redis.call('hgetall', KEYS[1])", key)));
    expect(found).toContainEqual(["ms", "7", "micro_usd", "500000"]);
    const seconds = await Promise.all(keys.map((key) => ask("return redis.call('ttl', KEYS[1])", key)));
    expect(Math.max(...seconds.map(Number))).toBeGreaterThan(172_000);
  });

  test("are counted by each gateway alone while Redis is away, with what it knows of the day", async () => {
    const ledger = createRedisLedger(redis);
    const own = createMemoryLedger();
    const given = createRedisLedger(redis, own);
    await ledger.add("away", { ms: 10, usd: 1 });
    await server.stop();
    await expect.poll(() => redis.isReady()).toBe(false);
    await ledger.add("away", { ms: 5, usd: 0.5 });
    expect(await ledger.today("away")).toEqual({ ms: 15, usd: 1.5 });
    await given.add("away", { ms: 1, usd: 2 });
    expect(await own.today("away")).toEqual({ ms: 1, usd: 2 });
    await server.start();
    await expect.poll(() => redis.isReady()).toBe(true);
    expect(await ledger.today("away")).toEqual({ ms: 0, usd: 0 });
  });
});

interface Spent {
  readonly request?: Partial<JudgeSpending>;
  readonly day?: Partial<JudgeSpending>;
}

describe("what a judge may still take", () => {
  const nothing: JudgeSpending = { ms: 0, usd: 0 };

  async function allowance(budget: object, request: Partial<JudgeSpending> = {}, day: Partial<JudgeSpending> = {}) {
    const ledger = createMemoryLedger();
    await ledger.add("support", { ...nothing, ...day });
    await ledger.add("default", { ms: 1_000_000, usd: 1_000 });
    return allowanceOf(guardrailWith({}, { name: "support", budget }), { ...nothing, ...request }, ledger);
  }

  test("is as much as it likes without a budget, and then no ledger is asked", async () => {
    const asked: string[] = [];
    const ledger: JudgeLedger = {
      ...createMemoryLedger(),
      today: async (policy) => {
        asked.push(policy);
        return { ms: 1e9, usd: 1e9 };
      },
    };
    const spent = { ms: 1e9, usd: 1e9 };
    expect(await allowanceOf(guardrailWith(), spent, ledger)).toEqual({ ms: Number.POSITIVE_INFINITY });
    const ofRequest = guardrailWith({}, { budget: { judge_ms: "10s", judge_usd: 1 } });
    expect(await allowanceOf(ofRequest, nothing, ledger)).toEqual({ ms: 10_000 });
    expect(asked).toEqual([]);
  });

  test("is the time that is left of the request or of the day, whichever is less", async () => {
    const budget = { judge_ms: "10s", judge_ms_per_day: "60s" };
    expect(await allowance(budget, { ms: 4_000 }, { ms: 4_000 })).toEqual({ ms: 6_000 });
    expect(await allowance(budget, { ms: 4_000 }, { ms: 59_000 })).toEqual({ ms: 1_000 });
    expect(await allowance({ judge_ms_per_day: "60s" }, { ms: 90_000 }, { ms: 1_000 })).toEqual({ ms: 59_000 });
  });

  test("has nothing to do with money as long as there is some", async () => {
    const budget = { judge_usd: 1, judge_usd_per_day: 10 };
    expect(await allowance(budget, { usd: 0.99 }, { usd: 9.99 })).toEqual({ ms: Number.POSITIVE_INFINITY });
  });

  test.each([
    [{ judge_ms: "10s" }, { request: { ms: 10_000 } }, "10000 ms for one request", false],
    [{ judge_ms_per_day: "60s" }, { day: { ms: 60_000 } }, "60000 ms for one day", false],
    [{ judge_usd: 0.02 }, { request: { usd: 0.02 } }, "0.02 USD for one request", true],
    [{ judge_usd_per_day: 2 }, { day: { usd: 2 } }, "2 USD for one day", true],
  ])("is nothing when %j is spent", async (budget, { request, day }: Spent, what, isMoney) => {
    expect(await allowance(budget, request, day)).toEqual({ spent: spentSentence(what, "support"), isMoney });
  });

  test("is nothing for the lack of money where both are spent", async () => {
    const budget = { judge_ms: "1s", judge_usd: 1, judge_ms_per_day: "1s", judge_usd_per_day: 1 };
    const spent = { ms: 1_000, usd: 1 };
    expect(await allowance(budget, spent)).toMatchObject({ spent: expect.stringContaining("1 USD for one request") });
    expect(await allowance(budget, { ms: 1_000 }, { usd: 1 })).toEqual({
      spent: spentSentence("1 USD for one day", "support"),
      isMoney: true,
    });
    expect(await allowance(budget, {}, spent)).toMatchObject({ isMoney: true });
    expect(await allowance(budget, { ms: 1_000 })).toMatchObject({ isMoney: false });
  });

  test("is said in a sentence", () => {
    expect(spentSentence("2 USD for one day", "support")).toBe(
      'Not examined: the judges\' budget of the policy "support" (2 USD for one day) is spent.',
    );
  });
});
