import { attributeText, plainAttributes } from "./attribute-text.ts";
import type { OtlpSpan } from "./otlp.ts";

/** What the index needs of a span: the attributes of the span, of its events and of its links. */
export interface AttributeBearer {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly attributes?: Readonly<Record<string, unknown>> | undefined }[];
  readonly links: readonly { readonly attributes?: Readonly<Record<string, unknown>> | undefined }[];
}

/**
 * 32 bits for a key with a value. The index holds nothing else, so its size does not depend on the length of values; of a
 * long value only the ends and the length count. Two pairs may share a fingerprint: a hit is compared with the span itself.
 */
export function fingerprint(key: string, text: string): number {
  const sample = text.length <= longestWhole ? text : `${text.slice(0, 128)}${text.length}${text.slice(-128)}`;
  return mix(fold(fold(0x811c9dc5, key) ^ 0xff, sample));
}

/** The fingerprints of all attributes by which a span can be found, its resource's and scope's aside. */
export function fingerprintsOf({ attributes, events, links }: AttributeBearer): ReadonlySet<number> {
  const found = new Set<number>();
  addAll(found, attributes);
  for (const event of events) addAll(found, event.attributes);
  for (const link of links) addAll(found, link.attributes);
  return found;
}

/** An OTLP span in the form that `fingerprintsOf` reads. */
export function bearerOf(span: OtlpSpan): AttributeBearer {
  const plain = (item: { readonly attributes?: OtlpSpan["attributes"] }) => ({
    attributes: plainAttributes(item.attributes),
  });
  return {
    attributes: plainAttributes(span.attributes),
    events: (span.events ?? []).map(plain),
    links: (span.links ?? []).map(plain),
  };
}

const longestWhole = 256;

function addAll(found: Set<number>, attributes: Readonly<Record<string, unknown>> | undefined): void {
  for (const key in attributes) found.add(fingerprint(key, attributeText(attributes[key])));
}

/** FNV-1a over UTF-16 code units. */
function fold(seed: number, text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3: FNV alone leaves the last characters in the low bits. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
