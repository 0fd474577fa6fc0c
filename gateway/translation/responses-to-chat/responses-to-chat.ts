import { GatewayError } from "../../errors.ts";
import { arrayOf, type JsonObject, objectOf } from "../../wires/json.ts";
import type { Translation } from "../translation.ts";
import type { Drop } from "../notes.ts";
import { toChatRequest } from "./request.ts";
import { createResponseStream } from "./stream.ts";

/** Serves clients of responses from targets that speak chat completions. `docs/translation.md` says what becomes of each field. */
export const responsesToChat: Translation = {
  client: "responses",
  target: "chat",
  begin(body, { model }) {
    const dropped = new Set<string>();
    const drop: Drop = (path) => void dropped.add(path);
    const context = { request: body, model, drop };
    const stream = createResponseStream(context);
    return {
      body: { model, ...toChatRequest(body, drop) },
      get dropped() {
        return [...dropped];
      },
      reply(reply) {
        const whole = createResponseStream(context);
        whole.event(asChunk(reply));
        return whole.end().body;
      },
      event: stream.event,
      end: () => stream.end().events,
    };
  },
};

/** A whole completion as the only chunk of a stream. */
function asChunk(reply: JsonObject): JsonObject {
  const choices = arrayOf(reply["choices"]).map(objectOf);
  if (choices.length === 0)
    throw new GatewayError("provider_failed", "The model's provider answered with something that is not a completion.");
  return { ...reply, choices: choices.map(({ message, ...choice }) => ({ ...choice, delta: message })) };
}
