import { arrayOf, isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { type Drop, refusal } from "../notes.ts";
import { dropOthers } from "./notes.ts";

/** Function and custom tools, which are flat in responses and nested in chat. Throws for tools that the native service runs. */
export function toChatTools(tools: readonly JsonObject[], drop: Drop): JsonObject[] {
  return tools.map((tool, index) => toChatTool(tool, index, drop));
}

function toChatTool(tool: JsonObject, index: number, drop: Drop): JsonObject {
  const { type, name, description, parameters, strict, format } = tool;
  const described = { name, ...(typeof description === "string" ? { description } : {}) };
  if (type === "function") {
    dropOthers(tool, ["type", "name", "description", "parameters", "strict"], "tools[]", drop);
    return {
      type,
      function: {
        ...described,
        ...(isJsonObject(parameters) ? { parameters } : {}),
        ...(typeof strict === "boolean" ? { strict } : {}),
      },
    };
  }
  if (type === "custom") {
    dropOthers(tool, ["type", "name", "description", "format"], "tools[]", drop);
    return { type, custom: { ...described, ...toChatGrammar(objectOf(format)) } };
  }
  throw refusal(
    `tools[${index}]`,
    `A tool of the type ${JSON.stringify(type)} runs inside the native service, and the model's provider has none such.`,
    "Offer a function tool of your own, or ask a model whose provider speaks responses.",
  );
}

function toChatGrammar({ type, syntax, definition }: JsonObject): JsonObject {
  if (type === "grammar") return { format: { type, grammar: { syntax, definition } } };
  return type === undefined ? {} : { format: { type } };
}

/** `tool_choice` of a chat request. */
export function toToolChoice(choice: unknown): unknown {
  if (typeof choice === "string") return choice;
  const { type, mode, tools } = objectOf(choice);
  if (type === "allowed_tools")
    return { type, allowed_tools: { mode, tools: arrayOf(tools).map((tool) => named(objectOf(tool))) } };
  return named(objectOf(choice));
}

function named({ type, name }: JsonObject): JsonObject {
  if (type === "function" || type === "custom") return { type, [type]: { name } };
  throw refusal(
    "tool_choice",
    `"tool_choice" asks for ${JSON.stringify(stringOf(type))}, a tool that runs inside the native service.`,
    "Known: auto, none, required, a function or custom tool by name, allowed_tools.",
  );
}
