import type { RedisScripts } from "../redis.ts";
import { within } from "../within.ts";
import { type BreakerRules, type BreakerState, type BreakerStore, slicesPerWindow } from "./circuit-breaker.ts";

/** Redis is asked before every call, so it is not waited for longer. */
const answerMs = 250;

/** After Redis gave no answer, this process goes by what it has seen itself for so long. */
const ownWayMs = 1000;

/** Breakers that replicas share. While Redis is away every process goes by `own`. */
export function createRedisBreakerStore(
  client: RedisScripts,
  own: BreakerStore,
  prefix = "proctor:breaker:",
): BreakerStore {
  let awayUntil = 0;
  async function run(script: string, target: string, values: readonly (string | number)[]): Promise<unknown> {
    if (Date.now() < awayUntil) return undefined;
    const ask = async () => ({
      answer: await client.eval(script, { keys: [prefix + target], arguments: values.map(String) }),
    });
    const asked = ask().catch(() => undefined);
    const answered = await within(asked, answerMs);
    if (!answered) awayUntil = Date.now() + ownWayMs;
    return answered?.answer;
  }
  return {
    async enter(target, rules) {
      const answer = await run(enterScript, target, [rules.open_for, lifetimeOf(rules)]);
      if (!Array.isArray(answer)) return own.enter(target, rules);
      const [state, wait] = answer as [BreakerState, number];
      return { state, mayCall: Number(wait) === 0, retryAfterMs: Number(wait) };
    },
    async leave(target, rules, call) {
      const { failures, window, open_for } = rules;
      // What this process has seen counts when Redis goes away.
      if (!call.isProbe) await own.leave(target, rules, call);
      if (call.outcome === "nothing" && !call.isProbe) return;
      const values = [call.outcome, call.isProbe ? 1 : 0, failures, window, open_for, lifetimeOf(rules)];
      await run(leaveScript, target, values);
    },
  };
}

/** A target that nobody asks for is forgotten after so many milliseconds. */
function lifetimeOf({ window, open_for }: BreakerRules): number {
  return 2 * (window + open_for);
}

const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const enterScript = `${clock}
local openFor, lifetime = tonumber(ARGV[1]), ARGV[2]
local openUntil = tonumber(redis.call('HGET', KEYS[1], 'open_until') or false)
if not openUntil then return {'closed', 0} end
if now < openUntil then return {'open', openUntil - now} end
local probeUntil = tonumber(redis.call('HGET', KEYS[1], 'probe_until') or false)
if probeUntil and now < probeUntil then return {'half_open', probeUntil - now} end
redis.call('HSET', KEYS[1], 'probe_until', now + openFor)
redis.call('PEXPIRE', KEYS[1], lifetime)
return {'half_open', 0}
`;

const leaveScript = `${clock}
local outcome, isProbe = ARGV[1], ARGV[2] == '1'
local least, window, openFor, lifetime = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local function open()
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'open_until', now + openFor)
  redis.call('PEXPIRE', KEYS[1], lifetime)
end
if isProbe then
  redis.call('HDEL', KEYS[1], 'probe_until')
  if outcome == 'failed' then open() end
  if outcome == 'answered' then redis.call('DEL', KEYS[1]) end
  return 1
end
if redis.call('HEXISTS', KEYS[1], 'open_until') == 1 then return 1 end
local slices = ${slicesPerWindow}
local current = math.floor(now / (window / slices))
local place = current % slices
if tonumber(redis.call('HGET', KEYS[1], 'slice' .. place) or -1) ~= current then
  redis.call('HSET', KEYS[1], 'slice' .. place, current, 'calls' .. place, 0, 'failures' .. place, 0)
end
redis.call('HINCRBY', KEYS[1], 'calls' .. place, 1)
redis.call('PEXPIRE', KEYS[1], lifetime)
if outcome ~= 'failed' then return 1 end
redis.call('HINCRBY', KEYS[1], 'failures' .. place, 1)
local calls, failures = 0, 0
for each = 0, slices - 1 do
  if tonumber(redis.call('HGET', KEYS[1], 'slice' .. each) or -1) > current - slices then
    calls = calls + tonumber(redis.call('HGET', KEYS[1], 'calls' .. each))
    failures = failures + tonumber(redis.call('HGET', KEYS[1], 'failures' .. each))
  end
end
if failures >= least and failures * 2 >= calls then open() end
return 1
`;
