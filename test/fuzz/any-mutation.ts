import fc from "fast-check";
import { isJsonObject, type JsonObject } from "../../gateway/wires/json.ts";
import type { WrittenEvent } from "./any-framing.ts";

/** What goes wrong with bytes on their way. Places and lengths are shares of the whole. */
export type Mutation = readonly Step[];

interface Step {
  readonly kind: "flip" | "drop" | "double" | "swap" | "end" | "frame";
  readonly at: number;
  readonly length: number;
  readonly bit: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

export const anyMutation: fc.Arbitrary<Mutation> = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("flip", "drop", "double", "swap", "end", "frame"),
    at: share,
    length: share.map((length) => length ** 3),
    bit: fc.nat(7),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The bytes after all of it. */
export function mutated(bytes: Buffer, mutation: Mutation): Buffer {
  return mutation.reduce((before, step) => steps[step.kind](before, placeOf(before, step), step.bit), bytes);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placeOf({ length: all }: Buffer, { at, length }: Step): Place {
  const start = Math.floor(at * all);
  return { start, end: Math.min(all, start + 1 + Math.floor(length * all)) };
}

type Change = (bytes: Buffer, place: Place, bit: number) => Buffer;

const steps: Readonly<Record<Step["kind"], Change>> = {
  flip: (bytes, { start }, bit) => {
    const copy = Buffer.from(bytes);
    copy[start] = (copy[start] ?? 0) ^ (1 << bit);
    return copy;
  },
  drop: (bytes, { start, end }) => Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]),
  double: (bytes, { start, end }) => Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]),
  swap: (bytes, { start, end }) => Buffer.concat([bytes.subarray(0, start), bytes.subarray(end), bytes.subarray(start, end)]),
  end: (bytes, { start }) => bytes.subarray(0, start),
  frame: withoutFrame,
}; // prettier-ignore

/** Leaves one event out, from blank line to blank line. */
function withoutFrame(bytes: Buffer, { start }: Place): Buffer {
  const text = bytes.toString("latin1");
  const before = text.lastIndexOf("\n\n", start);
  const from = before === -1 ? 0 : before + 2;
  const after = text.indexOf("\n\n", start + 2);
  return Buffer.from(text.slice(0, from) + (after === -1 ? "" : text.slice(after + 2)), "latin1");
}

/** What a server does wrong: events that are lost, sent twice or too early, and members that are lost or hold something else. */
export interface Damage {
  readonly kind: "lose" | "repeat" | "advance" | "lose member" | "change member";
  readonly at: number;
  readonly member: number;
  readonly value: unknown;
}

export const anyDamage: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Damage["kind"]>("lose", "repeat", "advance", "lose member", "change member"),
    at: share,
    member: fc.nat(40),
    value: fc.constantFrom<unknown>(0, 1, 2, -1, "", "text", "tool_use", "thinking", "x", null, {}, [], true),
  }),
  { minLength: 1, maxLength: 3 },
); // prettier-ignore

/** The events after all of it. */
export function damaged(events: readonly WrittenEvent[], damages: readonly Damage[]): readonly WrittenEvent[] {
  return damages.reduce(damagedOnce, events);
}

function damagedOnce(events: readonly WrittenEvent[], { kind, at, member, value }: Damage): readonly WrittenEvent[] {
  const place = Math.floor(at * Math.max(0, events.length - 1));
  const event = events[place];
  if (!event) return events;
  const [before, after] = [events.slice(0, place), events.slice(place + 1)];
  switch (kind) {
    case "lose":
      return [...before, ...after];
    case "repeat":
      return [...before, event, event, ...after];
    case "advance":
      return [...before.slice(0, -1), event, ...before.slice(-1), ...after];
    case "lose member":
      return [...before, { ...event, data: changed(event.data, { count: member, value: undefined }) }, ...after];
    case "change member":
      return [...before, { ...event, data: changed(event.data, { count: member, value }) }, ...after];
  }
}

/** The member with that number, counted through all depths, gets the value; the first one again after the last. */
function changed(data: WrittenEvent["data"], change: { count: number; readonly value: unknown }): WrittenEvent["data"] {
  if (typeof data === "string") return data;
  const count = { left: change.count % Math.max(1, membersIn(data)) };
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isJsonObject(value) ? members(value) : value;
  };
  const members = (value: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, count.left-- === 0 ? change.value : inner(each)]),
    );
  return members(data);
}

function membersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + membersIn(each), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + 1 + membersIn(each), 0);
}
