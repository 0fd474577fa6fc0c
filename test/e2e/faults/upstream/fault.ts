import { setTimeout as sleep } from "node:timers/promises";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import type { UpstreamCall } from "../../../support/faulty-upstream.ts";
import { pieces, replies, type VendorReplies } from "./replies.ts";

/** Whether a client asks for a whole reply or for a stream. */
export type Mode = "whole" | "stream";

/** A provider that misbehaves in one way. */
export interface Fault {
  readonly id: string;
  /** What it does, as the table has it. */
  readonly does: string;
  /** Where it can happen; both ways when absent. */
  readonly modes?: readonly Mode[];
  /** Where an answer is served all the same. */
  readonly served?: readonly Mode[];
  /** What a served answer says. */
  readonly said?: string;
  /** Time limits of the provider; long ones when absent. */
  readonly timeout?: Readonly<Record<string, string>>;
  /** True where so much is sent that one client after another is enough. */
  readonly isHeavy?: boolean;
  /** True when nothing listens at the provider's address. */
  readonly refuses?: boolean;
  answer(call: FaultyCall): void | Promise<void>;
}

/** A call with what a vendor that behaves would answer. */
export interface FaultyCall extends UpstreamCall {
  readonly mode: Mode;
  readonly good: GoodReply;
}

/** An answer as it should be, in parts. */
export interface GoodReply {
  readonly vendor: VendorReplies;
  readonly type: string;
  /** The body. */
  readonly body: string;
  /** The beginning of the body: of a stream, whole frames up to the first text. */
  readonly begun: string;
  /** The rest of it. */
  readonly rest: string;
  /** The frames before the one that ends the stream; the whole body where it is no stream. */
  readonly unended: string;
}

export const typeOf = { whole: "application/json", stream: "text/event-stream; charset=utf-8" } as const;

export function faultyCall(call: UpstreamCall): FaultyCall {
  const mode = call.json["stream"] === true ? "stream" : "whole";
  return { ...call, mode, good: goodReply(replies[wireOf(call.path)], mode) };
}

function wireOf(path: string): WireName {
  if (path.endsWith("/messages")) return "messages";
  return path.endsWith("/responses") ? "responses" : "chat";
}

export function goodReply(vendor: VendorReplies, mode: Mode, said: readonly string[] = pieces): GoodReply {
  const frames = mode === "stream" ? vendor.frames(said) : [];
  const body = mode === "stream" ? frames.join("") : vendor.whole(said.join(""));
  const begun =
    mode === "stream" ? frames.slice(0, vendor.firstText + 1).join("") : body.slice(0, Math.floor(body.length / 2));
  const unended = mode === "stream" ? frames.slice(0, -1).join("") : body;
  return { vendor, type: typeOf[mode], body, begun, rest: body.slice(begun.length), unended };
}

/** The head of an answer. */
export function head(status: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`;
}

export function chunked(type: string): string {
  return head("200 OK", { "content-type": type, "transfer-encoding": "chunked" });
}

export function chunk(bytes: string | Uint8Array): Buffer {
  const content = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from("\r\n")]);
}

export const lastChunk = "0\r\n\r\n";

/** Sends a whole answer with a length; the connection can be kept. */
export async function sendWhole(
  call: FaultyCall,
  body: string | Uint8Array,
  { status = "200 OK", ...headers }: Readonly<Record<string, string>> = {},
): Promise<void> {
  const length = String(Buffer.byteLength(body));
  await call.write(head(status, { "content-type": call.good.type, ...headers, "content-length": length }));
  call.finish();
  await call.write(body);
}

/** Sends a whole answer in chunks; the connection can be kept. */
export async function sendChunked(
  call: FaultyCall,
  parts: readonly (string | Uint8Array)[],
  type = call.good.type,
): Promise<void> {
  await call.write(chunked(type));
  for (const part of parts) await call.write(chunk(part));
  call.finish();
  await call.write(lastChunk);
}

/** Sends a head and the beginning of an answer, one after the other, so that both have arrived. */
export async function begin(call: FaultyCall): Promise<void> {
  await call.write(chunked(call.good.type) + chunk(call.good.begun).toString("utf8"));
  await arrive();
}

/** Lets what was sent reach the other side: a reset drops what has not been read. */
export function arrive(): Promise<void> {
  return sleep(120);
}

/** Sends one byte after another until the other side has had enough. */
export async function drip(call: FaultyCall, bytes: string): Promise<void> {
  for (const byte of bytes) {
    if (call.socket.destroyed) return;
    await call.write(byte);
    await sleep(40);
  }
}
