import { MalformedValue } from "./go-values.ts";

/**
 * Reads a trace id as Jaeger does: up to 32 hexadecimal digits in either case, leading zeros optional, or base64 of 8 or 16
 * bytes. Answers 32 lower-case digits; throws `MalformedValue`.
 */
export function parseTraceId(text: string): string {
  if (/^[0-9a-fA-F]{1,32}$/.test(text)) return text.toLowerCase().padStart(32, "0");
  if (text.length > 32) throw new MalformedValue(`TraceID cannot be longer than 32 hex characters: ${text}`);
  const bytes = fromBase64(text);
  if (!bytes) throw new MalformedValue(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (bytes.length !== 8 && bytes.length !== 16) throw new MalformedValue("invalid length for TraceID");
  return bytes.toString("hex").padStart(32, "0");
}

function fromBase64(text: string): Buffer | null {
  const isBase64 = text.length <= 24 && /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(text);
  const digits = text.replace(/=+$/, "").length;
  if (!isBase64 || digits % 4 === 1 || (text.includes("=") && text.length % 4 !== 0)) return null;
  return Buffer.from(text, "base64url");
}
