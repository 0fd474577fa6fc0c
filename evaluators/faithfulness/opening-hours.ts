import type { Token } from "../text/token.ts";
import { dayOf, type Hours } from "./facts.ts";
import type { Reading } from "./reading.ts";

/** Whether a claim about opening hours says something else than the data: another time, or a day that is not among them. */
export function contradictsHours({ tokens }: Reading, hours: Hours): boolean {
  const opening = tokens.some(({ lower }) => openWords.has(lower));
  const stated = statementsOf(tokens);
  if (stated.closed.some((day) => hours.has(day))) return true;
  if (stated.days.length === 0 || (!opening && stated.ranges.length === 0)) return false;
  if (stated.days.some((group) => group.some((day) => !hours.has(day)))) return opening || stated.ranges.length > 0;
  if (tokens.some(({ lower }) => vague.has(lower))) return false;
  if (stated.ranges.length > stated.days.length) {
    return stated.days.some((group) => group.some((day) => !stated.ranges.some((range) => agrees(range, hours, day))));
  }
  return stated.ranges.some((range, at) => {
    const others = new Set(stated.days.flatMap((group, position) => (position === at ? [] : group)));
    return (stated.days[at] ?? []).some((day) => !others.has(day) && !agrees(range, hours, day));
  });
}

/** Words that leave room for other hours than those that are named. */
const vague = new Set("vary varies varying various mainly mostly usually typically happy except".split(" "));

const openWords = new Set(
  "open opens opened opening operates operate operating hours available operational".split(" "),
);

type Range = readonly [Token, Token];

interface Stated {
  readonly days: readonly (readonly number[])[];
  readonly ranges: readonly Range[];
  readonly closed: readonly number[];
}

const joining = new Set("to through thru until till and".split(" "));
const connecting = new Set("to through thru until till".split(" "));
const whole = [0, 1, 2, 3, 4, 5, 6];
const groupWords: ReadonlyMap<string, readonly number[]> = new Map([
  ["weekdays", [0, 1, 2, 3, 4]],
  ["weekday", [0, 1, 2, 3, 4]],
  ["weekends", [5, 6]],
  ["weekend", [5, 6]],
  ["daily", whole],
  ["everyday", whole],
]);

/** Groups of days and ranges of times in the order in which they are said. Days that are said to be closed stand apart. */
function statementsOf(all: readonly Token[]): Stated {
  const tokens = all.filter(isTelling);
  const days: number[][] = [];
  const closed: number[] = [];
  let isClosed = false;
  let goesOn = false;
  tokens.forEach((token, at) => {
    const found = daysAt(tokens, at);
    if (token.lower === "closed") isClosed = true;
    else if (token.lower === "open" || token.lower === "opens") isClosed = false;
    if (found.length === 0) goesOn &&= token.kind === "break" || joining.has(token.lower);
    else if (isClosed) closed.push(...found);
    else {
      const last = goesOn ? days.at(-1) : undefined;
      if (last) last.push(...(isUpTo(tokens, at) ? span(last, found) : found));
      else days.push([...found]);
      goesOn = true;
    }
  });
  return { days, closed, ranges: tokens.flatMap((_, at) => rangesAt(tokens, at)) };
}

/** "Monday to Friday", "Monday-Friday", "Monday - Friday". */
function isUpTo(tokens: readonly Token[], at: number): boolean {
  return connecting.has(tokens[at - 1]?.lower ?? "") || isDashed(tokens, at);
}

function daysAt(tokens: readonly Token[], at: number): readonly number[] {
  const token = tokens[at];
  if (!token) return [];
  return groupWords.get(token.lower) ?? (isEveryDay(tokens, at) ? whole : dayAt(token));
}

/** Names and plain amounts are passed over, so that putting one there tears nothing apart. */
function isTelling({ kind, capital, lower, number }: Token): boolean {
  if (number) return number.kind === "time" || number.value === 7;
  return (
    kind === "break" ||
    !capital ||
    lower === "closed" ||
    dayOf(lower) >= 0 ||
    groupWords.has(lower) ||
    joining.has(lower) ||
    openWords.has(lower)
  );
}

function dayAt({ lower, capital }: Token): readonly number[] {
  const day = capital ? dayOf(lower) : -1;
  return day < 0 ? [] : [day];
}

function isEveryDay(tokens: readonly Token[], at: number): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]];
  if (token?.lower === "day") return before?.lower === "every";
  return token?.lower === "days" && before?.number?.value === 7;
}

/** "Monday-Friday" and "Monday - Friday": nothing but a dash between. */
function isDashed(tokens: readonly Token[], at: number): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]];
  if (!before || !token) return false;
  return before.kind === "break"
    ? before.end - before.start === 1 && token.start - before.end === 1
    : token.start - before.end === 1;
}

function span(from: readonly number[], to: readonly number[]): number[] {
  const [first = 0, last = 0] = [from.at(-1), to[0]];
  const length = (last - first + 7) % 7;
  return Array.from({ length }, (_, step) => (first + step + 1) % 7);
}

/** The range that begins at a token, if one does: "9:00-17:00", "9 am to 5 pm", "9:00 – 17:00". */
function rangesAt(tokens: readonly Token[], at: number): Range[] {
  const [first, middle, last] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (!first || !middle || !isTime(first)) return [];
  if (isTime(middle)) return middle.start - first.end <= 1 ? [[first, middle]] : [];
  const isJoined = connecting.has(middle.lower) || middle.kind === "break";
  return isJoined && last && isTime(last) ? [[first, last]] : [];
}

function isTime({ number }: Token): boolean {
  return number?.kind === "time";
}

function agrees([open, close]: Range, hours: Hours, day: number): boolean {
  if (!hours.has(day)) return false;
  const known = hours.get(day);
  return !known || (isAt(open, known[0]) && isAt(close, known[1]));
}

function isAt({ number }: Token, minutes: number): boolean {
  if (!number) return false;
  if (number.value % 1440 === minutes % 1440) return true;
  return number.eitherHalf && (number.value + 720) % 1440 === minutes % 1440;
}
