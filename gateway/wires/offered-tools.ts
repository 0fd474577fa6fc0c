import type { Sample } from "../../evaluators/index.ts";
import { isJsonObject, type JsonObject, objectOf, stringOf } from "./json.ts";

type OfferedTool = NonNullable<Sample["tools"]>[number];

/**
 * The tools of a request, whatever its dialect, as evaluators know them. A tool that the vendor runs has the name of its type
 * where it has no other. What has no name at all cannot be called and is left out; of two with the same name the later counts.
 */
export function offeredTools(definitions: readonly unknown[]): OfferedTool[] {
  const tools = definitions.map(toTool).filter(({ name }) => name !== "");
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}

function toTool(definition: unknown): OfferedTool {
  const outer = objectOf(definition);
  const described = [outer["function"], outer["custom"], outer].find(isJsonObject) ?? {};
  const description = stringOf(described["description"]);
  return {
    name: stringOf(described["name"]) || stringOf(outer["type"]),
    ...(description === "" ? {} : { description }),
    ...takenBy(described, stringOf(outer["type"])),
  };
}

/** What a tool takes. Custom tools without a schema take text, and what the vendor defines is known to the vendor alone. */
function takenBy(described: JsonObject, type: string): Pick<OfferedTool, "parameters" | "arguments"> {
  const parameters = described["parameters"] ?? described["input_schema"];
  if (isJsonObject(parameters)) return { parameters };
  if (type === "custom") return { arguments: "text" };
  return type === "" || type === "function" ? {} : { parameters: { type: "object" } };
}
