import type { Call } from "../../../gateway/access/access.ts";
import { type KeyConfig, keysConfig } from "../../../gateway/access/config.ts";
import { createAccess } from "../../../gateway/access/create-access.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import type { Limits } from "../../../gateway/access/limits.ts";
import { createMemoryLimits } from "../../../gateway/access/memory-limits.ts";
import { GatewayError } from "../../../gateway/errors.ts";
import { sandbox } from "../../../gateway/providers/sandbox.ts";
import type { Alias, Target } from "../../../gateway/routing/alias.ts";

/** The key of "bot", and that of "ops", who is an admin. */
export const key = `pk-proctor-${"k".repeat(43)}`;
export const other = createKey();
export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

type Entry = Partial<Omit<KeyConfig, "hash">>;

/** 2026-11-23T12:00:30Z */
export const noon = Date.UTC(2026, 10, 23, 12, 0, 30);

/** An access whose key "bot" is configured so, and that key as the caller. */
export function accessWith(entry: Entry, more: { limits?: Limits; now?: () => number } = {}) {
  const keys = keysConfig.parse([
    { name: "bot", hash: hashKey(key), ...entry },
    { name: "ops", hash: hashKey(other), admin: true },
  ]);
  const access = createAccess({ keys, limits: createMemoryLimits(), now: () => noon, ...more });
  const caller = access.identify(bearer(key));
  return { access, caller, admit: (call: Partial<Call> = {}) => access.admit(caller, { ...anyCall, ...call }) };
}

export function target(more: Partial<Target> = {}): Target {
  const provider = sandbox.create("sandbox", { kind: "sandbox" });
  return { provider, model: "m", weight: 1, price: undefined, maxTokens: undefined, label: "sandbox/m", ...more };
}

export function alias(name: string, targets = [target()]): Alias {
  return { name, role: "student", targets, retry: { attempts: 1, on: [] }, guardrails: [] };
}

export const anyCall: Call = {
  alias: alias("student"),
  parts: { parameters: { max_tokens: 100 }, messages: [], tools: [] },
  bytes: 0,
};

/** The error that the work ends in. */
export async function errorOf(work: () => unknown): Promise<GatewayError> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("Nothing was thrown.");
}
