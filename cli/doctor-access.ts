import { connectRedis, type Gateway, isLoopback, unchargeableKeys } from "../gateway/index.ts";
import type { ProctorConfig } from "./config.ts";
import type { Check } from "./doctor-checks.ts";
import { describeKeys } from "./serve-access.ts";

/** Who may call, whether their budgets can be held, and whether the place where they are counted answers. */
export async function checkAccess(config: ProctorConfig, { aliases }: Gateway): Promise<Check[]> {
  const mistakes = unchargeableKeys(config.keys, aliases);
  const isOpen = config.keys.length === 0 && !isLoopback(config.listen.host);
  const detail = [describeKeys(config, config.listen.host), ...mistakes].join(". ");
  return [{ ok: mistakes.length === 0 && !isOpen, name: "keys", detail }, await checkRedis(config)];
}

async function checkRedis({ redis: url }: ProctorConfig): Promise<Check> {
  const name = "redis";
  if (url === undefined)
    return {
      ok: true,
      name,
      detail: "none configured (redis or REDIS_URL); what is counted is forgotten with the process",
    };
  const said: string[] = [];
  const redis = await connectRedis({ url, report: (line) => void said.push(line) });
  const ok = redis.isReady();
  await redis.close();
  return { ok, name, detail: ok ? `${redis.address}: answers` : (said[0] ?? `${redis.address} does not answer`) };
}
