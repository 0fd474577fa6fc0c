import { isToken } from "./input/silent.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import { stringsIn } from "./strings-in.ts";

type Shape = (value: unknown) => boolean;

/** The shapes in which members are read by name; in any other they are text in an unknown place. */
type Shapes = ReadonlyMap<string, Shape>;

/** The members of a body that have the shapes in which they are read. */
export function expected(body: JsonObject, shapes: Shapes): Pick<ReadonlySet<string>, "has"> {
  return { has: (key) => shapes.get(key)?.(body[key]) ?? false };
}

export const isText = (value: unknown) => typeof value === "string";
const isAnything = () => true;
const isName = (value: unknown) => stringsIn(value).split("\n").every(isToken);
export const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isJsonObject);

export const bodyShapes: Shapes = new Map<string, Shape>([
  ...["object", "model", "service_tier", "system_fingerprint", "provider", "usage", "obfuscation"].map(
    (name) => [name, isName] as const,
  ),
  ["choices", isListOfObjects],
  ["proctor", isAnything],
]);
export const choiceShapes: Shapes = new Map<string, Shape>([
  ["finish_reason", isName],
  ["delta", isJsonObject],
  ["message", isJsonObject],
  ["text", isText],
  ["logprobs", isJsonObject],
]);
export const saidShapes: Shapes = new Map<string, Shape>([
  ["content", isAnything],
  ["refusal", isAnything],
  ["tool_calls", isListOfObjects],
  ["function_call", isJsonObject],
]);
export const callShapes: Shapes = new Map<string, Shape>([
  ["function", isJsonObject],
  ["custom", isJsonObject],
]);
export const calledShapes: Shapes = new Map<string, Shape>([
  ["name", isText],
  ["arguments", isAnything],
  ["input", isAnything],
]);

const isContent = (value: unknown) => isText(value) || isListOfObjects(value);

export const messageShapes: Shapes = new Map<string, Shape>([
  ...["model", "stop_reason", "usage", "container"].map((name) => [name, isName] as const),
  ["content", isContent],
  // Read by name, and whole.
  ["stop_sequence", isAnything],
  ["stop_details", isAnything],
  ["proctor", isAnything],
]);
export const eventShapes: Shapes = new Map<string, Shape>([
  ...["message", "content_block", "delta", "error"].map((name) => [name, isJsonObject] as const),
  ["usage", isName],
]);
