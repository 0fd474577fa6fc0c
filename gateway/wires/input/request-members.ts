import { isJsonObject, type JsonObject } from "../json.ts";
import type { InputKind, InputText } from "../wire.ts";
import { addDefinition } from "./definitions.ts";
import type { InputSpot } from "./input-spot.ts";
import { addTurn } from "./turn-texts.ts";

/** How the members at the top of a request are read, in this order. */
export type MemberReaders = Readonly<Record<string, (texts: InputText[], spot: InputSpot) => void>>;

/** Settings that no dialect shows to its model. */
const settings = [
  "model", "stream", "stream_options", "temperature", "top_p", "top_k", "min_p", "seed", "n", "stop", "stop_sequences",
  "max_tokens", "max_completion_tokens", "max_output_tokens", "max_tool_calls", "presence_penalty", "frequency_penalty",
  "logit_bias", "logprobs", "top_logprobs", "tool_choice", "function_call", "parallel_tool_calls", "reasoning",
  "reasoning_effort", "thinking", "verbosity", "modalities", "audio", "metadata", "user", "safety_identifier",
  "prompt_cache_key", "prompt_cache_retention", "service_tier", "store", "background", "include", "truncation",
  "previous_response_id", "conversation", "container", "inference_geo", "speed", "betas", "cache_control", "proctor",
]; // prettier-ignore
const unread = new Set(settings);

/** The texts of a request: of the members that have readers, and of all others but those that are known to say nothing. */
export function membersTexts(body: JsonObject, readers: MemberReaders): InputText[] {
  const texts: InputText[] = [];
  const others = Object.keys(body).filter((key) => !Object.hasOwn(readers, key) && !unread.has(key));
  for (const [key, read] of Object.entries(readers)) {
    if (Object.hasOwn(body, key)) read(texts, { holder: body, key, name: key });
  }
  for (const key of others)
    addTurn({ texts, kind: key === "documents" ? "documents" : "system" }, { holder: body, key, name: key });
  return texts;
}

/** Reads a member as a part of a turn of that kind. */
export function asTurn(kind: InputKind) {
  return (texts: InputText[], spot: InputSpot): void => addTurn({ texts, kind }, spot);
}

/** Reads a member as definitions, or as a schema. */
export function asDefinitions(kind: "tools" | "system") {
  return (texts: InputText[], spot: InputSpot): void => addDefinition({ texts, kind }, spot);
}

/** Reads one member of a member. */
export function within(name: string, read: (texts: InputText[], spot: InputSpot) => void) {
  return (texts: InputText[], { holder, key }: InputSpot): void => {
    const value: unknown = Reflect.get(holder, key);
    if (isJsonObject(value) && Object.hasOwn(value, name)) read(texts, { holder: value, key: name, name });
  };
}
