import type { JsonObject } from "../../wires/json.ts";
import type { Translation, TranslationOptions } from "../translation.ts";
import { toOutputSettings } from "./output-settings.ts";
import { toChatReply } from "./reply.ts";
import type { ReplyContext } from "./reply-context.ts";
import type { Drop } from "../notes.ts";
import { toSettings } from "./settings.ts";
import { createChunkWriter } from "./stream.ts";
import { type OfferedTools, toTools } from "./tools.ts";
import { toConversation } from "./turns.ts";

/** Serves clients of chat completions from targets that speak messages. `docs/translation.md` says what becomes of each field. */
export const chatToMessages: Translation = {
  client: "chat",
  target: "messages",
  begin(body, options) {
    const dropped = new Set<string>();
    const drop: Drop = (path) => void dropped.add(path);
    const tools = toTools(body, drop);
    const context: ReplyContext = {
      created: Math.floor(Date.now() / 1000),
      model: options.model,
      custom: tools.custom,
      isLegacy: tools.isLegacy,
      drop,
    };
    const chunks = createChunkWriter(context);
    return {
      body: toRequest(body, options, tools, drop),
      get dropped() {
        return [...dropped];
      },
      reply: (reply) => toChatReply(reply, context),
      event: chunks.event,
      end: chunks.end,
    };
  },
};

function toRequest(body: JsonObject, options: TranslationOptions, tools: OfferedTools, drop: Drop): JsonObject {
  const output = toOutputSettings(body, tools.isForced, drop);
  const { system, turns } = toConversation(body, drop);
  return {
    model: options.model,
    ...toSettings(body, options, drop),
    ...systemPrompt(system, output.instruction),
    messages: turns,
    ...tools.members,
    ...output.members,
  };
}

/** One text where nothing in it is marked for the vendor's cache. */
function systemPrompt(blocks: readonly JsonObject[], instruction: string | undefined): JsonObject {
  const all = instruction === undefined ? blocks : [...blocks, { type: "text", text: instruction }];
  if (all.length === 0) return {};
  const isPlain = all.every((block) => block["cache_control"] === undefined);
  return { system: isPlain ? all.map((block) => block["text"]).join("\n\n") : all };
}
