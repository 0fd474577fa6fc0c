import type { Answer } from "./answer.ts";
import { answerFromContext } from "./answer-from-context.ts";
import { exampleOf } from "./example-of.ts";
import type { SandboxRequest } from "./request.ts";

/** Calls the first tool with arguments that its schema allows, and answers from the result once that is there. */
export function toolCallFor(request: SandboxRequest): Answer {
  if (request.messages.at(-1)?.isToolResult) return { text: answerFromContext(request) };
  const [tool] = request.tools;
  if (tool === undefined)
    return { text: "This is Proctor's offline sandbox: it was to call a tool, and the request offers none." };
  return { tool: tool.name, arguments: JSON.stringify(exampleOf(tool.schema)) };
}
