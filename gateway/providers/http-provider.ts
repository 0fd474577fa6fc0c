import { Agent, request as send } from "undici";
import { z } from "zod";
import { GatewayError } from "../errors.ts";
import { duration } from "../../tracing/index.ts";
import type { Provider, ProviderReply, ProviderRequest, Timeouts, WireName } from "./provider.ts";

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
};

export interface HttpProviderOptions {
  readonly name: string;
  readonly kind: string;
  readonly system: string;
  readonly wire: WireName;
  /** The whole URL that requests are posted to. */
  readonly url: string;
  readonly timeouts: Timeouts;
  readonly passesCallerKey: boolean;
  /** Headers for the vendor, made from the caller's (lower-case names). */
  headers(given: Readonly<Record<string, string>>): Record<string, string>;
}

/** A provider that posts the body to one URL over a pool of kept connections and hands back what comes, undecoded. */
export function createHttpProvider({
  name,
  kind,
  system,
  wire,
  url,
  timeouts,
  passesCallerKey,
  headers,
}: HttpProviderOptions): Provider {
  const agent = new Agent({ connect: { timeout: timeouts.connect }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    name,
    kind,
    system,
    wires: [wire],
    url,
    timeouts,
    passesCallerKey,
    async send({ body, headers: given, signal }: ProviderRequest): Promise<ProviderReply> {
      const reply = await send(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", "accept-encoding": "identity", ...headers(given) },
        dispatcher: agent,
        signal,
      });
      const received = flatHeaders(reply.headers);
      const encoding = received["content-encoding"] ?? "identity";
      if (encoding === "identity") return { status: reply.statusCode, headers: received, body: reply.body };
      reply.body.on("error", () => {}).destroy();
      throw new GatewayError(
        "provider_failed",
        `Provider "${name}" answered with the content encoding "${encoding}" although none was asked for, so its answer cannot be examined. Switch compression off there.`,
      );
    },
    close: () => agent.destroy(),
  };
}

/** The named headers that are there. */
export function pick(given: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
