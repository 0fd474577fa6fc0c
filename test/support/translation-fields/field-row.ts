import type { JsonObject } from "../../../gateway/wires/json.ts";

/** One line of `docs/translation.md`: a field, an example of it, and what the translation makes of the example. */
export interface FieldRow {
  readonly part: "request" | "reply" | "stream";
  /** As a reader looks for it: `tools[].function.strict`, `stop_reason: "refusal"`. */
  readonly field: string;
  /** For a reader: what becomes of it, such as `system` or "joined with the system prompt". */
  readonly becomes: string;
  /** Members of the client's request, laid over the smallest valid one. */
  readonly request?: JsonObject;
  /** The target's reply, or the events of its stream; for `reply` and `stream`. */
  readonly reply?: JsonObject;
  readonly events?: readonly JsonObject[];
  /** What the translated request, reply or list of events must contain (as in `toMatchObject`). */
  readonly gives?: JsonObject | readonly JsonObject[];
  /** The path under which it is named as dropped. */
  readonly dropped?: string;
  /** The sentence with which the request is refused. */
  readonly refused?: RegExp;
}
