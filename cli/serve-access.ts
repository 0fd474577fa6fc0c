import { type Cache, createRedisCache, openCache } from "../evaluators/index.ts";
import {
  type Access,
  connectRedis,
  createAccess,
  createMemoryLedger,
  createMemoryLimits,
  createRedisLedger,
  createRedisLimits,
  createRoutingState,
  type Gateway,
  hasLimits,
  isLoopback,
  type JudgeLedger,
  type Limits,
  openAccess,
  type Redis,
  type RoutingState,
  unchargeableKeys,
} from "../gateway/index.ts";
import type { ProctorConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { CommandError, exitCode } from "./context.ts";

/** What outlives the gateways of a process: counts, kept verdicts, and the connection to Redis if there is one. */
export interface SharedState {
  readonly redis: Redis | undefined;
  readonly limits: Limits;
  /** Circuit breakers and queues. */
  readonly routing: RoutingState;
  /** What judges have taken today. */
  readonly ledger: JudgeLedger;
  /** Where verdicts of judges are kept. */
  readonly cache: Cache;
  /** For when nothing is under way any more. */
  close(): Promise<void>;
}

/** Connects to Redis where one is configured; otherwise all stays in this process and in the `.proctor` folder given. */
export async function openSharedState(
  { redis: url }: Pick<ProctorConfig, "redis">,
  folder: string,
  report: (line: string) => void,
): Promise<SharedState> {
  if (url === undefined) {
    const limits = createMemoryLimits();
    const cache = openCache(folder, report);
    return {
      redis: undefined,
      limits,
      routing: createRoutingState(),
      ledger: createMemoryLedger(),
      cache,
      close: async () => cache.close(),
    };
  }
  const redis = await connectRedis({ url, report });
  const limits = createRedisLimits(redis);
  return {
    redis,
    limits,
    routing: createRoutingState({ redis }),
    ledger: createRedisLedger(redis),
    cache: createRedisCache(redis),
    async close() {
      limits.close();
      await redis.close();
    },
  };
}

/** Who may call a gateway of this configuration. */
export function accessFor({ keys }: Pick<ProctorConfig, "keys">, limits: Limits): Access {
  return keys.length === 0 ? openAccess : createAccess({ keys, limits });
}

/** Throws `ConfigError` for keys whose budget in USD cannot be held. */
export function checkBudgets({ keys }: Pick<ProctorConfig, "keys">, { aliases }: Gateway): void {
  const mistakes = unchargeableKeys(keys, aliases);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

/** Throws `CommandError` when anyone on the network could call models at somebody else's cost. */
export function checkExposure(
  { keys }: Pick<ProctorConfig, "keys">,
  host: string,
  options: { readonly insecure?: boolean },
): void {
  if (keys.length > 0 || isLoopback(host) || options.insecure) return;
  throw new CommandError(
    exitCode.usage,
    `Without keys everyone who reaches ${host} could use its models. Add a key ("proctor keys create --name me" prints the lines for proctor.yaml), listen on 127.0.0.1, or say --insecure where something else keeps others out.`,
  );
}

/** Throws `CommandError` when several processes would each count for themselves. */
export function checkWorkers({ keys, redis }: Pick<ProctorConfig, "keys" | "redis">, workers: number): void {
  const limited = keys.find(hasLimits);
  if (workers < 2 || !limited || redis !== undefined) return;
  throw new CommandError(
    exitCode.usage,
    `${workers} workers would let the key "${limited.name}" use ${workers} times its limits, since each counts for itself. Name a Redis where they count together ("redis: redis://localhost:6379" in proctor.yaml, or REDIS_URL), or leave --workers out.`,
  );
}

/** Who may call, for a person. */
export function describeKeys({ keys }: Pick<ProctorConfig, "keys">, host: string): string {
  if (keys.length > 0) return keys.map(({ name, admin }) => (admin ? `${name} (admin)` : name)).join(", ");
  return isLoopback(host)
    ? "none: every program on this machine may call, and it listens on loopback only"
    : "none: everyone who reaches this port may call (--insecure)";
}
