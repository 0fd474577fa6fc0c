import { createKey, hashKey } from "../../gateway/access/key-text.ts";
import type { FakeVendor } from "./fake-vendor.ts";

/** The keys of "bot", who may be limited, and of "ops", who is an admin. */
export const key = createKey();
export const admin = createKey();

export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

/** A request that every dialect takes. */
export const hello = { model: "student", max_tokens: 5, messages: [{ role: "user", content: "Hello?" }] };

/** A configuration with two keys, whose providers send on the caller's own key for the vendor. */
export function keyedConfig(vendor: FakeVendor, entry: object = {}, more: object = {}) {
  const targets = [{ provider: "vendor", model: "m" }];
  return {
    providers: {
      vendor: { kind: "openai", base_url: vendor.url, pass_through_auth: true },
      claude: { kind: "anthropic", base_url: vendor.url, pass_through_auth: true },
    },
    models: {
      student: { role: "student", targets },
      other: { role: "teacher", targets },
      claude: { role: "teacher", targets: [{ provider: "claude", model: "m" }] },
      judge: { role: "judge", targets, price: { input: 1000, output: 1000 } },
    },
    keys: [
      { name: "bot", hash: hashKey(key), ...entry },
      { name: "ops", hash: hashKey(admin), admin: true },
    ],
    ...more,
  };
}
