import type { ErrorCode } from "../../../../gateway/errors.ts";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { Manner, PatientVendor } from "./client-world.ts";
import type { RawClient } from "./raw-client.ts";

/** Something that a client does which it should not, or which few clients do. */
export interface ClientFault {
  /** What it does, as the table has it. */
  readonly does: string;
  /** True where somebody's patience must end first. */
  readonly isEndless?: boolean;
  play(visit: Visit): void | Promise<void>;
  readonly expected: Outcome;
}

/** What comes of it. */
export interface Outcome {
  /** Statuses in their order, each with the code of an error in the client's dialect; `bare` for one without a body. */
  readonly answers: readonly Answer[];
  /** The root span: none, one without an error, or one with `error.type`. */
  readonly span: "none" | "no error" | ErrorCode;
  /** Whether the provider was asked, and whether its connection was then left at once. */
  readonly provider: "not asked" | "asked" | "left";
  /** Whether the connection can be used again. */
  readonly connection: "kept" | "closed";
}

export type Answer = `${number}` | `${number} bare` | `${number} ${ErrorCode}`;

/** One client at work. */
export interface Visit {
  readonly client: RawClient;
  readonly vendor: PatientVendor;
  readonly wire: WireName;
  readonly trace: string;
  /** The JSON of a request that is right. */
  body(manner?: Manner, stream?: boolean): string;
  /** The bytes of a request: the start line and headers of one that is right with the given ones in their place. */
  request(content: string | Uint8Array, changes?: Changes): Buffer;
}

export interface Changes {
  readonly line?: string;
  /** Replace the usual ones by name; `undefined` takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Lines that are written as they are. */
  readonly extra?: readonly string[];
}

export const served: Outcome = { answers: ["200"], span: "no error", provider: "asked", connection: "kept" };

/** An error in the dialect, told apart by its code. */
export function refused(status: number, code: ErrorCode, span: Outcome["span"] = code): Outcome {
  return { answers: [`${status} ${code}`], span, provider: "not asked", connection: "kept" };
}

/** What the server answers before anyone knows what is asked for. */
export function unread(status: number): Outcome {
  return { answers: [`${status} invalid_request`], span: "none", provider: "not asked", connection: "closed" };
}

/** The same where the server says no more than a status. */
export function bare(status: number, connection: Outcome["connection"]): Outcome {
  return { ...unread(status), answers: [`${status} bare`], connection };
}

export function bodyFor(wire: WireName, manner: Manner, stream: boolean, text = "Count to two."): object {
  const asked = wire === "responses" ? { input: text } : { messages: [{ role: "user", content: text }] };
  return { model: `${wire}-${manner}`, stream, ...(wire === "messages" ? { max_tokens: 50 } : {}), ...asked };
}

/** The bytes of a request to the path of a wire. */
export function requestFor(
  wire: WireName,
  trace: string,
  content: string | Uint8Array,
  { line, headers, extra = [] }: Changes = {},
): Buffer {
  const bytes = Buffer.from(content);
  const all: Record<string, string | undefined> = {
    host: "localhost",
    "content-type": "application/json",
    "content-length": String(bytes.length),
    traceparent: `00-${trace}-${"1".repeat(16)}-01`,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const head = [line ?? `POST ${wires[wire].path} HTTP/1.1`, ...lines, ...extra, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}
