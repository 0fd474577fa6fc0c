import { MalformedValue } from "./go-values.ts";

/** `time.Parse` with RFC 3339, in nanoseconds since 1970. */
export function parseTime(text: string): bigint {
  const found: Record<string, string> = {};
  let rest = text;
  for (const [name, pattern, layoutPart] of timeParts) {
    const part = pattern.exec(rest)?.[0];
    if (part === undefined)
      throw unreadableTime(text, ` as "${layout}": cannot parse ${JSON.stringify(rest)} as "${layoutPart}"`);
    found[name] = part;
    rest = rest.slice(part.length);
  }
  if (rest !== "") throw unreadableTime(text, `: extra text: ${JSON.stringify(rest)}`);
  return nanosecondsOf(text, found);
}

const layout = "2006-01-02T15:04:05.999999999Z07:00";

const timeParts = [
  ["year", /^\d{4}/, "2006"],
  ["", /^-/, "-"],
  ["month", /^\d{2}/, "01"],
  ["", /^-/, "-"],
  ["day", /^\d{2}/, "02"],
  ["", /^T/, "T"],
  ["hour", /^\d{2}/, "15"],
  ["", /^:/, ":"],
  ["minute", /^\d{2}/, "04"],
  ["", /^:/, ":"],
  ["second", /^\d{2}/, "05"],
  ["fraction", /^(?:[.,]\d+)?/, ".999999999"],
  ["zone", /^(?:Z|[+-]\d{2}:\d{2})/, "Z07:00"],
] as const;

function nanosecondsOf(text: string, part: Readonly<Record<string, string>>): bigint {
  const field = (name: string) => Number(part[name]);
  const ranges = [
    ["month", 1, 12],
    ["day", 1, daysIn(field("year"), field("month"))],
    ["hour", 0, 23],
    ["minute", 0, 59],
    ["second", 0, 59],
  ] as const;
  const wrong = ranges.find(([name, least, most]) => field(name) < least || field(name) > most);
  if (wrong) throw unreadableTime(text, `: ${wrong[0]} out of range`);
  const seconds = Date.parse(text.slice(0, "2006-01-02T15:04:05".length) + "Z");
  const fraction = (part["fraction"] ?? "").slice(1, 10).padEnd(9, "0");
  return BigInt(seconds - offsetMs(part["zone"] ?? "Z")) * 1_000_000n + BigInt(fraction);
}

function offsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function unreadableTime(text: string, problem: string): MalformedValue {
  return new MalformedValue(`parsing time ${JSON.stringify(text)}${problem}`);
}
