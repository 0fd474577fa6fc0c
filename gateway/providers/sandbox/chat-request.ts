import { z } from "zod";
import type { SandboxMessage, SandboxRequest, SandboxTool } from "./request.ts";

const part = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(part)]).nullish();
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content,
});
const tool = z.looseObject({
  type: z.string().default("function"),
  function: z.looseObject({ name: z.string(), parameters: z.unknown() }).optional(),
});

/** What the sandbox reads of a chat completions request. */
export const chatRequest = z.looseObject({
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union([z.string(), z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })])
    .nullish(),
});

type ChatRequest = z.output<typeof chatRequest>;

export function toChatRequest(body: ChatRequest): SandboxRequest {
  const isSystem = (role: string) => role === "system" || role === "developer";
  return {
    wire: "chat",
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    choices: body.n ?? 1,
    system: body.messages
      .filter(({ role }) => isSystem(role))
      .map((each) => textOf(each.content))
      .join("\n\n"),
    messages: body.messages.filter(({ role }) => !isSystem(role)).map(toMessage),
    tools: toolsOf(body),
  };
}

function toMessage({ role, content: given }: z.output<typeof message>): SandboxMessage {
  const text = textOf(given);
  const isToolResult = role === "tool" || role === "function";
  return isToolResult ? { role, text: "", passages: [text], isToolResult } : { role, text, passages: [], isToolResult };
}

function textOf(given: z.output<typeof content>): string {
  if (typeof given === "string") return given;
  return (given ?? []).map(({ text, refusal }) => text ?? refusal ?? "").join("\n");
}

function toolsOf({ tools, tool_choice: choice }: ChatRequest): readonly SandboxTool[] {
  if (choice === "none") return [];
  const wanted = typeof choice === "object" ? choice?.function?.name : undefined;
  return (tools ?? [])
    .flatMap(({ function: declared }) => (declared ? [{ name: declared.name, schema: declared.parameters }] : []))
    .filter(({ name }) => wanted === undefined || name === wanted);
}
