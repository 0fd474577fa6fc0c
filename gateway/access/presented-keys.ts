import { holdsKey } from "./key-text.ts";

/** A text in a header that may be a key of ours. */
export interface PresentedKey {
  readonly header: string;
  readonly text: string;
}

type Headers = Readonly<Record<string, string>>;

/** The header that names a caller when the others carry the caller's own key for a vendor. */
const ownHeader = "x-proctor-key";

/** What stands where keys are looked for: `x-proctor-key`, `authorization: Bearer …`, `x-api-key`. */
export function presentedKeys(headers: Headers): readonly PresentedKey[] {
  const [, bearer = ""] = /^bearer +(\S+) *$/i.exec(headers["authorization"] ?? "") ?? [];
  const found = [
    { header: ownHeader, text: headers[ownHeader]?.trim() ?? "" },
    { header: "authorization", text: bearer },
    { header: "x-api-key", text: headers["x-api-key"]?.trim() ?? "" },
  ];
  return found.filter(({ text }) => text !== "");
}

/** The headers without those that are named, and without whatever else looks like a key of ours, so that none reaches a vendor. */
export function withoutHeaders(headers: Headers, names: readonly string[]): Record<string, string> {
  const harmless: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name !== ownHeader && !names.includes(name) && !holdsKey(value)) harmless[name] = value;
  }
  return harmless;
}
