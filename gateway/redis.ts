import { createClient } from "redis";
import { z } from "zod";
import { within } from "./within.ts";

/** The `redis:` section of `proctor.yaml`. */
export const redisConfig = z
  .url({ protocol: /^rediss?$/, error: 'not an address such as "redis://localhost:6379"' })
  .optional()
  .meta({
    description:
      "Where several processes count limits together and share what they keep; the environment variable REDIS_URL when absent. In memory without either.",
  });

/** What runs scripts in Redis, in the shape that the library for limits asks for. */
export interface RedisScripts {
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
}

/** One connection for everything that is shared between processes. Every method rejects within a second while Redis is away. */
export interface Redis extends RedisScripts {
  /** Host and port, for people; never a password. */
  readonly address: string;
  isReady(): boolean;
  get(key: string): Promise<string | null>;
  /** Keeps a text for `seconds`. */
  set(key: string, value: string, seconds: number): Promise<void>;
  /** Lets what was asked for finish, then closes. */
  close(): Promise<void>;
}

export interface ConnectRedisOptions {
  readonly url: string;
  /** Told, in one line each, that Redis is away and that it is back. */
  readonly report: (line: string) => void;
}

/** How long a start waits for Redis before it goes on without. */
const startMs = 2000;
/** How long an answer may take: a request waits for it. */
const answerMs = 1000;
/** How long nothing is asked after an answer that did not come, so that not every request waits for the next one. */
const pauseMs = 1000;
const closeMs = 1000;

/** Connects, and connects again for as long as it is not closed. Resolves also when Redis is away: `report` says so. */
export async function connectRedis({ url, report }: ConnectRedisOptions): Promise<Redis> {
  const address = addressOf(url);
  const client = createClient({
    url,
    RESP: 2,
    // What cannot be asked at once is answered by each key's on_limiter_error, not later.
    disableOfflineQueue: true,
    pingInterval: 10_000,
    socket: { connectTimeout: 2000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2000) },
  });
  const presence = tellPresence(address, report);
  client.on("error", (error: unknown) => presence.away(error));
  client.on("ready", () => presence.back());
  const connected = client.connect().catch((error: unknown) => presence.away(error));
  const failed = new Promise((done) => client.once("error", done));
  const decided = Promise.race([connected, failed]).then(() => true);
  if (!(await within(decided, startMs))) presence.away(new Error(`no answer in ${startMs} ms`));
  const answered = answersOf(presence);
  return {
    address,
    isReady: () => client.isReady,
    eval: (script, options) => answered(() => client.eval(script, options)),
    get: (key) => answered(() => client.get(key)),
    async set(key, value, seconds) {
      await answered(() => client.set(key, value, { expiration: { type: "EX", value: seconds } }));
    },
    async close() {
      const closing = client.isReady ? client.close().then(() => true) : Promise.resolve(undefined);
      if (!(await within(closing, closeMs).catch(() => undefined))) client.destroy();
    },
  };
}

/** Waits for answers, but not for long; a Redis that hangs is one that is away. */
function answersOf(presence: Presence): <T>(ask: () => Promise<T>) => Promise<T> {
  let pausedUntil = 0;
  return async function answered<T>(ask: () => Promise<T>): Promise<T> {
    if (performance.now() < pausedUntil) throw new Error("Redis gives no answers at the moment.");
    const reply = await within(
      ask().then((given) => ({ given })),
      answerMs,
    );
    if (reply) {
      presence.back();
      return reply.given;
    }
    pausedUntil = performance.now() + pauseMs;
    const error = new Error(`no answer in ${answerMs} ms`);
    presence.away(error);
    throw error;
  };
}

interface Presence {
  away(error: unknown): void;
  back(): void;
}

/** Says once that Redis is away and once that it is back, however often either is noticed. */
function tellPresence(address: string, report: (line: string) => void): Presence {
  let isAway = false;
  return {
    away(error) {
      if (!isAway) {
        report(
          `Redis at ${address} is away (${reasonOf(error)}): keys with limits are treated as their on_limiter_error says, and nothing is shared. Trying again.`,
        );
      }
      isAway = true;
    },
    back() {
      if (isAway) report(`Redis at ${address} is back.`);
      isAway = false;
    },
  };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? (message === "" ? "no reason given" : message);
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname === "" ? "localhost" : hostname}:${port === "" ? "6379" : port}`;
}
