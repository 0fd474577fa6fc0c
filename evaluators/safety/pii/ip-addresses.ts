import { isIPv6 } from "node:net";
import { type Detection, matchesOf } from "../detection.ts";

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** Numbers of four parts stand behind these as well: `Chrome/124.0.6.1`, "upgrade to 1.2.3.4", "Lemma 1.2.3.4". */
const otherNumbers = String.raw`\b(?:ver\.|(?:version|release|firmware|build|section|chapter|clause|figure|table|paragraph|appendix|annex|step|theorem|lemma|corollary|definition|proposition|equation|exercise|example)s?|(?:upgrad|updat|downgrad)(?:e|ed|ing) (?:to|from)) |§ ?|[a-z]/|[a-z]-|==`;
const version4 = new RegExp(
  `(?<![\\w.]|${otherNumbers})${octet}(?:\\.${octet}){3}(?!\\w|\\.\\d|-\\d+[a-z]|\\.(?:tar|zip|tgz|deb|rpm|whl|exe|jar)\\b)`,
  "gi",
);
const version6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
/** This host, no host, masks, whole networks, and the resolvers that everybody uses: nobody's address. */
const nobody =
  /^(?:127\.|0\.|255\.|22[4-9]\.|23\d\.)|^\d+\.\d+\.\d+\.0$|^(?:8\.8\.(?:8\.8|4\.4)|1\.(?:1\.1\.[123]|0\.0\.[123])|9\.9\.9\.9|149\.112\.112\.112|208\.67\.22[02]\.22[02])$/;
/** Addresses that mean something inside a network only (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
const inside = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

/** Finds IP addresses of both versions; `private_ip_address` are those that mean something inside a network only. */
export function findIpAddresses(text: string): Detection[] {
  const found = [
    ...(text.includes(".") ? matchesOf(text, version4, "ip_address") : []),
    ...(text.includes(":") ? matchesOf(text, version6, "ip_address") : []),
  ];
  return found.flatMap(({ start, end }) => {
    const address = text.slice(start, end);
    if (nobody.test(address) || !(address.includes(".") || isAddress(address))) return [];
    return [{ kind: inside.test(address) ? "private_ip_address" : "ip_address", start, end }];
  });
}

/** `a::b` is an address by its form and a name in many languages; an address here has three groups and a digit. */
function isAddress(text: string): boolean {
  return isIPv6(text) && /\d/.test(text) && text.split(":").filter((group) => group !== "").length >= 3;
}
