/** Values as Jaeger's query interface reads them, with its words for what it cannot read (Go `strconv`, `time`). */

/** A value that could not be read; the message is Go's. */
export class MalformedValue extends Error {
  override readonly name = "MalformedValue";
}

/** `strconv.Atoi`. */
export function parseInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new MalformedValue(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new MalformedValue(`strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
}

/** `strconv.ParseBool`. */
export function parseBoolean(text: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  throw new MalformedValue(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** `time.ParseDuration`, such as `1.5s`, `100ms` or `1h30m`, in nanoseconds. */
export function parseDuration(text: string): bigint {
  const [, sign, rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === "0") return 0n;
  const parts = rest.match(/[\d.]+[^\d.]*/g) ?? [];
  if (parts.length === 0 || parts.join("") !== rest) throw invalidDuration(text);
  const total = parts.reduce((sum, part) => sum + durationPart(part, text), 0n);
  if (total >= 2n ** 63n) throw invalidDuration(text);
  return sign === "-" ? -total : total;
}

function durationPart(part: string, text: string): bigint {
  const [, number = "", unit = ""] = /^([\d.]+)(.*)$/s.exec(part) ?? [];
  const [, whole, fraction = ""] = /^(\d*)\.?(\d*)$/.exec(number) ?? [];
  if (whole === undefined || whole + fraction === "") throw invalidDuration(text);
  if (unit === "") throw new MalformedValue(`time: missing unit in duration ${JSON.stringify(text)}`);
  const scale = units.get(unit);
  if (scale !== undefined) return (BigInt(whole + fraction) * scale) / 10n ** BigInt(fraction.length);
  throw new MalformedValue(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
}

function invalidDuration(text: string): MalformedValue {
  return new MalformedValue(`time: invalid duration ${JSON.stringify(text)}`);
}

const units = new Map([
  ["ns", 1n],
  ["us", 1000n],
  ["µs", 1000n],
  ["μs", 1000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);
