import type { OtlpAttributes, OtlpValue } from "./otlp.ts";

/**
 * The string form by which a query matches a value: text as it is, numbers and booleans as JavaScript prints them (which is
 * how Jaeger prints them, `pcommon.Value.AsString`), bytes as base64, arrays and maps as JSON with sorted keys and `<`, `>`
 * and `&` escaped.
 */
export function attributeText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : jsonText(value);
}

/** An OTLP value as plain JavaScript; integers beyond 2^53 as bigint. */
function plainValue(value: OtlpValue = {}): unknown {
  const { intValue, doubleValue, arrayValue, kvlistValue } = value;
  if (typeof intValue === "string" || typeof intValue === "number") return plainInteger(intValue);
  if (typeof doubleValue === "string" || typeof doubleValue === "number") return Number(doubleValue);
  if (arrayValue) return (arrayValue.values ?? []).map((item) => plainValue(item));
  if (kvlistValue) return plainAttributes(kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.bytesValue ?? null;
}

/** OTLP attributes as an object; of two attributes with one key the first counts, as in Jaeger. */
export function plainAttributes(attributes: OtlpAttributes | undefined): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const { key, value } of attributes ?? []) if (!Object.hasOwn(plain, key)) plain[key] = plainValue(value);
  return plain;
}

/** Whether the attributes hold the key with a value of that string form. */
export function hasAttribute(attributes: OtlpAttributes | undefined, key: string, text: string): boolean {
  const found = attributes?.find((attribute) => attribute.key === key);
  return found !== undefined && attributeText(plainValue(found.value)) === text;
}

function plainInteger(value: string | number): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : typeof value === "string" ? BigInt(value) : number;
}

function jsonText(value: unknown): string {
  if (typeof value === "string") return escapeHtml(JSON.stringify(value));
  if (value instanceof Uint8Array) return JSON.stringify(attributeText(value));
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${escapeHtml(JSON.stringify(key))}:${jsonText(item)}`).join(",")}}`;
  }
  return isScalar(value) ? String(value) : "null";
}

function isScalar(value: unknown): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
}

function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
