import { isUtf8 } from "node:buffer";

/** What a header's value says: HTTP hands out bytes as Latin-1, and clients that write beyond ASCII write UTF-8. */
export function headerText(value: string | undefined): string | undefined {
  if (value === undefined || /^[ -~]*$/.test(value)) return value;
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
