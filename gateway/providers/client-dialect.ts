import type { WireName } from "./provider.ts";

/** Headers that every official client of a dialect sends and no other's does. */
const marks: readonly { readonly header: string; readonly dialect: WireName }[] = [
  { header: "anthropic-version", dialect: "messages" },
];

/** The dialect in which a caller expects the replies of end points that several vendors have at the same path. */
export function clientDialect(headers: Readonly<Record<string, string>>): WireName {
  return marks.find(({ header }) => headers[header] !== undefined)?.dialect ?? "chat";
}
