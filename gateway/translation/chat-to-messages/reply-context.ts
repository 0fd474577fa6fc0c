import type { JsonObject } from "../../wires/json.ts";
import { stringOf } from "../../wires/json.ts";
import type { Drop } from "../notes.ts";

/** What a reply must know of its request. */
export interface ReplyContext {
  /** Seconds since 1970. */
  readonly created: number;
  /** The target's name of the model, for a reply that names none. */
  readonly model: string;
  /** Names of the tools that take text. */
  readonly custom: ReadonlySet<string>;
  /** True for a client that reads `function_call`. */
  readonly isLegacy: boolean;
  readonly drop: Drop;
}

/** What every chat reply and every chunk begins with. */
export function envelope(message: JsonObject, object: string, { created, model }: ReplyContext): JsonObject {
  const id = stringOf(message["id"]).replace(/^msg_/, "");
  return { id: `chatcmpl-${id || created}`, object, created, model: stringOf(message["model"]) || model };
}
