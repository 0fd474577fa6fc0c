import { createHash } from "node:crypto";
import { Pool } from "undici";
import { z } from "zod";
import { GatewayError } from "../errors.ts";
import { duration } from "../../tracing/index.ts";
import { withoutEcho } from "./mask-echo.ts";
import { post } from "./post.ts";
import type { Endpoint, Provider, ProviderReply, ProviderRequest, Timeouts } from "./provider.ts";

/** The address of a vendor's API. Credentials belong into `api_key`, which is never shown; a query would end up in the path. */
export function baseUrl(standard: string) {
  return z
    .url({ protocol: /^https?$/, error: `not an address such as ${standard}` })
    .refine(
      (text) => isPlain(new URL(text)),
      "an address without user name, password and query; a key goes into api_key",
    )
    .default(standard);
}

function isPlain({ username, password, search, hash }: URL): boolean {
  return username + password + search + hash === "";
}

/** Options that every provider reached over HTTP has. */
export const httpProviderOptions = {
  api_key: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "The key; write it as ${NAME} to take it from the environment." }),
  pass_through_auth: z
    .boolean()
    .default(false)
    .meta({ description: "Send the caller's own key instead of a configured one." }),
  timeout: z
    .strictObject({
      connect: duration.default(10_000),
      first_event: duration.default(120_000).meta({ description: "Until the first event of a stream." }),
      idle: duration.default(60_000).meta({ description: "Between two events of a stream." }),
      total: duration.default(600_000),
    })
    .prefault({}),
  circuit_breaker: z
    .union([
      z.literal(false),
      z.strictObject({
        failures: z.number().int().min(1).default(5).meta({
          description: "So many failed calls within the window, if they are at least half of all, open it.",
        }),
        window: duration.default(30_000),
        open_for: duration.default(15_000).meta({ description: "Then one call finds out whether the target is back." }),
      }),
    ])
    .prefault({})
    .meta({ description: "Leaves a target alone while it fails; false switches that off." }),
  concurrency: z
    .strictObject({
      limit: z.number().int().min(1).meta({ description: "Calls at once, of each process." }),
      queue: z.number().int().min(0).default(100).meta({ description: "Calls that may wait for their turn." }),
      wait: duration.default(10_000).meta({ description: "The longest that one waits." }),
    })
    .optional(),
  propagate: z.boolean().default(false).meta({
    description: "Send traceparent and tracestate along; never the caller's baggage.",
  }),
};

export interface HttpProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly system: string;
  /** What stands in front of every path. */
  readonly baseUrl: string;
  /** What it serves, each with its path; calls are said to go to the first. */
  readonly paths: Readonly<Partial<Record<Endpoint, string>>>;
  readonly timeouts: Timeouts;
  readonly passesCallerKey: boolean;
  /** Members of a translated request that its servers know by another name. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Headers for the vendor, made from the caller's (lower-case names). */
  headers(given: Readonly<Record<string, string>>): Record<string, string>;
}

/** A provider that posts bodies over a pool of kept connections and hands back what comes, undecoded. */
export function createHttpProvider({
  name,
  kind,
  system,
  baseUrl: address,
  paths,
  timeouts,
  passesCallerKey,
  renames = {},
  headers,
}: HttpProviderOptions): Provider {
  const base = address.replace(/\/+$/, "");
  const urls = new Map(
    Object.entries(paths).map(([endpoint, path]) => [endpoint as Endpoint, new URL(`${base}${path}`)]),
  );
  const pool = new Pool(new URL(base).origin, {
    connect: { timeout: timeouts.connect },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    name,
    kind,
    system,
    endpoints: [...urls.keys()],
    url: urls.values().next().value?.href ?? base,
    timeouts,
    passesCallerKey,
    renames,
    variesBy(given) {
      // A key for one call must not keep others from the answer.
      const { "idempotency-key": _key, ...sent } = headers(given);
      return createHash("sha256").update(JSON.stringify(sent)).digest("hex");
    },
    async send({ endpoint, body, headers: given, trace, signal }: ProviderRequest): Promise<ProviderReply> {
      const url = urls.get(endpoint);
      if (url === undefined) throw new TypeError(`Provider "${name}" does not serve ${endpoint}.`);
      const own = headers(given);
      const reply = await post(pool, {
        url,
        body,
        headers: { "content-type": "application/json", "accept-encoding": "identity", ...own, ...trace },
        signal,
      });
      const encoding = reply.headers["content-encoding"] ?? "identity";
      if (encoding === "identity") return withoutEcho(reply, own);
      await reply.body[Symbol.asyncIterator]().return?.();
      throw new GatewayError(
        "provider_failed",
        `Provider "${name}" answered with the content encoding "${encoding}" although none was asked for, so its answer cannot be examined. Switch compression off there.`,
      );
    },
    close: () => pool.destroy(),
  };
}

/** The named headers that are there. */
export function pick(given: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) if (given[name] !== undefined) picked[name] = given[name];
  return picked;
}
