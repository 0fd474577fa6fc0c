import { isIP } from "node:net";
import type { FoundUrl } from "./find-urls.ts";
import { isLookAlike } from "./look-alike.ts";

export const urlKinds = [
  "script",
  "credentials",
  "look_alike_host",
  "disguised_host",
  "exfiltration",
  "denied_host",
  "unlisted_host",
  "scheme",
  "ip_host",
] as const;

export interface UrlRules {
  /** Only these hosts and what is below them; every host when empty. */
  readonly allow_hosts: readonly string[];
  readonly deny_hosts: readonly string[];
  /** Only these schemes; every one that runs no code when empty. */
  readonly schemes: readonly string[];
}

const code = /^(?:javascript|vbscript)$/;
const codeAsData =
  /^data:\s*(?:text\/html|application\/xhtml\+xml|image\/svg\+xml|text\/xml|application\/xml|text\/javascript)/i;
const web = /^(?:https?|wss?|ftp)$/;
/** Longest query of an image that a page has in earnest; what is smuggled out is text. */
const longestQuery = 40;

/** What is wrong with a URL, the gravest first. */
export function faultsOf(url: FoundUrl, rules: UrlRules): readonly (typeof urlKinds)[number][] {
  const scheme = schemeOf(url.text);
  if (code.test(scheme) || codeAsData.test(url.text)) return ["script"];
  const faults: (typeof urlKinds)[number][] = [];
  if (web.test(scheme)) faults.push(...faultsOfWeb(url, rules));
  if (rules.schemes.length > 0 && !rules.schemes.includes(scheme)) faults.push("scheme");
  return faults;
}

/** Of `www.host` it is https. White space and backslashes in it are passed over, as browsers do. */
function schemeOf(text: string): string {
  if (/^www\./i.test(text)) return "https";
  return (/^[^:&]*/.exec(text)?.[0] ?? "").replaceAll(/[\s\\]/g, "").toLowerCase();
}

function faultsOfWeb(url: FoundUrl, rules: UrlRules): (typeof urlKinds)[number][] {
  const parsed = parse(url.text);
  if (parsed === null) return rules.allow_hosts.length > 0 ? ["unlisted_host"] : [];
  const host = parsed.hostname.replace(/\.$/, "").toLowerCase();
  const faults: (typeof urlKinds)[number][] = [];
  const checks: readonly [boolean, (typeof urlKinds)[number]][] = [
    [parsed.username !== "" || parsed.password !== "", "credentials"],
    [isLookAlike(host), "look_alike_host"],
    [isIP(host) === 4 && !writtenHost(url.text).includes(host), "disguised_host"],
    [url.isImage && !isListed(host, rules.allow_hosts) && smuggles(parsed), "exfiltration"],
    [isListed(host, rules.deny_hosts), "denied_host"],
    [rules.allow_hosts.length > 0 && !isListed(host, rules.allow_hosts), "unlisted_host"],
    [isIP(host.replace(/^\[|\]$/g, "")) > 0, "ip_host"],
  ];
  for (const [holds, kind] of checks) if (holds) faults.push(kind);
  return faults;
}

function parse(text: string): URL | null {
  return URL.parse(/^www\./i.test(text) ? `https://${text}` : text);
}

/** The part in which the host was written, as it was written. */
function writtenHost(text: string): string {
  return /^(?:[a-z][a-z\d+.-]*:)?[\\/]*([^\\/?#]*)/i.exec(text)?.[1] ?? "";
}

/** The host itself or one below it. A list entry may be written with `*.` or a leading dot. */
function isListed(host: string, list: readonly string[]): boolean {
  return list.some((entry) => {
    const name = entry
      .toLowerCase()
      .replace(/^(?:\*\.|\.)/, "")
      .replace(/\.$/, "");
    const ascii = URL.parse(`https://${name}`)?.hostname ?? name;
    return host === ascii || host.endsWith(`.${ascii}`);
  });
}

/** A query, a fragment or a path segment in which something longer than an image's parameters stands. */
function smuggles({ search, hash, pathname }: URL): boolean {
  const values = [...new URLSearchParams(search).values(), search.includes("=") ? "" : search.slice(1)];
  const segments = pathname.split("/").filter((segment) => /^[A-Za-z\d+_=%-]{100,}$/.test(segment));
  return values.some((value) => value.length >= longestQuery) || hash.length > longestQuery || segments.length > 0;
}
