import { arrayOf, isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { cacheControl } from "./content-blocks.ts";
import { toEnforcedSchema } from "./enforced-schema.ts";
import { type Drop, refusal } from "../notes.ts";
import { wrappedTextSchema } from "./tool-input.ts";

/** What the model may call, and what the reply must know of it. */
export interface OfferedTools {
  /** `tools` and `tool_choice` for the request. */
  readonly members: JsonObject;
  /** Names of the tools that take text. */
  readonly custom: ReadonlySet<string>;
  /** True for a client that speaks of `functions`, and reads `function_call`. */
  readonly isLegacy: boolean;
  /** True when the model must call a tool. */
  readonly isForced: boolean;
}

/** Reads `tools`, `tool_choice` and `parallel_tool_calls`, or their predecessors `functions` and `function_call`. */
export function toTools(body: JsonObject, drop: Drop): OfferedTools {
  const functions = arrayOf(body["functions"]).map((described) => ({ type: "function", function: described }));
  const isLegacy = functions.length > 0 && arrayOf(body["tools"]).length === 0;
  const given: readonly JsonObject[] = isLegacy ? functions : arrayOf(body["tools"]).map(objectOf);
  const { choice, allowed } = readChoice(isLegacy ? legacyChoice(body["function_call"]) : body["tool_choice"]);
  const tools = given
    .map((tool, index) => toTool(tool, index, drop))
    .filter(({ name }) => allowed?.has(stringOf(name)) ?? true);
  const isOne = body["parallel_tool_calls"] === false || isLegacy;
  return {
    members: tools.length === 0 ? {} : { tools, ...choiceMember(choice, isOne) },
    custom: new Set(given.filter(isCustom).map((tool) => stringOf(objectOf(tool["custom"])["name"]))),
    isLegacy,
    isForced: tools.length > 0 && (choice?.["type"] === "any" || choice?.["type"] === "tool"),
  };
}

/** `isOne` says that only one tool may be called at a time, which is part of the choice in this dialect. */
function choiceMember(choice: JsonObject | undefined, isOne: boolean): JsonObject {
  if (!isOne || choice?.["type"] === "none") return choice ? { tool_choice: choice } : {};
  return { tool_choice: { ...(choice ?? { type: "auto" }), disable_parallel_tool_use: true } };
}

function isCustom(tool: JsonObject): boolean {
  return tool["type"] === "custom";
}

function toTool(tool: JsonObject, index: number, drop: Drop): JsonObject {
  const param = `tools[${index}]`;
  if (isCustom(tool)) return toCustomTool(objectOf(tool["custom"]), tool, param, drop);
  if (!isJsonObject(tool["function"])) {
    throw refusal(
      param,
      `"${param}" is of the type ${JSON.stringify(tool["type"])}, which the model's provider does not offer here.`,
      "Tools of the types function and custom can be translated.",
    );
  }
  const { name, description, parameters, strict } = tool["function"];
  return {
    name,
    ...(typeof description === "string" ? { description } : {}),
    ...inputSchema(parameters, strict, drop),
    ...cacheControl(tool, "tools[]", drop),
    ...cacheControl(tool["function"], "tools[].function", drop),
  };
}

function inputSchema(parameters: unknown, strict: unknown, drop: Drop): JsonObject {
  const schema = { type: "object", ...(isJsonObject(parameters) ? parameters : { properties: {} }) };
  if (strict !== true) return { input_schema: schema };
  return { input_schema: toEnforcedSchema(schema, "tools[].function.parameters", drop), strict };
}

/** A tool that takes text is offered as one that takes a single string. A grammar for that text has no equivalent. */
function toCustomTool(custom: JsonObject, tool: JsonObject, param: string, drop: Drop): JsonObject {
  if (objectOf(custom["format"])["type"] === "grammar") {
    throw refusal(
      `${param}.custom.format`,
      `"${param}" holds the model to a grammar, which its provider cannot do.`,
      "Describe the format in words, or use a function tool with a schema.",
    );
  }
  const { name, description } = custom;
  return {
    name,
    ...(typeof description === "string" ? { description } : {}),
    input_schema: wrappedTextSchema,
    ...cacheControl(tool, "tools[]", drop),
  };
}

interface Choice {
  readonly choice: JsonObject | undefined;
  /** Names of the tools that may be called, where not all may. */
  readonly allowed?: ReadonlySet<string>;
}

const plainChoices = new Map([
  ["auto", "auto"],
  ["none", "none"],
  ["required", "any"],
]);

function readChoice(given: unknown): Choice {
  if (given === undefined || given === null) return { choice: undefined };
  const plain = plainChoices.get(stringOf(given));
  if (plain !== undefined) return { choice: { type: plain } };
  const { type, allowed_tools, ...named } = objectOf(given);
  if (type === "allowed_tools") return allowedChoice(objectOf(allowed_tools));
  const { name } = objectOf(named["function"] ?? named["custom"]);
  if (typeof name === "string") return { choice: { type: "tool", name } };
  throw refusal(
    "tool_choice",
    `"tool_choice" is ${JSON.stringify(given).slice(0, 80)}.`,
    'Known: "auto", "none", "required", a tool by name, allowed_tools.',
  );
}

/** Only the allowed tools are offered, which comes to the same. */
function allowedChoice({ mode, tools }: JsonObject): Choice {
  const names = arrayOf(tools)
    .map(objectOf)
    .map((tool) => stringOf(objectOf(tool["function"] ?? tool["custom"])["name"]));
  return { choice: { type: mode === "required" ? "any" : "auto" }, allowed: new Set(names) };
}

function legacyChoice(given: unknown): unknown {
  return isJsonObject(given) ? { type: "function", function: given } : given;
}
