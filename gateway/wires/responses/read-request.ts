import { GatewayError } from "../../errors.ts";
import { arrayOf, isJsonObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { modelOf, parametersOf, taggedPassages } from "../request-text.ts";
import { stringsIn } from "../strings-in.ts";
import type { RequestParts } from "../wire.ts";

type Message = RequestParts["messages"][number];

/** Reads a responses request. Throws `GatewayError` when it names no model or its input is no input. */
export function readRequest(body: JsonObject): RequestParts {
  const model = modelOf(body);
  const items = inputItems(body);
  const instructions = stringOf(body["instructions"]);
  const messages: readonly Message[] = [
    ...(instructions === "" ? [] : [{ role: "system", text: instructions }]),
    ...items.map(messageOf),
  ];
  const textOf = (roles: readonly string[]) =>
    messages.filter(({ role }) => roles.includes(role)).map(({ text }) => text);
  const system = textOf(["system", "developer"]).join("\n\n");
  return {
    model,
    stream: body["stream"] === true,
    system: system === "" ? undefined : system,
    input: textOf(["user"]).findLast((text) => text !== "") ?? textOf(["user"]).at(-1),
    messages,
    context: {
      tool_results: items.map(resultOf).filter((text) => text !== ""),
      documents: [],
      tags: textOf(["system", "developer", "user"]).flatMap(taggedPassages),
    },
    tools: arrayOf(body["tools"]),
    parameters: parametersOf(body, parameterNames),
    unexaminable: unexaminableIn(body, items),
    wantsUsage: true,
  };
}

const parameterNames = [
  "temperature", "top_p", "max_output_tokens", "max_tool_calls", "reasoning", "text", "tool_choice", "parallel_tool_calls",
  "top_logprobs", "truncation",
]; // prettier-ignore

/** Members whose content the service has and the request does not. */
const storedMembers = ["previous_response_id", "conversation", "prompt"];

/** The items of a request's input, a text being the user's message. Throws `GatewayError` when they are missing or no items. */
export function inputItems(body: JsonObject): readonly JsonObject[] {
  const { input } = body;
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  if (Array.isArray(input) && input.every(isJsonObject) && (input.length > 0 || isContinued(body))) return input;
  if ((input ?? null) === null && isContinued(body)) return [];
  throw new GatewayError(
    "invalid_request",
    `The request's "input" must be a text or a list of at least one item such as {"role": "user", "content": "Hello"}.`,
    { param: "input" },
  );
}

function isContinued(body: JsonObject): boolean {
  return storedMembers.some((member) => (body[member] ?? null) !== null);
}

/** The type of an input item; messages need not say theirs. */
export function inputType(item: JsonObject): string {
  return stringOf(item["type"]) || "message";
}

function messageOf(item: JsonObject): Message {
  const type = inputType(item);
  if (type === "message") return { role: stringOf(item["role"]), text: contentText(item["content"]) };
  const result = resultOf(item);
  if (result !== "") return { role: "tool", text: result };
  const { name, arguments: given, input } = item;
  if (typeof name === "string") return { role: "assistant", text: `${name}(${stringOf(given ?? input)})` };
  return { role: "assistant", text: stringsIn([item["summary"], item["content"]]) };
}

/** A text, or the parts of a content list: text in whatever member it stands. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map((part) => stringOf(objectOf(part)["text"]) || stringsIn(withoutData(objectOf(part))))
    .filter((text) => text !== "")
    .join("\n");
}

/** Images and files are no text. */
function withoutData({ image_url: _image, file_data: _file, file_id: _id, detail: _detail, ...part }: JsonObject) {
  return part;
}

/** What a tool gave back, whether the client ran it or the service. */
function resultOf(item: JsonObject): string {
  if (inputType(item) === "message") return "";
  const given = item["output"] ?? item["outputs"] ?? item["results"];
  return contentText(isJsonObject(given) ? [given] : given);
}

function unexaminableIn(body: JsonObject, items: readonly JsonObject[]): string | undefined {
  if (body["background"] === true) return "background mode";
  const stored = storedMembers.find((member) => (body[member] ?? null) !== null);
  if (stored !== undefined) return `the stored context that "${stored}" names`;
  if (items.some((item) => inputType(item) === "item_reference"))
    return "the stored items that an item_reference names";
  const isImage = arrayOf(body["tools"]).some((tool) => objectOf(tool)["type"] === "image_generation");
  return isImage ? "generated images" : undefined;
}
