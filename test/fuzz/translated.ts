import { translateReply } from "../../gateway/translation/translate-reply.ts";
import { translations } from "../../gateway/translation/registry.ts";
import type { Translation } from "../../gateway/translation/translation.ts";
import type { WireName } from "../../gateway/providers/provider.ts";
import { wires } from "../../gateway/wires/registry.ts";
import type { JsonObject } from "../../gateway/wires/json.ts";
import type { WrittenEvent } from "./any-framing.ts";
import { bytesOf } from "./what-was-said.ts";
import { toolNames } from "./any-answer.ts";

/** The pairs of dialects, with a name for tests. */
export const pairs = translations.map((translation) => ({
  translation,
  name: `${translation.client} clients, ${translation.target} targets`,
}));

/** A request of each dialect that offers all tools. */
export const requests: Readonly<Record<WireName, JsonObject>> = {
  chat: {
    messages: [{ role: "user", content: "Hello" }],
    tools: toolNames.map((name) => ({ type: "function", function: { name } })),
  },
  messages: {
    max_tokens: 64,
    messages: [{ role: "user", content: "Hello" }],
    tools: toolNames.map((name) => ({ name, input_schema: { type: "object" } })),
  },
  responses: { input: "Hello", tools: toolNames.map((name) => ({ type: "function", name })) },
};

/** What a client gets, and what was left out of the reply by name. */
export interface Sent {
  readonly bytes: readonly Uint8Array[];
  readonly dropped: readonly string[];
}

const wholeReply = { "content-type": "application/json" };
const eventStream = { "content-type": "text/event-stream; charset=utf-8" };

/** A target's stream as the client gets it. */
export function translatedStream(
  translation: Translation,
  chunks: readonly Uint8Array[],
  request = requests[translation.client],
): Promise<Sent> {
  return translated(translation, chunks, eventStream, request);
}

/** A target's whole reply as the text that the client gets. */
export async function translatedWhole(
  translation: Translation,
  reply: string,
  request = requests[translation.client],
): Promise<string> {
  const { bytes } = await translated(translation, [Buffer.from(reply)], wholeReply, request);
  return Buffer.concat(bytes).toString("utf8");
}

async function translated(
  translation: Translation,
  chunks: readonly Uint8Array[],
  headers: Readonly<Record<string, string>>,
  request: JsonObject,
): Promise<Sent> {
  const { client, target } = translation;
  const exchange = translation.begin({ model: "alias", ...request }, { model: "m-1", maxTokens: 64 });
  const parties = { client: wires[client], target: wires[target], provider: "vendor" };
  const reply = translateReply({ status: 200, headers, body: bytesOf(chunks) }, exchange, parties);
  const bytes = await Array.fromAsync(reply.body);
  return { bytes, dropped: exchange.dropped.filter((path) => path.startsWith("reply")) };
}

/** Events of a messages or responses stream, which have names. */
export function namedEvents(events: readonly JsonObject[]): readonly WrittenEvent[] {
  return events.map((data) => ({ name: String(data["type"]), data }));
}

/** Chunks of a chat stream and its end. */
export function chatEvents(chunks: readonly JsonObject[]): readonly WrittenEvent[] {
  return [...chunks.map((data) => ({ data })), { data: "[DONE]" }];
}
