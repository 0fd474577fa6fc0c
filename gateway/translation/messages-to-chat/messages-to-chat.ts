import type { Translation } from "../translation.ts";
import { translateMessage } from "./reply.ts";
import { toChatRequest } from "./request.ts";
import { createStreamTranslation } from "./stream.ts";

/** Serves messages clients from targets that speak chat completions. */
export const messagesToChat: Translation = {
  client: "messages",
  target: "chat",
  begin(body, { model }) {
    const { request, expectations } = toChatRequest(body, model);
    const stream = createStreamTranslation(expectations);
    return {
      body: request,
      get dropped() {
        return [...expectations.dropped];
      },
      reply: (reply) => translateMessage(reply, expectations),
      event: (event) => stream.event(event),
      end: () => stream.end(),
    };
  },
};
