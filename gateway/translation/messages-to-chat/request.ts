import { createHash } from "node:crypto";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { toChatMessages } from "./conversation.ts";
import type { Expectations } from "./expectations.ts";
import { noteUnknown, refuse } from "./notes.ts";
import { reasoningEffort } from "./reasoning-effort.ts";
import { isStrictSchema } from "./strict-schema.ts";
import { toolNamesOf } from "./tool-names.ts";
import { toFunctionTool, toToolChoice } from "./tools.ts";

/** The request as chat completions, and what its reply has to be read with. */
export function toChatRequest(
  body: JsonObject,
  model: string,
): { readonly request: JsonObject; readonly expectations: Expectations } {
  const dropped = new Set<string>();
  const translated = Object.entries(body)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => (fields.get(name) ?? dropField(name))(value, { body, dropped }));
  return {
    request: Object.fromEntries([{ model }, ...translated, reasoningEffort(body, dropped)].flatMap(Object.entries)),
    expectations: {
      dropped,
      toolNames: toolNamesOf(body),
      stopSequences: arrayOf(body["stop_sequences"]).map(stringOf),
    },
  };
}

interface Context {
  readonly body: JsonObject;
  readonly dropped: Set<string>;
}

/** What a member of the request becomes. */
type Field = (value: unknown, context: Context) => JsonObject;

const elsewhere: Field = () => ({});

const fields = new Map<string, Field>([
  ["model", elsewhere],
  ["system", elsewhere],
  ["thinking", elsewhere],
  ["messages", (_messages, { body, dropped }) => ({ messages: toChatMessages(body, dropped) })],
  ["max_tokens", (limit) => ({ max_completion_tokens: limit })],
  ["temperature", (temperature) => ({ temperature })],
  ["top_p", (share) => ({ top_p: share })],
  // All of them, although some targets know only four: a shorter list would let answers run on.
  ["stop_sequences", (sequences) => (isEmpty(sequences) ? {} : { stop: sequences })],
  ["stream", (stream) => (stream === true ? { stream, stream_options: { include_usage: true } } : {})],
  ["tools", toTools],
  ["tool_choice", toChoice],
  ["metadata", toUser],
  ["service_tier", (tier) => (tier === "standard_only" ? { service_tier: "default" } : {})],
  ["output_config", toOutput],
  // As the format was asked for before it had a place in `output_config`.
  ["output_format", (format, { dropped }) => toResponseFormat(objectOf(format), "output_format", dropped)],
  ["inference_geo", (place) => (place === "global" ? {} : refuseField("Where a model runs", "inference_geo"))],
  ["container", () => refuseField("A container", "container")],
  ["mcp_servers", (servers) => (isEmpty(servers) ? {} : refuseField("A list of tool servers", "mcp_servers"))],
  ["thread", () => refuseField("A stored conversation", "thread")],
]);

function dropField(name: string): Field {
  return (value, { dropped }) => {
    if (!isEmpty(value) && !(name === "speed" && value === "standard")) dropped.add(name);
    return {};
  };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A member without which the request would mean something else. */
function refuseField(what: string, name: string): never {
  return refuse(
    name,
    `${what} ("${name}") cannot be asked for from this model's provider. Leave it out, or ask for a model whose provider speaks messages.`,
  );
}

/** Without tools there is nothing to choose, and targets refuse a choice. */
function toChoice(choice: unknown, { body, dropped }: Context): JsonObject {
  if (arrayOf(body["tools"]).length > 0) return toToolChoice(choice);
  dropped.add("tool_choice");
  return {};
}

function toTools(tools: unknown, { dropped }: Context): JsonObject {
  const functions = arrayOf(tools).map((tool) => toFunctionTool(objectOf(tool), dropped));
  return functions.length > 0 ? { tools: functions } : {};
}

const longestUser = 64;

/** An id that is too long for the target becomes a digest of itself, which still tells users apart. */
function toUser(metadata: unknown, { dropped }: Context): JsonObject {
  noteUnknown(objectOf(metadata), new Set(["user_id"]), "metadata", dropped);
  const user = stringOf(objectOf(metadata)["user_id"]);
  if (user === "") return {};
  return { user: user.length <= longestUser ? user : createHash("sha256").update(user).digest("hex") };
}

function toOutput(config: unknown, { dropped }: Context): JsonObject {
  const { format, ...rest } = objectOf(config);
  noteUnknown(rest, new Set(["effort"]), "output_config", dropped);
  return format === undefined || format === null
    ? {}
    : toResponseFormat(objectOf(format), "output_config.format", dropped);
}

function toResponseFormat({ type, schema }: JsonObject, place: string, dropped: Set<string>): JsonObject {
  if (type !== "json_schema")
    return refuse(place, `The request's ${place} is of type ${JSON.stringify(type)}. Known: json_schema.`);
  const isStrict = isStrictSchema(schema);
  // Without `strict` the target is told the schema but need not keep to it.
  if (!isStrict) dropped.add(`${place}.schema`);
  return {
    response_format: { type, json_schema: { name: "answer", schema, ...(isStrict ? { strict: true } : {}) } },
  };
}
