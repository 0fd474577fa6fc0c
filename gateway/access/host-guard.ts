import { isIP, isIPv4 } from "node:net";

export interface HostRules {
  /** The address that the gateway listens on. */
  readonly host: string;
  /** Names from the configuration. */
  readonly allowedHosts: readonly string[];
  readonly hasKeys: boolean;
}

/**
 * Says whether a request's `Host` may be answered. A stranger's web page can make its own name point at this machine (DNS
 * rebinding) and is then, to the browser, a page of the gateway. So a gateway without keys answers only to names that no
 * stranger owns: addresses, this machine's own names, and those that are configured. Keys keep strangers out by themselves; then
 * only what is configured counts.
 */
export function hostGuard({ host, allowedHosts, hasKeys }: HostRules): (header: string | undefined) => boolean {
  if (hasKeys && allowedHosts.length === 0) return () => true;
  const allowed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const isOwnName = isLoopback(host) ? isLocalName : isPrivateName;
  return function mayAnswer(header) {
    // Only clients of HTTP/1.0 send none, and no browser is one.
    if (header === undefined) return true;
    const name = hostNameIn(header);
    return name !== undefined && (isIP(name) !== 0 || isOwnName(name) || allowed.has(name));
  };
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** The name without its port, lower case; an address in brackets without them. Undefined for what is no host. */
function hostNameIn(header: string): string | undefined {
  const [, name, address] = /^(?:([\w.-]+)|\[([\da-f:.]+)\])(?::\d{1,5})?$/i.exec(header.trim()) ?? [];
  return (name ?? address)?.toLowerCase().replace(/\.$/, "");
}

function isLocalName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

/** Names that the public DNS has not: of one word, such as a service of a compose file, and below `.internal`. */
function isPrivateName(name: string): boolean {
  return isLocalName(name) || !name.includes(".") || name.endsWith(".internal");
}
