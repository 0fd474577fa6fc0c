import { hash, randomBytes } from "node:crypto";

const prefix = "pk-proctor-";

/** A new key: 32 random bytes in base64url behind a prefix that secret scanners and people can tell. */
export function createKey(): string {
  return `${prefix}${randomBytes(32).toString("base64url")}`;
}

/**
 * What the configuration keeps of a key. One round of sha256 is enough for 256 random bits, which nobody can guess;
 * slow hashes are for passwords, and would make every request slow.
 */
export function hashKey(key: string): string {
  return `sha256:${hash("sha256", key, "hex")}`;
}

/** True for a text that holds what is, or once was, a key of a gateway of ours. */
export function holdsKey(text: string): boolean {
  return text.includes(prefix);
}
