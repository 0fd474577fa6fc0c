import type { RedisScripts } from "../redis.ts";
import type { Guardrail } from "./guardrail.ts";

/** What judges took: milliseconds, and USD as far as prices are known. */
export interface JudgeSpending {
  readonly ms: number;
  readonly usd: number;
}

/** What the judges of each policy have taken in the present day (UTC). Neither method rejects. */
export interface JudgeLedger {
  today(policy: string): Promise<JudgeSpending>;
  add(policy: string, spent: JudgeSpending): Promise<void>;
}

/** Counts in this process, and forgets with it. */
export function createMemoryLedger(now: () => number = Date.now): JudgeLedger {
  const days = new Map<string, { readonly day: string; readonly spent: JudgeSpending }>();
  const spentOn = (policy: string, day: string) => {
    const entry = days.get(policy);
    return entry?.day === day ? entry.spent : nothing;
  };
  return {
    today: async (policy) => spentOn(policy, dayOf(now())),
    async add(policy, { ms, usd }) {
      const day = dayOf(now());
      const before = spentOn(policy, day);
      days.set(policy, { day, spent: { ms: before.ms + ms, usd: before.usd + usd } });
    },
  };
}

const nothing: JudgeSpending = { ms: 0, usd: 0 };

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** KEYS: the day of a policy. ARGV: milliseconds and millionths of a USD to add. Answers with the sums. */
const addScript = `
local ms = redis.call('hincrby', KEYS[1], 'ms', ARGV[1])
local usd = redis.call('hincrby', KEYS[1], 'micro_usd', ARGV[2])
redis.call('expire', KEYS[1], 172800)
return { ms, usd }`;

/** Counts in Redis, together with every gateway that uses the same one; while it is away, in `own`. */
export function createRedisLedger(redis: RedisScripts, own = createMemoryLedger()): JudgeLedger {
  const count = async (policy: string, { ms, usd }: JudgeSpending): Promise<JudgeSpending> => {
    const key = `proctor:judges:${policy}:${dayOf(Date.now())}`;
    const amounts = [Math.round(ms), Math.round(usd * 1_000_000)].map(String);
    const [sumMs = 0, sumMicroUsd = 0] = (await redis.eval(addScript, { keys: [key], arguments: amounts })) as number[];
    return { ms: Number(sumMs), usd: Number(sumMicroUsd) / 1_000_000 };
  };
  return {
    today: (policy) => count(policy, nothing).catch(() => own.today(policy)),
    async add(policy, spent) {
      await Promise.all([own.add(policy, spent), count(policy, spent).catch(() => {})]);
    },
  };
}

/** What a guardrail's judge may still take: milliseconds, or the sentence that says which part of the budget is spent. */
export type Allowance = { readonly ms: number } | { readonly spent: string; readonly isMoney: boolean };

/** Asked before each judge; `request` is what the judges of this request have taken so far. */
export async function allowanceOf(
  { budget, policy }: Pick<Guardrail, "budget" | "policy">,
  request: JudgeSpending,
  ledger: JudgeLedger,
): Promise<Allowance> {
  const { judge_ms, judge_usd, judge_ms_per_day, judge_usd_per_day } = budget;
  const hasDay = judge_ms_per_day !== undefined || judge_usd_per_day !== undefined;
  const day = hasDay ? await ledger.today(policy) : nothing;
  const limits = [
    { spent: request.ms, limit: judge_ms, what: `${judge_ms} ms for one request`, isMoney: false },
    { spent: day.ms, limit: judge_ms_per_day, what: `${judge_ms_per_day} ms for one day`, isMoney: false },
    { spent: request.usd, limit: judge_usd, what: `${judge_usd} USD for one request`, isMoney: true },
    { spent: day.usd, limit: judge_usd_per_day, what: `${judge_usd_per_day} USD for one day`, isMoney: true },
  ];
  // Where both are spent it is the money that counts: nothing more is bought.
  const reached = limits.findLast(({ spent, limit = Number.POSITIVE_INFINITY }) => spent >= limit);
  if (reached) return { spent: spentSentence(reached.what, policy), isMoney: reached.isMoney };
  const times = limits.filter(({ isMoney }) => !isMoney);
  return { ms: Math.min(...times.map(({ spent, limit = Number.POSITIVE_INFINITY }) => limit - spent)) };
}

/** Said where a judge was not asked, or had to stop, because of its budget. */
export function spentSentence(what: string, policy: string): string {
  return `Not examined: the judges' budget of the policy "${policy}" (${what}) is spent.`;
}
