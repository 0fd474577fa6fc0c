import { detectSecrets } from "../../evaluators/index.ts";

/** The caller's headers that say which version of an API is meant; all others may say who asked. */
const keptOfRequest = /-(?:version|beta)$/;

/** Headers of a reply that are about an account, a session or the connection. */
const droppedOfReply =
  /cookie|authenticat|authorization|organi[sz]ation|project|secret|api-?key|session|^(?:connection|keep-alive|transfer-encoding|date)$/;

const credentialHeader = /authorization|cookie|(?:api|proctor)-?key|token|secret/;

export function maskRequestHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keptOfRequest.test(name)));
}

export function maskReplyHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !droppedOfReply.test(name)));
}

/** What a caller proves with who it is; a body may repeat it. */
export function credentialsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => credentialHeader.test(name))
    .map(([, value]) => value.replace(/^(?:Bearer|Basic)\s+/i, "").trim());
}

/** Shorter ones would blank words of ordinary text. */
const shortestSecret = 8;

/**
 * Overwrites the known secrets and whatever has the form of a key or a token with as many asterisks, so that no other byte moves.
 * Joined chunks are looked at, so that a secret that was cut in two is found.
 */
export function maskSecrets(chunks: readonly Uint8Array[], known: readonly string[]): Buffer[] {
  const joined = Buffer.concat(chunks);
  const text = joined.toString("utf8");
  const found = detectSecrets(text).map(({ start, end }) => text.slice(start, end));
  for (const secret of [...known.filter(({ length }) => length >= shortestSecret), ...found]) {
    const bytes = Buffer.from(secret);
    for (let at = joined.indexOf(bytes); at !== -1; at = joined.indexOf(bytes, at + bytes.length))
      joined.fill("*", at, at + bytes.length);
  }
  return cutAs(chunks, joined);
}

/** Cuts bytes where the chunks were cut. */
export function cutAs(chunks: readonly Uint8Array[], joined: Buffer): Buffer[] {
  let at = 0;
  return chunks.map(({ length }) => joined.subarray(at, (at += length)));
}
