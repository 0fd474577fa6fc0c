import { isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { noteUnknown, refuse } from "./notes.ts";
import { isStrictSchema } from "./strict-schema.ts";
import { shortName } from "./tool-names.ts";

const toolMembers = new Set(["type", "name", "description", "input_schema", "strict"]);

/** A tool that the client runs, as a function. Tools that a vendor defines or runs itself are refused. */
export function toFunctionTool(tool: JsonObject, dropped: Set<string>): JsonObject {
  const type = stringOf(tool["type"]) || "custom";
  const name = stringOf(tool["name"]);
  if (type !== "custom") {
    refuse(
      "tools",
      `The tool "${name || type}" is of type "${type}", which this model's provider does not know. Define it yourself with a name and an "input_schema", leave it out, or ask for a model whose provider speaks messages.`,
    );
  }
  noteUnknown(tool, toolMembers, "tools[]", dropped);
  const parameters = isJsonObject(tool["input_schema"]) ? tool["input_schema"] : { type: "object", properties: {} };
  const isStrict = tool["strict"] === true && isStrictSchema(parameters);
  if (tool["strict"] === true && !isStrict) dropped.add("tools[].strict");
  const description = stringOf(tool["description"]);
  return {
    type: "function",
    function: {
      name: shortName(name),
      ...(description === "" ? {} : { description }),
      parameters,
      ...(isStrict ? { strict: true } : {}),
    },
  };
}

/** Which tool must be called, and whether several may be at once. */
export function toToolChoice(choice: unknown): JsonObject {
  const { type, name, disable_parallel_tool_use: isAlone } = objectOf(choice);
  return {
    ...(type === undefined ? {} : { tool_choice: chosen(type, stringOf(name)) }),
    ...(isAlone === true ? { parallel_tool_calls: false } : {}),
  };
}

function chosen(type: unknown, name: string): unknown {
  switch (type) {
    case "auto":
    case "none":
      return type;
    case "any":
      return "required";
    case "tool":
      return { type: "function", function: { name: shortName(name) } };
    default:
      return refuse(
        "tool_choice",
        `The request's tool_choice is of type ${JSON.stringify(type)}. Known: auto, any, tool, none.`,
      );
  }
}
