import { GatewayError } from "../errors.ts";
import type { ProviderReply } from "../providers/provider.ts";
import { parseObject } from "../wires/json.ts";
import { readFrames } from "../wires/server-sent-frames.ts";
import type { Wire } from "../wires/wire.ts";
import { readWhole } from "../routing/read-whole.ts";
import { parseExactly } from "../wires/parse-exactly.ts";
import type { TranslatedExchange } from "./translation.ts";
import { vendorError } from "./vendor-error.ts";

/** Between whom a reply is translated. */
export interface Parties {
  readonly client: Wire;
  readonly target: Wire;
  readonly provider: string;
}

/** The reply in the client's dialect. Nothing is read before the body is. */
export function translateReply(reply: ProviderReply, exchange: TranslatedExchange, parties: Parties): ProviderReply {
  const { status, headers, body } = reply;
  // What a vendor says of its own bytes (length, digest, encoding) is not true of ours.
  const { "content-length": _length, "content-md5": _digest, etag: _tag, ...kept } = headers;
  const type = headers["content-type"] ?? "";
  if (status < 200 || status > 299) return { status, headers: kept, body: translatedError(reply, parties) };
  if (!type.includes("text/event-stream"))
    return { status, headers: kept, body: translatedWhole(body, exchange, parties) };
  return { status, headers: kept, body: translatedStream(body, exchange, parties) };
}

/** A vendor's failure in the client's dialect when it can be read, as it is otherwise. */
async function* translatedError({ status, body }: ProviderReply, parties: Parties): AsyncGenerator<Uint8Array> {
  const bytes = await readWhole(body, parties.provider);
  const vendor = parseObject(bytes.toString("utf8"));
  yield vendor && parties.target.isError(vendor)
    ? Buffer.from(JSON.stringify(parties.client.error(vendorError(vendor, status, parties.client))))
    : bytes;
}

async function* translatedWhole(
  body: AsyncIterable<Uint8Array>,
  exchange: TranslatedExchange,
  { client, target, provider }: Parties,
): AsyncGenerator<Uint8Array> {
  const bytes = await readWhole(body, provider);
  const reply = parseExactly(bytes.toString("utf8"));
  if (!reply)
    throw new GatewayError("provider_failed", `Provider "${provider}" answered with a body that is not a JSON object.`);
  const translated = target.isError(reply) ? client.error(vendorError(reply, 502, client)) : exchange.reply(reply);
  yield Buffer.from(JSON.stringify(translated));
}

async function* translatedStream(
  body: AsyncIterable<Uint8Array>,
  exchange: TranslatedExchange,
  { client, target }: Parties,
): AsyncGenerator<Uint8Array> {
  let hasEnded = false;
  for await (const frame of readFrames(body)) {
    // After its end a stream is read to the last byte, so that the connection can be used again.
    if (hasEnded) continue;
    const { kind } = target.readFrame(frame);
    const said = frame.data === undefined ? undefined : parseExactly(frame.data);
    if (kind === "error") {
      yield Buffer.from(client.errorFrame(vendorError(said ?? {}, undefined, client)));
      return;
    }
    const events = [...(said ? exchange.event(said) : []), ...(kind === "end" ? exchange.end() : [])];
    const text = events.map((event) => client.eventFrame(event)).join("") + (kind === "end" ? client.endFrame : "");
    if (text !== "") yield Buffer.from(text);
    hasEnded = kind === "end";
  }
}
