import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../errors.ts";
import { type Allowances, rateLimitHeaders } from "../providers/rate-limit-headers.ts";
import { type Access, type Admission, type Call, type Caller, freeAdmission } from "./access.ts";
import { hasLimits, type KeyConfig } from "./config.ts";
import { type Grant, inSeconds, type KeyLimits, limitsOfKey, type Refusal } from "./key-limit.ts";
import { hashKey, holdsKey } from "./key-text.ts";
import type { Limits } from "./limits.ts";
import { type PresentedKey, presentedKeys } from "./presented-keys.ts";
import { reservationFor } from "./reserve.ts";

export interface CreateAccessOptions {
  readonly keys: readonly KeyConfig[];
  /** Where use is counted; stays the caller's to close. */
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A key with what it takes to check and to count it. */
interface KnownKey {
  readonly config: KeyConfig;
  readonly hash: Buffer;
  readonly limits: KeyLimits;
}

/** Lets in those who have one of the keys, and each only within its limits. */
export function createAccess({ keys, limits, now = Date.now }: CreateAccessOptions): Access {
  const known: readonly KnownKey[] = keys.map((config) => ({
    config,
    hash: Buffer.from(config.hash),
    limits: limitsOfKey(config, limits, now),
  }));
  return {
    identify: (headers) => identify(known, headers),
    async admit(caller, call) {
      const key = known.find(({ config }) => config.name === caller.name);
      if (!key) throw new GatewayError("unauthorized", `The key "${caller.name}" is not known any more.`);
      if (call.isPart !== true) checkModel(caller, key.config, call);
      return hasLimits(key.config) ? admitWithin(key, call, now) : freeAdmission;
    },
  };
}

const howToSend = 'Send it as "authorization: Bearer …", as "x-api-key" or as "x-proctor-key"';

function identify(known: readonly KnownKey[], headers: Readonly<Record<string, string>>): Caller {
  const presented = presentedKeys(headers).map((each) => ({ ...each, key: keyWith(known, each) }));
  const matched = presented.flatMap(({ key }) => (key ? [key] : []));
  const [key] = matched;
  // Our own keys never go on to a vendor, neither the one that counts nor one that was withdrawn.
  const ours = presented.filter((each) => each.key !== undefined || holdsKey(each.text) || isOwn(each));
  if (!key) {
    const said = presented.length === 0 ? "This gateway asks for a key" : "The key is not known to this gateway";
    throw unauthorized(`${said}. ${howToSend}; whoever runs the gateway makes one with "proctor keys create".`);
  }
  if (ours.some((each) => each.key !== key))
    throw unauthorized("Two different keys of this gateway came with the request. Send one.");
  const { name, admin, models } = key.config;
  return {
    name,
    isAdmin: admin,
    keyHeaders: ours.map(({ header }) => header),
    mayUse: (alias) => models === undefined || models.includes(alias),
  };
}

function isOwn({ header }: PresentedKey): boolean {
  return header === "x-proctor-key";
}

function unauthorized(message: string): GatewayError {
  return new GatewayError("unauthorized", message, { headers: { "www-authenticate": "Bearer" } });
}

/** Compares with every key and all of its bytes, so that the time it takes says nothing of which one is near. */
function keyWith(known: readonly KnownKey[], { text }: PresentedKey): KnownKey | undefined {
  const hash = Buffer.from(hashKey(text));
  let found: KnownKey | undefined;
  for (const key of known) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

function checkModel(caller: Caller, { name, models = [] }: KeyConfig, { alias }: Call): void {
  if (!alias || caller.mayUse(alias.name)) return;
  throw new GatewayError(
    "forbidden",
    `The key "${name}" may not use the model "${alias.name}". It may use: ${models.join(", ")}.`,
    { param: "model" },
  );
}

async function admitWithin({ config, limits }: KnownKey, call: Call, now: () => number): Promise<Admission> {
  const headersOf = (given: readonly Grant[]) => rateLimitHeaders(call.wire ?? "chat", allowancesOf(given), now());
  const reservation = reservationFor(call);
  const first = call.isPart ? limits.used : [...limits.places, ...limits.used];
  const last = call.isPart ? [] : limits.requests;
  const grants: Grant[] = [];
  try {
    for (const together of [first, last]) {
      const asked = await Promise.allSettled(together.map((limit) => limit.take(reservation)));
      grants.push(...asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
      const broken = asked.find((each) => each.status === "rejected");
      if (broken) throw broken.reason;
      const refused = grants.find(({ refusal }) => refusal !== undefined);
      if (refused?.refusal) throw refusalError(refused.refusal, headersOf(grants));
    }
  } catch (thrown) {
    settleAll(grants, { tokens: 0, usd: 0 });
    if (thrown instanceof GatewayError) throw thrown;
    if (config.on_limiter_error === "allow") return freeAdmission;
    throw limiterError(config, thrown);
  }
  return admissionOf(grants, headersOf(grants));
}

function admissionOf(grants: readonly Grant[], headers: Admission["headers"]): Admission {
  let isOpen = true;
  return {
    headers,
    settle(used) {
      if (isOpen) settleAll(grants, used);
      isOpen = false;
    },
    charge(used) {
      for (const grant of grants) ignoreFailure(grant.charge(used));
    },
  };
}

function settleAll(grants: readonly Grant[], used: Parameters<Grant["settle"]>[0]): void {
  for (const grant of grants) if (!grant.refusal) ignoreFailure(grant.settle(used));
}

/** Nobody waits for it: while Redis is away what was reserved stays reserved, and places fall free by themselves. */
function ignoreFailure(work: Promise<void>): void {
  work.catch(() => {});
}

function allowancesOf(grants: readonly Grant[]): Allowances {
  return Object.assign({}, ...grants.map(({ allowances }) => allowances)) as Allowances;
}

function refusalError({ code, message, retryMs }: Refusal, allowances: Record<string, string>): GatewayError {
  const headers = {
    ...allowances,
    // The official clients try again by themselves, which is no use where it takes hours or never works.
    ...(retryMs === undefined ? {} : { "retry-after": String(inSeconds(retryMs)) }),
    ...(retryMs === undefined || code === "budget_exceeded" ? { "x-should-retry": "false" } : {}),
  };
  return new GatewayError(code, message, { headers });
}

function limiterError({ name }: KeyConfig, cause: unknown): GatewayError {
  return new GatewayError(
    "limiter_unavailable",
    `The limits of the key "${name}" cannot be checked at the moment, so nothing is let through. Try again in a moment.`,
    { headers: { "retry-after": "5" }, cause },
  );
}
