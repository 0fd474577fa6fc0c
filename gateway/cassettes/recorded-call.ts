import { canonicalJson } from "../../evaluators/index.ts";

/** A request body in a form that is the same for requests that ask the same. */
export interface RecordedCall {
  /** Keys in one order; marks that are new with every call are numbered instead of named. */
  readonly canonical: string;
  /** Those marks, in the order in which they first stand there. */
  readonly marks: readonly string[];
}

/** Judges are asked with a nonce and a delimiter that nobody can guess: 32 hexadecimal digits. */
const mark = /\b[0-9a-f]{32}\b/g;

/** Reads a body, be it JSON or not. */
export function toRecordedCall(body: unknown): RecordedCall {
  const marks: string[] = [];
  const canonical = canonicalJson(body).replace(mark, (found) => {
    if (!marks.includes(found)) marks.push(found);
    return `<mark ${marks.indexOf(found) + 1}>`;
  });
  return { canonical, marks };
}

/** Puts the marks of a new call where a recorded reply repeats those of its own. */
export function withMarks(bytes: Buffer, recorded: RecordedCall, call: RecordedCall): Buffer {
  const changed = Buffer.from(bytes);
  const text = bytes.toString("latin1");
  for (const { 0: found, index } of text.matchAll(mark)) {
    const number = recorded.marks.indexOf(found);
    const instead = number === -1 ? undefined : call.marks[number];
    if (instead !== undefined) changed.write(instead, index, "latin1");
  }
  return changed;
}

/** The places at which two bodies differ, such as `messages.0.content`. */
export function differences(left: unknown, right: unknown, path = ""): string[] {
  if (typeof left === "object" && left !== null && typeof right === "object" && right !== null) {
    const [a, b] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differences(a[key], b[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return Object.is(left, right) ? [] : [path === "" ? "the whole body" : path];
}
